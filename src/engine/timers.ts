import { MINUTE, SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { parseJson } from '../kit/json.ts'
import type { Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import { giveWay } from './give-way.ts'
import type { Loop } from './loop.ts'
import { remember } from './remember.ts'
import type { Tx, World } from './world.ts'

/** A durable timer: survives restarts, fires at least once, and its effects happen exactly once. */
export interface Timer<Payload = unknown> {
  key: string
  kind: string
  dueAt: number
  payload: Payload
}

/** Runs in the transaction that also removes the timer; may set it anew under the same key. */
export type TimerHandler = (tx: Tx, world: World, timer: Timer<never>) => Promise<void>

/** Sets or moves the timer with this key. */
export async function setTimer(
  tx: Tx,
  timer: { key: string; kind: string; dueAt: number; payload?: unknown },
): Promise<void> {
  const payload = JSON.stringify(timer.payload ?? {})
  tx.wakes = true
  await tx.db
    .insertInto('timers')
    .values({
      key: timer.key,
      kind: timer.kind,
      due_at: timer.dueAt,
      payload,
      version: 1,
      attempts: 0,
      last_error: null,
    })
    .onConflict((c) =>
      c.column('key').doUpdateSet((eb) => ({
        kind: timer.kind,
        due_at: timer.dueAt,
        payload,
        version: eb('timers.version', '+', 1),
        attempts: 0,
        last_error: null,
      })),
    )
    .execute()
}

const TIMERS_AT_ONCE = 500

/** Sets or moves many timers of one kind in few statements. */
export async function setTimers(
  tx: Tx,
  timers: readonly { key: string; kind: string; dueAt: number; payload?: unknown }[],
): Promise<void> {
  if (timers.length > 0) tx.wakes = true
  for (let i = 0; i < timers.length; i += TIMERS_AT_ONCE) {
    const values = timers.slice(i, i + TIMERS_AT_ONCE).map(({ key, kind, dueAt, payload }) => ({
      key,
      kind,
      due_at: dueAt,
      payload: JSON.stringify(payload ?? {}),
      version: 1,
      attempts: 0,
      last_error: null,
    }))
    await tx.db
      .insertInto('timers')
      .values(values)
      .onConflict((c) =>
        c.column('key').doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          due_at: eb.ref('excluded.due_at'),
          payload: eb.ref('excluded.payload'),
          version: eb('timers.version', '+', 1),
          attempts: 0,
          last_error: null,
        })),
      )
      .execute()
  }
}

/** Takes the timer back; nothing happens when it is not set. */
export async function cancelTimer(tx: Tx, key: string): Promise<void> {
  await tx.db.deleteFrom('timers').where('key', '=', key).execute()
}

/** The timer with this key, or null. */
export async function findTimer(db: Reader, key: string): Promise<Timer | null> {
  const row = await db.selectFrom('timers').selectAll().where('key', '=', key).executeTakeFirst()
  return row ? { key: row.key, kind: row.kind, dueAt: row.due_at, payload: parseJson(row.payload) } : null
}

const BATCH = 100

function backoff(attempts: number): number {
  return Math.min(5 * MINUTE, SECOND * 2 ** attempts)
}

/** Fires due timers, earliest first, each in one transaction; a failing one is tried again later. */
export function timerLoop(world: World, handlers: Map<string, TimerHandler>): Loop {
  async function fire(row: {
    key: string
    kind: string
    version: number
    attempts: number
  }): Promise<boolean> {
    try {
      return await world.transact(async (tx) => {
        const claimed = await tx.db
          .deleteFrom('timers')
          .where('key', '=', row.key)
          .where('version', '=', row.version)
          .where('due_at', '<=', tx.now)
          .returningAll()
          .executeTakeFirst()
        if (!claimed) return false
        const handler = handlers.get(claimed.kind)
        if (!handler) throw new Error(`no room handles the timer kind "${claimed.kind}"`)
        await handler(tx, world, {
          key: claimed.key,
          kind: claimed.kind,
          dueAt: claimed.due_at,
          payload: parseJson(claimed.payload) as never,
        })
        return true
      })
    } catch (error) {
      world.log.error({ timer: row.key, error: reasonOf(error) }, 'a timer failed and will be tried again')
      await world.transact(async (tx) => {
        await tx.db
          .updateTable('timers')
          .set((eb) => ({
            due_at: tx.now + backoff(row.attempts),
            attempts: eb('attempts', '+', 1),
            version: eb('version', '+', 1),
            last_error: reasonOf(error),
          }))
          .where('key', '=', row.key)
          .where('version', '=', row.version)
          .execute()
      })
      return false
    }
  }
  const earliest = remember(world, async () => {
    const row = await world.store.read
      .selectFrom('timers')
      .select('due_at')
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst()
    return row?.due_at ?? null
  })
  return {
    name: 'timers',
    nextDueAt: earliest.get,
    async runDue() {
      const next = await earliest.get()
      if (next === null || next > world.clock.now()) return 0
      earliest.forget()
      const rows = await world.store.read
        .selectFrom('timers')
        .select(['key', 'kind', 'version', 'attempts'])
        .where('due_at', '<=', world.clock.now())
        .orderBy('due_at')
        .orderBy('key')
        .limit(BATCH)
        .execute()
      let fired = 0
      for (const row of rows) {
        await giveWay()
        if (await fire(row)) fired++
      }
      return fired
    },
  }
}

/** Rows touched, for compare-and-set in the rooms. */
export { touched }
