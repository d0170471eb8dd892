import type { Tx, World } from '../engine/world.ts'
import { reasonOf } from '../kit/errors.ts'
import { GroupCommit } from './group-commit.ts'
import { heartbeatHistories, insertPings, writeHeartbeat } from './heartbeats.rows.ts'
import { judgeHeartbeatIn } from './judge-heartbeat.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import type { HeartbeatHistory } from './kinds/heartbeat/judge-heartbeat.rules.ts'
import { type ParsedPing, parsePing } from './kinds/heartbeat/parse-ping.rules.ts'
import type { Monitor } from './monitor.ts'
import { monitorsWithPingKeys } from './monitors.rows.ts'
import { type HistoryEntry, recordHistory } from './record-history.ts'

/** A ping, by the parts of its address: `/ping/<key>` or `/ping/<ping key>/<slug>`, and what follows. */
export interface PingInput {
  key: string
  /** The monitor's id, where several share the key. */
  slug?: string
  /** The last part: nothing, `start`, `fail`, `log` or an exit status. */
  action?: string
  rid?: string
  method: string
  remote: string
  body?: string
}

export interface PingAnswer {
  status: 200 | 400 | 404 | 405 | 409
  text: string
}

/** What is kept of the body of a ping. */
export const PING_BODY_LIMIT = 10_000

const OK: PingAnswer = { status: 200, text: 'OK' }
const NOT_FOUND: PingAnswer = { status: 404, text: 'not found' }
// A job that starts anew each minute and never ends must not fill the table.
const MOST_OPEN_RUNS = 100
const MOST_AT_ONCE = 1_000

interface Arrived {
  input: PingInput
  ping: ParsedPing
}

interface Stored {
  answer: PingAnswer
  /** What the whole transaction adds to the history: with its first ping. */
  entries: HistoryEntry[]
}

const groups = new WeakMap<World, GroupCommit<Arrived, Stored>>()

/**
 * Records a ping; it is durable when the answer is there. Pings that arrive together share a transaction, so
 * that a minute's burst costs a few commits and not thousands.
 */
export async function recordPing(world: World, input: PingInput): Promise<PingAnswer> {
  const ping = parsePing(input)
  if ('status' in ping) return ping
  const group =
    groups.get(world) ?? new GroupCommit(world, MOST_AT_ONCE, (tx, items) => store(tx, world, items))
  groups.set(world, group)
  const { answer, entries } = await group.add({ input, ping })
  // The history may live in another file: it follows the commit and is not part of it.
  if (entries.length > 0)
    await recordHistory(world, entries).catch((error: unknown) =>
      world.log.error({ error: reasonOf(error) }, 'heartbeats are missing in the history'),
    )
  return answer
}

async function store(tx: Tx, world: World, arrived: Arrived[]): Promise<Stored[]> {
  const keys = [...new Set(arrived.map(({ input }) => input.key))]
  const monitors = Map.groupBy(await monitorsWithPingKeys(tx.db, keys), ({ pingKey }) => pingKey)
  const byMonitor = new Map<Monitor, Arrived[]>()
  const results = arrived.map((one): Stored => {
    const { key, slug, method } = one.input
    const found = (monitors.get(key) ?? []).filter(({ id }) => slug === undefined || slug === id)
    if (found.length > 1) return { answer: { status: 409, text: 'ambiguous slug' }, entries: [] }
    const [monitor] = found
    if (!monitor) return { answer: NOT_FOUND, entries: [] }
    // Link previews and scanners fetch addresses too: a monitor may listen to POST alone.
    const heeded = method === 'POST' || !(monitor.spec as HeartbeatSpec).postOnly
    if (heeded) byMonitor.set(monitor, [...(byMonitor.get(monitor) ?? []), one])
    return { answer: OK, entries: [] }
  })
  const heard = await heartbeatHistories(
    tx.db,
    [...byMonitor.keys()].map(({ id }) => id),
  )
  await insertPings(
    tx.db,
    [...byMonitor].flatMap(([{ id }, pings]) => pings.map((one) => pingRow(id, one, tx.now))),
  )
  for (const [monitor, pings] of byMonitor) {
    const before = heard.get(monitor.id)
    if (!before) continue
    const after = pings.reduce((known, { ping }) => hear(known, ping, tx.now), before)
    await writeHeartbeat(tx.db, monitor.id, after, tx.now, after.openRuns !== before.openRuns)
    const entry = await judgeHeartbeatIn(tx, world, monitor, after)
    if (entry) results[0]!.entries.push(entry)
  }
  return results
}

function pingRow(monitorId: string, { input, ping }: Arrived, now: number) {
  return {
    monitor_id: monitorId,
    at: now,
    action: ping.action,
    exit_status: ping.exitStatus,
    rid: ping.rid,
    method: input.method,
    remote: input.remote.slice(0, 100),
    // PostgreSQL cannot store a zero character in a text.
    body: input.body ? input.body.slice(0, PING_BODY_LIMIT).replaceAll('\0', '\uFFFD') : null,
  }
}

/** What is known of a job after one more ping. */
export function hear(heard: HeartbeatHistory, ping: ParsedPing, now: number): HeartbeatHistory {
  const rid = ping.rid ?? ''
  const others = heard.openRuns.filter((run) => run.rid !== rid)
  switch (ping.action) {
    case 'log':
      return heard
    case 'start':
      return {
        ...heard,
        lastStartAt: now,
        openRuns: [...others, { rid, startedAt: now }].slice(-MOST_OPEN_RUNS),
      }
    case 'success':
      // Both may come within one millisecond: what was heard last counts.
      return {
        ...heard,
        lastSuccessAt: now,
        lastFailAt: null,
        lastFailExit: null,
        openRuns: ended(heard, others),
      }
    case 'fail':
      return { ...heard, lastFailAt: now, lastFailExit: ping.exitStatus, openRuns: ended(heard, others) }
  }
}

const ended = (heard: HeartbeatHistory, others: HeartbeatHistory['openRuns']) =>
  others.length === heard.openRuns.length ? heard.openRuns : others
