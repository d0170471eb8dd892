import type { World } from '../engine/world.ts'
import type { Millis } from '../kit/clock.ts'
import { observationsOf, readCursor, readRollups, readTails } from './history.rows.ts'
import {
  addSighting,
  addTail,
  type Bucket,
  Buckets,
  emptyBucket,
  RESOLUTIONS,
  type Resolution,
  type Sighting,
  type Tail,
} from './rollup.rules.ts'

/** Time by state within one bucket of the history. */
export interface HistoryPoint {
  at: Millis
  upMs: number
  degradedMs: number
  downMs: number
  /** Time in which nobody knows how it was, from the first check on. */
  unknownMs: number
  maintenanceMs: number
  checks: number
  tookMs: number | null
  tookMaxMs: number | null
}

const MOST_POINTS = 5_000

/** The finest resolution that shows a span in a reasonable number of points. */
export function resolutionFor(from: Millis, to: Millis): Resolution {
  const hours = (to - from) / RESOLUTIONS.hour
  return hours <= 6 ? 'minute' : hours <= 24 * 14 ? 'hour' : 'day'
}

/** The history of one monitor in buckets; time nobody spoke for is told apart. Before the first check is nothing. */
export async function readHistory(
  world: World,
  monitorId: string,
  from: Millis,
  to: Millis,
  resolution: Resolution = resolutionFor(from, to),
): Promise<HistoryPoint[]> {
  const size = RESOLUTIONS[resolution]
  const until = Math.min(to, world.clock.now())
  const start = Math.max(
    Math.floor(from / size) * size,
    Math.floor(until / size) * size - (MOST_POINTS - 1) * size,
  )
  const { stored, tail: rolled, fresh } = await readConsistently(world, monitorId, resolution, start, to)
  const open = new Buckets()
  let tail = rolled
  for (const seen of fresh) if (seen.at <= until) tail = addSighting(open, tail, seen)
  if (!tail) return []
  addTail(open, monitorId, tail, until, resolution)
  for (const { at, bucket, resolution: size } of open.entries.values())
    if (size === resolution) stored.set(at, added(stored.get(at), bucket))
  const points: HistoryPoint[] = []
  for (let at = Math.max(start, Math.floor(tail.firstAt / size) * size); at < until; at += size) {
    const bucket = stored.get(at) ?? emptyBucket()
    const span = Math.min(at + size, until) - Math.max(at, tail.firstAt)
    points.push(toPoint(at, bucket, span))
  }
  return points
}

/**
 * What is rolled up, and what is not yet: a new monitor has a history from its first check on. Where a roll-up moved
 * something from one to the other meanwhile, it is read anew.
 */
async function readConsistently(
  world: World,
  monitorId: string,
  resolution: Resolution,
  from: Millis,
  to: Millis,
): Promise<{ stored: Map<number, Bucket>; tail: Tail | undefined; fresh: Sighting[] }> {
  const { history } = world.store
  for (;;) {
    const cursor = await readCursor(history)
    const stored = await readRollups(history, monitorId, resolution, from, to)
    const tail = (await readTails(history, [monitorId])).get(monitorId)
    const fresh = await observationsOf(history, monitorId, cursor)
    if ((await readCursor(history)) === cursor) return { stored, tail, fresh }
  }
}

function added(one: Bucket | undefined, other: Bucket): Bucket {
  if (!one) return other
  return {
    upMs: one.upMs + other.upMs,
    degradedMs: one.degradedMs + other.degradedMs,
    downMs: one.downMs + other.downMs,
    maintenanceMs: one.maintenanceMs + other.maintenanceMs,
    checks: one.checks + other.checks,
    tookSum: one.tookSum + other.tookSum,
    tookMax: Math.max(one.tookMax, other.tookMax),
  }
}

function toPoint(at: Millis, bucket: Bucket, span: Millis): HistoryPoint {
  const { upMs, degradedMs, downMs, maintenanceMs, checks } = bucket
  return {
    at,
    upMs,
    degradedMs,
    downMs,
    maintenanceMs,
    unknownMs: Math.max(0, span - upMs - degradedMs - downMs - maintenanceMs),
    checks,
    tookMs: checks > 0 ? Math.round(bucket.tookSum / checks) : null,
    tookMaxMs: checks > 0 ? bucket.tookMax : null,
  }
}

/** How many checks a bucket should hold, by the interval: time that nobody speaks for counts in full. */
export function expectedChecks(
  point: Pick<HistoryPoint, 'upMs' | 'degradedMs' | 'downMs' | 'unknownMs' | 'maintenanceMs'>,
  every: Millis,
): number {
  const { upMs, degradedMs, downMs, unknownMs, maintenanceMs } = point
  return Math.round((upMs + degradedMs + downMs + unknownMs + maintenanceMs) / every)
}

/** Sums of a history, with the share of the time that was up or degraded among the time that is known. */
export interface Uptime {
  upMs: number
  degradedMs: number
  downMs: number
  unknownMs: number
  maintenanceMs: number
  /** (up + degraded) / (up + degraded + down); null when nothing is known. */
  ratio: number | null
}

/** Adds up a history. Maintenance and unknown time count neither for nor against, and are told apart. */
export function uptimeOf(points: HistoryPoint[]): Uptime {
  const sum = (key: 'upMs' | 'degradedMs' | 'downMs' | 'unknownMs' | 'maintenanceMs') =>
    points.reduce((total, point) => total + point[key], 0)
  const upMs = sum('upMs')
  const degradedMs = sum('degradedMs')
  const downMs = sum('downMs')
  const known = upMs + degradedMs + downMs
  return {
    upMs,
    degradedMs,
    downMs,
    unknownMs: sum('unknownMs'),
    maintenanceMs: sum('maintenanceMs'),
    ratio: known > 0 ? (upMs + degradedMs) / known : null,
  }
}
