import type { Reader } from '../store/store.ts'

/** The engine's state in figures, for /metrics. */
export interface EngineFigures {
  facts: number
  /** Deliveries by kind and state; what has been settled for long may be swept. */
  outbox: { kind: string; state: string; count: number }[]
  timers: number
  timersOverdue: number
  /** How late the latest overdue timer is, milliseconds. */
  timersLateMs: number
  parkedFacts: number
}

/** Counts what the engine holds. */
export async function engineFigures(db: Reader, now: number): Promise<EngineFigures> {
  const head = await db.selectFrom('facts').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const outbox = await db
    .selectFrom('outbox')
    .select((eb) => ['kind', 'state', eb.fn.countAll().as('n')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute()
  const overdue = await db
    .selectFrom('timers')
    .select((eb) => [eb.fn.countAll().as('n'), eb.fn.min('due_at').as('first')])
    .where('due_at', '<', now)
    .executeTakeFirstOrThrow()
  const timers = await db
    .selectFrom('timers')
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  const parked = await db
    .selectFrom('parked_facts')
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  return {
    facts: head?.seq ?? 0,
    outbox: outbox.map((row) => ({ kind: row.kind, state: row.state, count: Number(row.n) })),
    timers: Number(timers.n),
    timersOverdue: Number(overdue.n),
    timersLateMs: overdue.first === null ? 0 : now - Number(overdue.first),
    parkedFacts: Number(parked.n),
  }
}
