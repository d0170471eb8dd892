import type { Tx } from '../../engine/world.ts'
import { newId } from '../../kit/ids.ts'
import type { ActionNoticesTable } from '../../store/schema/action-follow-up.ts'
import type { Reader } from '../../store/store.ts'
import type { Chase, NoticeReason } from './reminders.rules.ts'

/** A reminder of one action to one person, and what became of it. */
export interface Notice {
  id: string
  actionId: string
  personId: string
  reason: NoticeReason
  aboutAt: number
  state: ActionNoticesTable['state']
  channel: string | null
  detail: string
  createdAt: number
  settledAt: number | null
}

function readNotice(row: ActionNoticesTable): Notice {
  return {
    id: row.id,
    actionId: row.action_id,
    personId: row.person_id,
    reason: row.reason as NoticeReason,
    aboutAt: row.about_at,
    state: row.state,
    channel: row.channel,
    detail: row.detail,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  }
}

/** From when on the dates of an action are chased; null before they were looked at. */
export async function findChase(db: Reader, actionId: string): Promise<Chase | null> {
  const row = await db
    .selectFrom('action_chases')
    .selectAll()
    .where('action_id', '=', actionId)
    .executeTakeFirst()
  return row
    ? {
        dueAt: row.due_at,
        dueFrom: row.due_from,
        promisedAt: row.promised_at,
        promiseFrom: row.promise_from,
      }
    : null
}

export async function writeChase(tx: Tx, actionId: string, chase: Chase): Promise<void> {
  const values = {
    due_at: chase.dueAt,
    due_from: chase.dueFrom,
    promised_at: chase.promisedAt,
    promise_from: chase.promiseFrom,
  }
  await tx.db
    .insertInto('action_chases')
    .values({ action_id: actionId, ...values })
    .onConflict((c) => c.column('action_id').doUpdateSet(values))
    .execute()
}

/** Actions that wait and have a date, by id: those after `after`, or those that nobody has looked at yet. */
export async function actionsToChase(
  db: Reader,
  which: { after: string } | 'new',
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('actions')
    .leftJoin('action_chases', 'action_chases.action_id', 'actions.id')
    .select('actions.id')
    .where('actions.state', 'not in', ['proved', 'dropped'])
    .$if(which === 'new', (q) =>
      q.where('action_chases.action_id', 'is', null).where('actions.due_at', 'is not', null),
    )
    .$if(which !== 'new', (q) =>
      q
        .where('actions.id', '>', (which as { after: string }).after)
        .where('action_chases.action_id', 'is not', null),
    )
    .orderBy('actions.id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Writes a reminder down; false when the person has heard, or is to hear, just that. */
export async function insertNotice(
  tx: Tx,
  notice: { key: string; actionId: string; personId: string; reason: NoticeReason; aboutAt: number },
): Promise<boolean> {
  const result = await tx.db
    .insertInto('action_notices')
    .values({
      id: newId(tx.now),
      key: notice.key,
      action_id: notice.actionId,
      person_id: notice.personId,
      reason: notice.reason,
      about_at: notice.aboutAt,
      state: 'waiting',
      batch: null,
      channel: null,
      detail: '',
      created_at: tx.now,
      settled_at: null,
    })
    .onConflict((c) => c.column('key').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** What waits for a person, the oldest first. */
export async function waitingNotices(db: Reader, personId: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom('action_notices')
    .selectAll()
    .where('person_id', '=', personId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute()
  return rows.map(readNotice)
}

/** What goes out with one message. */
export async function noticesOfBatch(db: Reader, batch: string): Promise<Notice[]> {
  const rows = await db
    .selectFrom('action_notices')
    .selectAll()
    .where('batch', '=', batch)
    .where('state', '=', 'queued')
    .orderBy('id')
    .execute()
  return rows.map(readNotice)
}

export async function queueNotices(tx: Tx, ids: readonly string[], batch: string): Promise<void> {
  await tx.db
    .updateTable('action_notices')
    .set({ state: 'queued', batch })
    .where('id', 'in', [...ids])
    .where('state', '=', 'waiting')
    .execute()
}

export async function settleNotice(
  tx: Tx,
  id: string,
  end: { state: 'sent' | 'failed' | 'dropped'; channel?: string | null; detail: string },
): Promise<void> {
  await tx.db
    .updateTable('action_notices')
    .set({ state: end.state, channel: end.channel ?? null, detail: end.detail, settled_at: tx.now })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'queued'])
    .execute()
}

/** The reminders of one action, the newest first. */
export async function listNotices(db: Reader, actionId: string, limit = 50): Promise<Notice[]> {
  const rows = await db
    .selectFrom('action_notices')
    .selectAll()
    .where('action_id', '=', actionId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(readNotice)
}
