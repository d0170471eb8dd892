import type { Monitor } from '../../../src/contract/monitors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A stretch of time that is looked at. */
export interface Window {
  from: number
  to: number
  /** Whether it is that of a trouble of the monitor, and not simply the newest. */
  ofTrouble: boolean
}

/** The stretch around the beginning of what is wrong with a monitor; the last hour where nothing is. */
export function windowOf(of: Pick<Monitor, 'state' | 'since' | 'everyMs'>, now: number): Window {
  if (of.state === 'up') return { from: now - HOUR, to: now, ofTrouble: false }
  const since = Date.parse(of.since)
  // What moved began to move before a rule was broken for long enough, the earlier the rarer it is looked at.
  const lead = Math.min(HOUR, Math.max(15 * MINUTE, 10 * of.everyMs))
  return {
    from: since - lead,
    to: Math.max(Math.min(now, since + 2 * lead), since - lead + MINUTE),
    ofTrouble: true,
  }
}

/** A small line of a course: the points of an SVG path in a box; nothing where there are too few. */
export function sparkOf(
  points: readonly (readonly [number, number])[],
  width: number,
  height: number,
): string {
  if (points.length < 2) return ''
  const values = points.map(([, value]) => value)
  const [first, last] = [points[0]![0], points.at(-1)![0]]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const x = (at: number) => (last > first ? ((at - first) / (last - first)) * width : 0)
  const y = (value: number) =>
    most > least ? height - ((value - least) / (most - least)) * height : height / 2
  return `M${points.map(([at, value]) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join('L')}`
}
