import { sql } from 'kysely'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseJson } from '../kit/json.ts'
import type { OutboxTable } from '../store/schema/engine.ts'
import { touched } from '../store/store.ts'
import type { Loop } from './loop.ts'
import { remember } from './remember.ts'
import type { Tx, World } from './world.ts'

/** What a delivery came to: a value, also when it failed. */
export type Delivery =
  | { result: 'sent'; detail?: string }
  | { result: 'retry'; reason: string }
  | { result: 'refused'; reason: string }

export interface OutboxItem<Payload = unknown> {
  id: string
  kind: string
  key: string
  topic: string
  payload: Payload
  /** Counts from 1. */
  attempt: number
}

/** Does something outside, at least once; `settled` is told the end of it in the transaction that records it. */
export interface OutboxHandler {
  /** Outside any transaction; may take long, and must stop when the signal fires. */
  deliver: (world: World, item: OutboxItem<never>, signal: AbortSignal) => Promise<Delivery>
  /** After `sent`, `refused`, or the last attempt (reported as refused). */
  settled?: (tx: Tx, world: World, item: OutboxItem<never>, delivery: Delivery) => Promise<void>
  /** After `retry`, when another attempt will follow at `nextAt`. */
  delayed?: (tx: Tx, world: World, item: OutboxItem<never>, reason: string, nextAt: number) => Promise<void>
  /** Attempts before it counts as refused. */
  attempts: number
  /** How long one attempt may take, milliseconds. */
  timeoutMs: number
}

/** Queues something to be done outside, with this transaction; answers false when the key was queued before. */
export async function enqueue(
  tx: Tx,
  item: { kind: string; key: string; topic: string; payload: unknown; notBefore?: number },
): Promise<boolean> {
  tx.wakes = true
  const result = await tx.db
    .insertInto('outbox')
    .values({
      id: newId(tx.now),
      kind: item.kind,
      key: item.key,
      topic: item.topic,
      payload: JSON.stringify(item.payload),
      state: 'queued',
      attempts: 0,
      next_at: item.notBefore ?? tx.now,
      claimed_by: null,
      claimed_until: 0,
      created_at: tx.now,
      settled_at: null,
      last_error: null,
    })
    .onConflict((c) => c.column('key').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Cancels everything under the topic that has not been handed over yet; answers their keys. */
export async function cancelTopic(tx: Tx, topic: string): Promise<string[]> {
  const rows = await tx.db
    .updateTable('outbox')
    .set({ state: 'cancelled', settled_at: tx.now })
    .where('topic', '=', topic)
    .where('state', '=', 'queued')
    .returning('key')
    .execute()
  return rows.map((row) => row.key)
}

/** Forgets what was settled under the topic before then: for work that recurs as long as something lives. */
export async function forgetSettled(tx: Tx, topic: string, before: number): Promise<void> {
  await tx.db
    .deleteFrom('outbox')
    .where('topic', '=', topic)
    .where('state', 'in', ['sent', 'refused', 'cancelled'])
    .where('settled_at', '<', before)
    .execute()
}

const CONCURRENCY = 16
const CLAIM_SPARE = 5 * SECOND
// With every slot taken: how soon it is looked whether one fell free. A hanging target must not hold up the others.
const LOOK_AGAIN = 50

/** 2 s, 4 s, 8 s … up to 5 minutes. */
function backoff(attempts: number): number {
  return Math.min(5 * MINUTE, SECOND * 2 ** attempts)
}

/** Delivers what is queued; a claim that outlives its holder is delivered again. */
export function outboxLoop(world: World, handlers: Map<string, OutboxHandler>): Loop {
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  async function claim(room: number): Promise<OutboxItem[]> {
    const known = [...handlers.keys()]
    if (known.length === 0) return []
    return world.transact(async (tx) => {
      const due = await tx.db
        .selectFrom('outbox')
        .select(['id', 'kind'])
        .where('kind', 'in', known)
        .where('next_at', '<=', tx.now)
        .where((eb) =>
          eb.or([
            eb('state', '=', 'queued'),
            eb.and([eb('state', '=', 'sending'), eb('claimed_until', '<', tx.now)]),
          ]),
        )
        .orderBy('next_at')
        .orderBy('id')
        .limit(room)
        .$if(world.store.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
        .execute()
      const rows: OutboxTable[] = []
      for (const [kind, handler] of handlers) {
        const ids = due.filter((row) => row.kind === kind).map((row) => row.id)
        if (ids.length === 0) continue
        const claimed = await tx.db
          .updateTable('outbox')
          .set({
            state: 'sending',
            claimed_by: world.instance,
            // By its own kind: after a crash a page must not wait as long as a drill may take.
            claimed_until: tx.now + handler.timeoutMs + CLAIM_SPARE,
            attempts: sql<number>`attempts + 1`,
          })
          .where('id', 'in', ids)
          .returningAll()
          .execute()
        rows.push(...claimed)
      }
      return rows
        .sort((a, b) => a.next_at - b.next_at || (a.id < b.id ? -1 : 1))
        .map((row) => ({
          id: row.id,
          kind: row.kind,
          key: row.key,
          topic: row.topic,
          payload: parseJson(row.payload),
          attempt: row.attempts,
        }))
    })
  }

  async function attempt(item: OutboxItem, handler: OutboxHandler): Promise<Delivery> {
    const deadline = new AbortController()
    const cancel = world.clock.after(handler.timeoutMs, () => deadline.abort(new Error('timed out')))
    const signal = AbortSignal.any([deadline.signal, stopping.signal])
    try {
      return await Promise.race([
        handler.deliver(world, item as OutboxItem<never>, signal),
        new Promise<Delivery>((resolve) => {
          signal.addEventListener('abort', () =>
            resolve({ result: 'retry', reason: `no answer within ${handler.timeoutMs} ms` }),
          )
        }),
      ])
    } catch (error) {
      world.log.error({ item: item.key, error: reasonOf(error) }, 'a delivery broke')
      return { result: 'retry', reason: reasonOf(error) }
    } finally {
      cancel()
    }
  }

  /** Who stops in order leaves no claim behind, over which the next process would have to wait. */
  async function giveBack(ids: string[]): Promise<void> {
    if (ids.length === 0) return
    await world.transact(async (tx) => {
      await tx.db
        .updateTable('outbox')
        .set({ state: 'queued', claimed_by: null, claimed_until: 0 })
        .where('id', 'in', ids)
        .where('state', '=', 'sending')
        .where('claimed_by', '=', world.instance)
        .execute()
    })
  }

  async function deliver(item: OutboxItem): Promise<void> {
    const handler = handlers.get(item.kind)!
    let delivery = await attempt(item, handler)
    if (stopping.signal.aborted && delivery.result === 'retry') return giveBack([item.id])
    if (delivery.result === 'retry' && item.attempt >= handler.attempts)
      delivery = { result: 'refused', reason: `${delivery.reason} (after ${item.attempt} attempts)` }
    const end = delivery
    await world.transact(async (tx) => {
      const again = end.result === 'retry'
      const nextAt = tx.now + backoff(item.attempt)
      const updated = await tx.db
        .updateTable('outbox')
        .set({
          state: again ? 'queued' : end.result,
          next_at: nextAt,
          settled_at: again ? null : tx.now,
          last_error: 'reason' in end ? end.reason : null,
        })
        .where('id', '=', item.id)
        .where('state', '=', 'sending')
        .where('claimed_by', '=', world.instance)
        .executeTakeFirst()
      if (touched(updated) === 0) return
      if (again) await handler.delayed?.(tx, world, item as OutboxItem<never>, end.reason, nextAt)
      else await handler.settled?.(tx, world, item as OutboxItem<never>, end)
    })
  }

  // Asked before every claim: an empty claim would be a commit for nothing.
  async function somethingDue(): Promise<boolean> {
    const next = await earliest.get()
    return next !== null && next <= world.clock.now()
  }

  const earliest = remember(world, async (): Promise<number | null> => {
    if (handlers.size === 0) return null
    const known = [...handlers.keys()]
    const queued = await world.store.read
      .selectFrom('outbox')
      .select('next_at')
      .where('state', '=', 'queued')
      .where('kind', 'in', known)
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst()
    const stale = await world.store.read
      .selectFrom('outbox')
      .select('claimed_until')
      .where('state', '=', 'sending')
      .where('kind', 'in', known)
      .orderBy('claimed_until')
      .limit(1)
      .executeTakeFirst()
    const times = [queued?.next_at, stale ? stale.claimed_until + 1 : undefined].filter(
      (t) => t !== undefined,
    )
    return times.length > 0 ? Math.min(...times) : null
  })

  return {
    name: 'outbox',
    async nextDueAt() {
      if (stopping.signal.aborted) return null
      const next = await earliest.get()
      if (next === null || running.size < CONCURRENCY) return next
      return Math.max(next, world.clock.now() + LOOK_AGAIN)
    },
    async runDue() {
      if (running.size >= CONCURRENCY || stopping.signal.aborted || !(await somethingDue())) return 0
      earliest.forget()
      const items = await claim(CONCURRENCY - running.size)
      // Stopped while it was claiming: who stops waits for what runs already, so nothing may begin now.
      if (stopping.signal.aborted) {
        await giveBack(items.map((item) => item.id))
        return 0
      }
      for (const item of items) {
        const work = deliver(item)
          .catch((error) =>
            world.log.error({ item: item.key, error: reasonOf(error) }, 'a delivery was not recorded'),
          )
          .finally(() => running.delete(item.id))
        running.set(item.id, work)
      }
      return items.length
    },
    async settle() {
      while (running.size > 0) await Promise.all(running.values())
    },
    async stop() {
      stopping.abort(new Error('stopping'))
      await Promise.all(running.values())
    },
  }
}
