import type { Millis } from '../kit/clock.ts'
import { DAY, HOUR, MINUTE } from '../kit/duration.ts'

export const RESOLUTIONS = { minute: MINUTE, hour: HOUR, day: DAY } as const
export type Resolution = keyof typeof RESOLUTIONS

/** An observation as the roll-up needs it. */
export interface Sighting {
  monitorId: string
  at: Millis
  state: string
  maintenance: boolean
  holds: Millis
  tookMs: number
}

/** The newest sighting of a monitor, which speaks until the next one. */
export interface Tail {
  firstAt: Millis
  at: Millis
  state: string
  maintenance: boolean
  holds: Millis
}

/** Time by state within one bucket. Time that no sighting speaks for is unknown: it is what is left over. */
export interface Bucket {
  upMs: number
  degradedMs: number
  downMs: number
  maintenanceMs: number
  checks: number
  tookSum: number
  tookMax: number
}

export function emptyBucket(): Bucket {
  return { upMs: 0, degradedMs: 0, downMs: 0, maintenanceMs: 0, checks: 0, tookSum: 0, tookMax: 0 }
}

const COUNTER: Record<string, 'upMs' | 'degradedMs' | 'downMs'> = {
  up: 'upMs',
  degraded: 'degradedMs',
  down: 'downMs',
}

/** Adds the time from `from` to `to` to the buckets that it crosses. */
function addTime(
  bucketAt: (at: Millis) => Bucket,
  size: Millis,
  spoken: Pick<Tail, 'state' | 'maintenance'>,
  from: Millis,
  to: Millis,
): void {
  const counter = spoken.maintenance ? 'maintenanceMs' : COUNTER[spoken.state]
  // Unknown is not added: it is what is left of a bucket.
  if (!counter) return
  for (let at = from; at < to; ) {
    const start = Math.floor(at / size) * size
    const end = Math.min(to, start + size)
    bucketAt(start)[counter] += end - at
    at = end
  }
}

/** Buckets of several resolutions, by monitor and beginning. */
export class Buckets {
  readonly entries = new Map<
    string,
    { resolution: Resolution; monitorId: string; at: Millis; bucket: Bucket }
  >()

  at(resolution: Resolution, monitorId: string, at: Millis): Bucket {
    const key = `${resolution} ${monitorId} ${at}`
    const entry = this.entries.get(key) ?? { resolution, monitorId, at, bucket: emptyBucket() }
    this.entries.set(key, entry)
    return entry.bucket
  }
}

/** Takes one sighting into the buckets and answers the new tail. Sightings of a monitor come in order. */
export function addSighting(buckets: Buckets, tail: Tail | undefined, seen: Sighting): Tail {
  if (tail && seen.at > tail.at) addTail(buckets, seen.monitorId, tail, seen.at)
  for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
    const size = RESOLUTIONS[resolution]
    const bucket = buckets.at(resolution, seen.monitorId, Math.floor(seen.at / size) * size)
    bucket.checks++
    bucket.tookSum += seen.tookMs
    bucket.tookMax = Math.max(bucket.tookMax, seen.tookMs)
  }
  const { at, state, maintenance, holds } = seen
  return { firstAt: tail?.firstAt ?? at, at: Math.max(at, tail?.at ?? at), state, maintenance, holds }
}

/** Adds what a tail says until `until`: no longer than it holds. */
export function addTail(
  buckets: Buckets,
  monitorId: string,
  tail: Tail,
  until: Millis,
  only?: Resolution,
): void {
  const to = Math.min(until, tail.at + tail.holds)
  for (const resolution of only ? [only] : (Object.keys(RESOLUTIONS) as Resolution[]))
    addTime((at) => buckets.at(resolution, monitorId, at), RESOLUTIONS[resolution], tail, tail.at, to)
}
