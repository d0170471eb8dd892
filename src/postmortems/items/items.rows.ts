import type { Tx } from '../../engine/world.ts'
import type { PostmortemItemsTable } from '../../store/schema/postmortems.ts'
import { type Reader, touched } from '../../store/store.ts'
import type { ActionState } from '../postmortem.ts'
import type { Item, LuckState } from './item.ts'

function toItem(row: PostmortemItemsTable): Item {
  return {
    id: row.id,
    postmortemId: row.postmortem_id,
    kind: row.kind,
    text: row.text,
    position: row.position,
    inText: row.in_text === 1,
    state: row.state,
    reason: row.reason,
    since: row.since,
    actionId: row.action_id,
    acceptedBy: row.accepted_by,
    acceptedByName: row.accepted_by_name,
    acceptedUntil: row.accepted_until,
    createdAt: row.created_at,
  }
}

/** Every item that a post-mortem has or had, as its text orders them. */
export async function listItems(db: Reader, postmortemId: string): Promise<Item[]> {
  const rows = await db
    .selectFrom('postmortem_items')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('in_text', 'desc')
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(toItem)
}

export async function findItem(db: Reader, id: string): Promise<Item | null> {
  const row = await db.selectFrom('postmortem_items').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toItem(row) : null
}

/** The items that became this action. */
export async function itemsOfAction(db: Reader, actionId: string): Promise<Item[]> {
  const rows = await db
    .selectFrom('postmortem_items')
    .selectAll()
    .where('action_id', '=', actionId)
    .orderBy('id')
    .execute()
  return rows.map(toItem)
}

export async function insertItem(tx: Tx, item: Item): Promise<void> {
  await tx.db
    .insertInto('postmortem_items')
    .values({
      id: item.id,
      postmortem_id: item.postmortemId,
      kind: item.kind,
      text: item.text,
      position: item.position,
      in_text: item.inText ? 1 : 0,
      state: item.state,
      reason: item.reason,
      since: item.since,
      action_id: item.actionId,
      accepted_by: item.acceptedBy,
      accepted_by_name: item.acceptedByName,
      accepted_until: item.acceptedUntil,
      created_at: item.createdAt,
    })
    .execute()
}

/** Where it stands in the text, and how it reads there. */
export async function placeItem(
  tx: Tx,
  id: string,
  place: { inText: false } | { inText: true; text: string; position: number },
): Promise<void> {
  await tx.db
    .updateTable('postmortem_items')
    .set(place.inText ? { in_text: 1, text: place.text, position: place.position } : { in_text: 0 })
    .where('id', '=', id)
    .execute()
}

/** Compare-and-set of the state; false when it was another one by then. */
export async function moveItem(
  tx: Tx,
  id: string,
  from: LuckState,
  set: {
    state: LuckState
    reason: string
    actionId?: string
    accepted?: { by: string; byName: string; until: number } | null
  },
): Promise<boolean> {
  const { state, reason, actionId, accepted } = set
  const updated = await tx.db
    .updateTable('postmortem_items')
    .set({
      ...{ state, reason, since: tx.now },
      ...(actionId === undefined ? {} : { action_id: actionId }),
      ...(accepted === undefined
        ? {}
        : {
            accepted_by: accepted?.by ?? null,
            accepted_by_name: accepted?.byName ?? null,
            accepted_until: accepted?.until ?? null,
          }),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst()
  return touched(updated) === 1
}

/** Notes from which version of the text its items were read. */
export async function noteItemsRead(tx: Tx, postmortemId: string, version: number): Promise<void> {
  await tx.db
    .updateTable('postmortems')
    .set({ items_version: version })
    .where('id', '=', postmortemId)
    .where('items_version', '<', version)
    .execute()
}

/** Post-mortems whose newest text has not been read for items. */
export async function unreadPostmortems(db: Reader, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('postmortems')
    .select('id')
    .whereRef('items_version', '<', 'version')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** A risk with where it was met and what became of it. */
export interface Luck extends Item {
  postmortemTitle: string
  actionTitle: string | null
  actionState: ActionState | null
}

export interface LuckQuery {
  state?: LuckState
  limit?: number
  /** The id after which the page begins. */
  before?: string
}

/** Where we got lucky, over all post-mortems, the newest first; what a text dropped before anybody took it up is gone. */
export async function listLuck(db: Reader, query: LuckQuery = {}): Promise<Luck[]> {
  const rows = await db
    .selectFrom('postmortem_items')
    .innerJoin('postmortems', 'postmortems.id', 'postmortem_items.postmortem_id')
    .leftJoin('actions', 'actions.id', 'postmortem_items.action_id')
    .selectAll('postmortem_items')
    .select([
      'postmortems.title as postmortem_title',
      'actions.title as action_title',
      'actions.state as action_state',
    ])
    .where('postmortem_items.kind', '=', 'lucky')
    .where((eb) => eb.or([eb('in_text', '=', 1), eb('postmortem_items.state', '<>', 'open')]))
    .$if(query.state !== undefined, (q) => q.where('postmortem_items.state', '=', query.state!))
    .$if(query.before !== undefined, (q) => q.where('postmortem_items.id', '<', query.before!))
    .orderBy('postmortem_items.id', 'desc')
    .limit(query.limit ?? 100)
    .execute()
  return rows.map((row) => ({
    ...toItem(row),
    postmortemTitle: row.postmortem_title,
    actionTitle: row.action_title,
    actionState: row.action_state,
  }))
}
