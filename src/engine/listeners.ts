import { MINUTE, SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { type Reader, touched } from '../store/store.ts'
import { defineFact, type Fact, factsAfter, lastSeq } from './facts.ts'
import { giveWay } from './give-way.ts'
import type { Loop } from './loop.ts'
import { remember } from './remember.ts'
import type { Listener } from './room.ts'
import { systemActor, type World } from './world.ts'

/** A listener could not digest a fact and went on without it; a person must look. */
export const factParked = defineFact<{ listener: string; seq: number; factType: string; error: string }>(
  'engine.fact-parked',
)

const BATCH = 200
const ATTEMPTS = 6

function backoff(attempts: number): number {
  return Math.min(MINUTE, SECOND * 2 ** attempts)
}

/** How far each listener has heard, for the auditor and /metrics. */
export async function listenerLags(
  db: Reader,
): Promise<{ name: string; behind: number; error: string | null }[]> {
  const head = await lastSeq(db)
  const rows = await db.selectFrom('listeners').selectAll().execute()
  return rows.map((row) => ({ name: row.name, behind: head - row.cursor, error: row.last_error }))
}

/** Tells each listener the facts after its place in the log: in order, exactly once, each in a transaction. */
export function listenerLoop(world: World, listeners: Listener[]): Loop {
  const cursors = new Map<string, { cursor: number; attempts: number; retryAt: number }>()

  // A replica in memory dies with its process, and nobody listens beside it: a place that moved past facts which concern
  // nobody need not be written down.
  const alone = world.drill !== null && world.store.written !== undefined

  async function load(): Promise<void> {
    const rows = await world.store.read.selectFrom('listeners').selectAll().execute()
    for (const row of rows)
      cursors.set(row.name, { cursor: row.cursor, attempts: row.attempts, retryAt: row.retry_at })
    const missing = listeners.filter((l) => !cursors.has(l.name))
    if (missing.length === 0) return
    await world.transact(async (tx) => {
      for (const { name } of missing)
        await tx.db
          .insertInto('listeners')
          .values({ name, cursor: 0, attempts: 0, retry_at: 0, last_error: null })
          .onConflict((c) => c.column('name').doNothing())
          .execute()
    })
    for (const { name } of missing) cursors.set(name, { cursor: 0, attempts: 0, retryAt: 0 })
  }

  // All listeners read the same facts, one after the other. What stands in the log never changes, so that where nobody
  // else writes the batch is read once; what was written since is heard in the next turn.
  let read: { after: number; facts: Fact[] } | null = null
  async function factsFrom(after: number): Promise<Fact[]> {
    if (world.store.written && read?.after === after) return read.facts
    const facts = await factsAfter(world.store.read, after, BATCH)
    read = facts.length > 0 ? { after, facts } : null
    return facts
  }

  async function hear(listener: Listener): Promise<number> {
    const state = cursors.get(listener.name)!
    if (state.retryAt > world.clock.now()) return 0
    const facts = await factsFrom(state.cursor)
    let heard = 0
    for (const fact of facts) {
      const handlers = listener.hears.filter((h) => h.type === fact.type)
      const isLast = fact === facts.at(-1)
      // A run of facts that do not concern this listener moves its place once, not fact by fact.
      if (handlers.length === 0 && !isLast) continue
      if (handlers.length === 0 && alone) {
        state.cursor = fact.seq
        continue
      }
      await giveWay()
      try {
        const moved = await world.transact(async (tx) => {
          const row = await tx.db
            .updateTable('listeners')
            .set({ cursor: fact.seq, attempts: 0, retry_at: 0, last_error: null })
            .where('name', '=', listener.name)
            .where('cursor', alone ? '<=' : '=', state.cursor)
            .executeTakeFirst()
          if (Number(row.numUpdatedRows) === 0) return false
          for (const { handle } of handlers) await handle(tx, world, fact as never)
          return true
        })
        if (!moved) {
          // Another replica was faster: take its place over.
          cursors.clear()
          return heard
        }
        state.cursor = fact.seq
        state.attempts = 0
        heard += handlers.length
      } catch (error) {
        await fail(listener, fact.seq, fact.type, reasonOf(error))
        return heard
      }
    }
    return heard
  }

  async function fail(listener: Listener, seq: number, factType: string, error: string): Promise<void> {
    const state = cursors.get(listener.name)!
    state.attempts++
    const parked = state.attempts >= ATTEMPTS
    state.retryAt = parked ? 0 : world.clock.now() + backoff(state.attempts)
    world.log.error({ listener: listener.name, seq, factType, error, parked }, 'a listener failed')
    const ours = await world.transact(async (tx) => {
      const updated = await tx.db
        .updateTable('listeners')
        .set({
          attempts: parked ? 0 : state.attempts,
          retry_at: state.retryAt,
          last_error: error,
          ...(parked ? { cursor: seq } : {}),
        })
        .where('name', '=', listener.name)
        // Another replica may have digested it meanwhile: its place must never move back.
        .where('cursor', '=', state.cursor)
        .executeTakeFirst()
      if (touched(updated) === 0) return false
      if (!parked) return true
      await tx.db
        .insertInto('parked_facts')
        .values({ listener: listener.name, seq, error, at: tx.now })
        .onConflict((c) => c.columns(['listener', 'seq']).doNothing())
        .execute()
      await factParked.append(tx, world, {
        subject: listener.name,
        actor: systemActor('engine'),
        data: { listener: listener.name, seq, factType, error },
      })
      return true
    })
    if (!ours) cursors.clear()
    else if (parked) {
      state.cursor = seq
      state.attempts = 0
    }
  }

  const head = remember(world, () => lastSeq(world.store.read))

  return {
    name: 'listeners',
    async nextDueAt() {
      if (cursors.size < listeners.length) return world.clock.now()
      const newest = await head.get()
      const behind = listeners.map((l) => cursors.get(l.name)!).filter((state) => state.cursor < newest)
      return behind.length > 0 ? Math.min(...behind.map((state) => state.retryAt)) : null
    },
    async runDue() {
      if (cursors.size < listeners.length) await load()
      let heard = 0
      for (const listener of listeners) {
        const state = cursors.get(listener.name)
        if (!state) break
        // One look at the head of the log spares most of the listeners theirs.
        if (state.cursor < (await head.get())) heard += await hear(listener)
      }
      return heard
    },
  }
}
