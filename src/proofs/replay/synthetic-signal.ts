import type { Millis } from '../../kit/clock.ts'
import { DAY, HOUR, MINUTE } from '../../kit/duration.ts'
import type { Seen } from '../../monitors/index.ts'
import { type Signal, type Stretch, WELL } from './signal.ts'

/** How troubled a made-up stretch is. */
export interface Trouble {
  /** Outages in thirty days, on the average. */
  outages: number
  /** How long one lasts, at the middle of their distribution. */
  lastsMs: Millis
  /** Of a thousand looks so many see trouble that is gone at the next. */
  blips: number
}

export const USUAL_TROUBLE: Trouble = { outages: 4, lastsMs: 20 * MINUTE, blips: 0.5 }

const BAD: readonly Seen[] = [
  { verdict: 'down', reason: 'connect.refused', summary: 'nothing listens there' },
  { verdict: 'down', reason: 'connect.timed-out', summary: 'no answer in time' },
  { verdict: 'degraded', reason: 'latency.high', summary: 'it answers slowly' },
]

/** Numbers from 0 to 1 that are the same for the same seed, on every machine (mulberry32). */
export function seededNumbers(seed: string): () => number {
  // FNV-1a, so that neighbouring seeds begin far apart.
  let state = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A made-up signal: outages and blips of one monitor, the same for the same seed. */
export function syntheticSignal(
  monitorId: string,
  seed: string,
  stretch: Stretch,
  trouble: Trouble = USUAL_TROUBLE,
): Signal {
  const outages = makeOutages(seededNumbers(`${seed}:${monitorId}:outages`), stretch, trouble)
  const blip = seededNumbers(`${seed}:${monitorId}:blips`)
  const chance = trouble.blips / 1_000
  let next = 0
  return {
    monitorId,
    // A schedule looks forwards only, so the outages that are over need not be looked through again.
    look(at) {
      while (next < outages.length && outages[next]!.until <= at) next++
      const outage = outages[next]
      if (outage !== undefined && at >= outage.from) return outage.seen
      return blip() < chance ? BAD[1]! : WELL
    },
  }
}

interface Outage extends Stretch {
  seen: Seen
}

// The gaps between outages and their lengths are drawn from exponential distributions: no hour is special.
function makeOutages(random: () => number, { from, until }: Stretch, trouble: Trouble): Outage[] {
  const made: Outage[] = []
  if (trouble.outages <= 0) return made
  const gap = (30 * DAY) / trouble.outages
  const drawn = (mean: number) => -Math.log(1 - random()) * mean
  for (let at = from + drawn(gap); at < until; at += drawn(gap)) {
    const lasts = Math.min(12 * HOUR, Math.max(MINUTE, drawn(trouble.lastsMs / Math.LN2)))
    made.push({ from: at, until: at + lasts, seen: BAD[Math.floor(random() * BAD.length)]! })
    at += lasts
  }
  return made
}
