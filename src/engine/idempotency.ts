import { createHash } from 'node:crypto'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { canonicalJson } from '../kit/json.ts'
import { touched } from '../store/store.ts'
import type { World } from './world.ts'

/** How long an answer can be asked for again. */
export const IDEMPOTENCY_KEPT = 24 * HOUR
// A request that did not finish in this time died with its process.
const ABANDONED = MINUTE

/** What a repeated request finds. */
export type IdempotencyClaim =
  | { state: 'new' }
  | { state: 'running' }
  | { state: 'mismatch' }
  /** `body` is null where the answer held a secret and was not kept. */
  | { state: 'done'; status: number; body: string | null }

/** What makes two requests the same one. */
export function hashRequest(request: unknown): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex')
}

/** Takes the key for this request, or says what became of the request that has it. */
export function claimKey(world: World, key: string, requestHash: string): Promise<IdempotencyClaim> {
  return world.transact(async (tx) => {
    await tx.db
      .deleteFrom('idempotency')
      .where('created_at', '<', tx.now - IDEMPOTENCY_KEPT)
      .execute()
    await tx.db
      .deleteFrom('idempotency')
      .where('key', '=', key)
      .where('status', '=', 0)
      .where('created_at', '<', tx.now - ABANDONED)
      .execute()
    const inserted = await tx.db
      .insertInto('idempotency')
      .values({ key, request_hash: requestHash, status: 0, body: '', created_at: tx.now })
      .onConflict((c) => c.column('key').doNothing())
      .executeTakeFirst()
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0n) > 0) return { state: 'new' }
    const row = await tx.db
      .selectFrom('idempotency')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    if (row.request_hash !== requestHash) return { state: 'mismatch' }
    if (row.status === 0) return { state: 'running' }
    return { state: 'done', status: row.status, body: row.body === '' ? null : row.body }
  })
}

/** Keeps the answer; without a body only that it was done. Answers whether the key was still ours. */
export function keepAnswer(
  world: World,
  key: string,
  answer: { status: number; body: string | null },
): Promise<boolean> {
  return world.transact(async (tx) => {
    const updated = await tx.db
      .updateTable('idempotency')
      .set({ status: answer.status, body: answer.body ?? '' })
      .where('key', '=', key)
      .where('status', '=', 0)
      .executeTakeFirst()
    return touched(updated) > 0
  })
}

/** Gives the key back: the request came to nothing, so that it may be tried again. */
export function releaseKey(world: World, key: string): Promise<void> {
  return world.transact(async (tx) => {
    await tx.db.deleteFrom('idempotency').where('key', '=', key).where('status', '=', 0).execute()
  })
}
