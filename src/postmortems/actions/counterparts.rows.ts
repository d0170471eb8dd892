import type { Tx } from '../../engine/world.ts'
import type { ActionCounterpartsTable } from '../../store/schema/action-follow-up.ts'
import type { Reader } from '../../store/store.ts'

/** Who an action is with, where that is not ourselves. */
export interface Counterpart {
  kind: ActionCounterpartsTable['kind']
  name: string
  /** Their ticket, or its address. */
  reference: string | null
}

/** A date that a counterpart promised. */
export interface ActionPromise {
  id: string
  actionId: string
  counterpart: string
  promisedAt: number
  note: string
  actor: string
  actorName: string
  at: number
}

/** Who the action is with, or null. */
export async function findCounterpart(db: Reader, actionId: string): Promise<Counterpart | null> {
  return (await counterpartsOf(db, [actionId])).get(actionId) ?? null
}

/** Who these actions are with, by action. */
export async function counterpartsOf(
  db: Reader,
  actionIds: readonly string[],
): Promise<Map<string, Counterpart>> {
  if (actionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('action_counterparts')
    .selectAll()
    .where('action_id', 'in', [...actionIds])
    .execute()
  return new Map(rows.map(({ action_id, kind, name, reference }) => [action_id, { kind, name, reference }]))
}

/** Writes down who the action is with; null for nobody but us. */
export async function putCounterpart(
  tx: Tx,
  actionId: string,
  counterpart: Counterpart | null,
): Promise<void> {
  if (counterpart === null) {
    await tx.db.deleteFrom('action_counterparts').where('action_id', '=', actionId).execute()
    return
  }
  const values = { ...counterpart, since: tx.now }
  await tx.db
    .insertInto('action_counterparts')
    .values({ action_id: actionId, ...values })
    .onConflict((c) => c.column('action_id').doUpdateSet(values))
    .execute()
}

export async function insertPromise(tx: Tx, promise: ActionPromise): Promise<void> {
  await tx.db
    .insertInto('action_promises')
    .values({
      id: promise.id,
      action_id: promise.actionId,
      counterpart: promise.counterpart,
      promised_at: promise.promisedAt,
      note: promise.note,
      actor: promise.actor,
      actor_name: promise.actorName,
      at: promise.at,
    })
    .execute()
}

/** Every date that was ever promised for the action, the oldest first. */
export async function listPromises(db: Reader, actionId: string): Promise<ActionPromise[]> {
  return (await promisesOf(db, [actionId])).get(actionId) ?? []
}

/** Every date that was promised for these actions, by action, the oldest first. */
export async function promisesOf(
  db: Reader,
  actionIds: readonly string[],
): Promise<Map<string, ActionPromise[]>> {
  if (actionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('action_promises')
    .selectAll()
    .where('action_id', 'in', [...actionIds])
    .orderBy('id')
    .execute()
  const promises = rows.map((row) => ({
    id: row.id,
    actionId: row.action_id,
    counterpart: row.counterpart,
    promisedAt: row.promised_at,
    note: row.note,
    actor: row.actor,
    actorName: row.actor_name,
    at: row.at,
  }))
  return Map.groupBy(promises, (promise) => promise.actionId)
}

/** What holds at present: the newest promise of whoever the action is with now. */
export async function newestPromise(db: Reader, actionId: string): Promise<ActionPromise | null> {
  const counterpart = await findCounterpart(db, actionId)
  if (!counterpart) return null
  const newest = (await listPromises(db, actionId)).at(-1)
  return newest?.counterpart === counterpart.name ? newest : null
}
