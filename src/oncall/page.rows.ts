import type { Tx } from '../engine/world.ts'
import type { PagesTable } from '../store/schema/oncall.ts'
import { type Reader, touched } from '../store/store.ts'
import type { Page, PageState } from './page.ts'

function readPage(row: PagesTable): Page {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind as Page['kind'],
    alertId: row.alert_id,
    escalationId: row.escalation_id,
    paging: row.paging,
    round: row.round,
    step: row.step,
    stepName: row.step_name,
    personId: row.person_id,
    personName: row.person_name,
    contactId: row.contact_id,
    channel: row.channel,
    state: row.state as PageState,
    reason: row.reason,
    queuedAt: row.queued_at,
    settledAt: row.settled_at,
    attempts: row.attempts,
  }
}

/** One page, or null. */
export async function findPage(db: Reader, id: string): Promise<Page | null> {
  const row = await db.selectFrom('pages').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readPage(row) : null
}

/** The page with this key, or null. */
export async function findPageByKey(db: Reader, key: string): Promise<Page | null> {
  const row = await db.selectFrom('pages').selectAll().where('key', '=', key).executeTakeFirst()
  return row ? readPage(row) : null
}

/** The page whose acknowledgement link has this hash, or null. */
export async function findPageByHash(db: Reader, ackHash: string): Promise<Page | null> {
  const row = await db.selectFrom('pages').selectAll().where('ack_hash', '=', ackHash).executeTakeFirst()
  return row ? readPage(row) : null
}

/** Every page of an alert, in the order in which they were queued. */
export async function pagesOfAlert(db: Reader, alertId: string): Promise<Page[]> {
  const rows = await db
    .selectFrom('pages')
    .selectAll()
    .where('alert_id', '=', alertId)
    .orderBy('paging')
    .orderBy('id')
    .execute()
  return rows.map(readPage)
}

/** One page of the list of pages, the newest first. */
export async function listPages(
  db: Reader,
  filter: { alertId?: string; cursor?: string; limit?: number } = {},
): Promise<{ items: Page[]; next: string | null }> {
  const limit = filter.limit ?? 100
  let query = db.selectFrom('pages').selectAll()
  if (filter.alertId) query = query.where('alert_id', '=', filter.alertId)
  if (filter.cursor) query = query.where('id', '<', filter.cursor)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(readPage)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/** Writes a new page; answers false when its key exists already. */
export async function insertPage(tx: Tx, page: Page, ackHash: string): Promise<boolean> {
  const result = await tx.db
    .insertInto('pages')
    .values({
      id: page.id,
      key: page.key,
      kind: page.kind,
      alert_id: page.alertId,
      escalation_id: page.escalationId,
      paging: page.paging,
      round: page.round,
      step: page.step,
      step_name: page.stepName,
      person_id: page.personId,
      person_name: page.personName,
      contact_id: page.contactId,
      channel: page.channel,
      state: page.state,
      reason: page.reason,
      ack_hash: ackHash,
      queued_at: page.queuedAt,
      settled_at: null,
      attempts: 0,
    })
    .onConflict((c) => c.column('key').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Ends a queued page; answers whether it was queued. */
export async function settlePage(
  tx: Tx,
  id: string,
  end: { state: Exclude<PageState, 'queued'>; reason: string; attempts?: number },
): Promise<boolean> {
  const result = await tx.db
    .updateTable('pages')
    .set({
      state: end.state,
      reason: end.reason,
      settled_at: tx.now,
      ...(end.attempts === undefined ? {} : { attempts: end.attempts }),
    })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return touched(result) > 0
}

/** Notes an attempt that will be repeated. */
export async function noteAttempt(tx: Tx, id: string, attempts: number, reason: string): Promise<void> {
  await tx.db
    .updateTable('pages')
    .set({ attempts, reason })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute()
}

/** The key `name` of this installation, made on first use. */
export async function installationKey(tx: Tx, name: string, fresh: string): Promise<string> {
  await tx.db
    .insertInto('oncall_keys')
    .values({ name, value: fresh, created_at: tx.now })
    .onConflict((c) => c.column('name').doNothing())
    .execute()
  return (await readKey(tx.db, name))!
}

/** The key `name`, or null before its first use. */
export async function readKey(db: Reader, name: string): Promise<string | null> {
  const row = await db.selectFrom('oncall_keys').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}
