import type { Tx, World } from '../engine/world.ts'
import { reasonOf } from '../kit/errors.ts'
import { createPinged, type SlugToCreate } from './create-pinged.ts'
import { GroupCommit } from './group-commit.ts'
import { heartbeatHistories, insertPings, writeHeartbeats, writeRuns } from './heartbeats.rows.ts'
import { judgeHeartbeatsIn } from './judge-heartbeat.ts'
import { countsAsPing, type EndedRun, hearPing } from './kinds/heartbeat/hear-ping.rules.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import type { HeartbeatHistory } from './kinds/heartbeat/judge-heartbeat.rules.ts'
import {
  isSlug,
  type ParsedPing,
  type PushRequest,
  parsePing,
  parsePush,
} from './kinds/heartbeat/parse-ping.rules.ts'
import type { Monitor } from './monitor.ts'
import { monitorsWithPingKeys } from './monitors.rows.ts'
import { type HistoryEntry, recordHistory } from './record-history.ts'

/** A ping, by the parts of its address: `/ping/<key>` or `/ping/<ping key>/<slug>`, and what follows. */
export interface PingInput {
  key: string
  /** The monitor's id, where several share the key. */
  slug?: string
  /** Whether a slug that nobody has is to become a monitor. */
  create?: boolean
  /** The last part: nothing, `start`, `fail`, `log` or an exit status. */
  action?: string
  rid?: string
  method: string
  remote: string
  body?: string
}

/** A push in Uptime Kuma's words. */
export interface PushInput extends PushRequest {
  key: string
  method: string
  remote: string
}

export interface PingAnswer {
  status: 200 | 201 | 400 | 404 | 405 | 409 | 429
  text: string
}

/** What is kept of the body of a ping. */
export const PING_BODY_LIMIT = 10_000

const OK: PingAnswer = { status: 200, text: 'OK' }
const NOT_FOUND: PingAnswer = { status: 404, text: 'not found' }
const AMBIGUOUS: PingAnswer = { status: 409, text: 'ambiguous slug' }
const MOST_AT_ONCE = 1_000

interface Arrived {
  input: Pick<PingInput, 'key' | 'slug' | 'create' | 'method' | 'remote' | 'body'>
  ping: ParsedPing
  /** Only for what is switched on: so Uptime Kuma's clients expect it. */
  onlyEnabled: boolean
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
  if (input.slug !== undefined && !isSlug(input.slug)) return NOT_FOUND
  return arrive(world, { input, ping, onlyEnabled: false })
}

/** Records a push in Uptime Kuma's words; durable as any ping. Null where no such monitor listens. */
export async function recordPush(world: World, input: PushInput): Promise<PingAnswer | null> {
  const { body, ...ping } = parsePush(input)
  const { key, method, remote } = input
  const arrived = { input: { key, method, remote, body: body ?? undefined }, ping, onlyEnabled: true }
  const answer = await arrive(world, arrived)
  return answer.status === 200 ? answer : null
}

async function arrive(world: World, arrived: Arrived): Promise<PingAnswer> {
  const group =
    groups.get(world) ?? new GroupCommit(world, MOST_AT_ONCE, (tx, items) => store(tx, world, items))
  groups.set(world, group)
  const { answer, entries } = await group.add(arrived)
  // The history may live in another file: it follows the commit and is not part of it.
  if (entries.length > 0)
    await recordHistory(world, entries).catch((error: unknown) =>
      world.log.error({ error: reasonOf(error) }, 'heartbeats are missing in the history'),
    )
  return answer
}

const isMeant = (id: string, slug: string | undefined) =>
  slug === undefined || slug === id || slug.replaceAll('_', '-') === id

async function store(tx: Tx, world: World, arrived: Arrived[]): Promise<Stored[]> {
  const keys = [...new Set(arrived.map(({ input }) => input.key))]
  const monitors = Map.groupBy(await monitorsWithPingKeys(tx.db, keys), ({ pingKey }) => pingKey!)
  const byMonitor = new Map<Monitor, Arrived[]>()
  const results: Stored[] = []
  for (const one of arrived) {
    const { answer, monitor } = await meant(tx, world, monitors, one)
    results.push({ answer, entries: [] })
    if (!monitor || !countsAsPing(monitor.spec as HeartbeatSpec, one.input.method)) continue
    const sofar = byMonitor.get(monitor)
    if (sofar) sofar.push(one)
    else byMonitor.set(monitor, [one])
  }
  if (byMonitor.size > 0) results[0]!.entries.push(...(await take(tx, world, byMonitor)))
  return results
}

/** The monitor that a ping means, or why there is none. */
async function meant(
  tx: Tx,
  world: World,
  monitors: Map<string, Monitor[]>,
  { input: { key, slug, create }, onlyEnabled }: Arrived,
): Promise<{ answer: PingAnswer; monitor?: Monitor }> {
  const sharing = monitors.get(key) ?? []
  const found = sharing.filter(({ id, enabled }) => isMeant(id, slug) && (enabled || !onlyEnabled))
  const [monitor] = found
  if (found.length > 1) return { answer: AMBIGUOUS }
  if (monitor) return { answer: OK, monitor }
  if (!create || slug === undefined || sharing.length === 0) return { answer: NOT_FOUND }
  const made = await createPinged(tx, world, { key, slug, sharing } satisfies SlugToCreate)
  if ('status' in made) return { answer: made }
  monitors.set(key, [...sharing, made])
  return { answer: { status: 201, text: 'Created' }, monitor: made }
}

/** Stores the pings of each monitor, and judges each once. */
async function take(tx: Tx, world: World, byMonitor: Map<Monitor, Arrived[]>): Promise<HistoryEntry[]> {
  const before = await heartbeatHistories(
    tx.db,
    [...byMonitor.keys()].map(({ id }) => id),
  )
  const pings: ReturnType<typeof pingRow>[] = []
  const ended: (EndedRun & { monitorId: string })[] = []
  const begun: { monitorId: string; rid: string; startedAt: number }[] = []
  const heard: [Monitor, HeartbeatHistory][] = []
  for (const [monitor, arrived] of byMonitor) {
    const { id: monitorId, spec } = monitor
    const { supersedes } = spec as HeartbeatSpec
    let history = before.get(monitorId)
    if (!history) continue
    for (const one of arrived) {
      pings.push(pingRow(monitorId, one, tx.now))
      const step = hearPing(history, one.ping, tx.now, { supersedes, body: one.input.body })
      for (const run of step.ended) ended.push({ ...run, monitorId })
      history = step.history
    }
    for (const { seq, rid, startedAt } of history.openRuns)
      if (seq === undefined) begun.push({ monitorId, rid, startedAt })
    heard.push([monitor, history])
  }
  await insertPings(tx.db, pings)
  await writeRuns(tx.db, ended, begun)
  await writeHeartbeats(
    tx.db,
    heard.map(([{ id }, history]) => [id, history]),
    tx.now,
  )
  return judgeHeartbeatsIn(
    tx,
    world,
    heard.filter(([{ enabled }]) => enabled),
  )
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
