import type { History } from '../../../src/contract/monitors.ts'

export type BandState = 'up' | 'degraded' | 'down' | 'unknown' | 'maintenance' | 'none'
type Point = History['points'][number]

/** A stretch of time in one state. */
export interface Segment {
  from: number
  to: number
  state: BandState
}

/** Columns for the plot: seconds, latency and the slowest; null where nothing was measured breaks the line. */
export function latencyColumns(points: readonly Point[]): [number[], (number | null)[], (number | null)[]] {
  return [
    points.map((point) => Date.parse(point.at) / 1_000),
    points.map((point) => point.tookMs),
    points.map((point) => point.tookMaxMs),
  ]
}

/** What a stretch is shown as: the worst that happened in it, so that a short outage is not averaged away. */
export function stateOf(point: Point): BandState {
  if (point.downMs > 0) return 'down'
  if (point.unknownMs > 0) return 'unknown'
  if (point.degradedMs > 0) return 'degraded'
  if (point.maintenanceMs > 0) return 'maintenance'
  return point.upMs > 0 || point.checks > 0 ? 'up' : 'none'
}

/** The stretches of the band from `from` to `to`, neighbours of one state joined. */
export function bandSegments(history: History): Segment[] {
  const end = Date.parse(history.to)
  const segments: Segment[] = []
  history.points.forEach((point, index) => {
    const from = Math.max(Date.parse(point.at), Date.parse(history.from))
    const next = history.points[index + 1]
    const to = Math.min(next ? Date.parse(next.at) : from + lengthOf(point), end)
    const state = stateOf(point)
    const last = segments.at(-1)
    if (to <= from) return
    if (last && last.state === state && last.to === from) last.to = to
    else segments.push({ from, to, state })
  })
  return segments
}

function lengthOf(point: Point): number {
  return point.upMs + point.degradedMs + point.downMs + point.unknownMs + point.maintenanceMs
}

/** Parts of the time that was observed, which add up to one; null when nothing was. */
export function shares(points: readonly Point[]): Record<Exclude<BandState, 'none'>, number> | null {
  const sum = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 }
  for (const point of points) {
    sum.up += point.upMs
    sum.degraded += point.degradedMs
    sum.down += point.downMs
    sum.unknown += point.unknownMs
    sum.maintenance += point.maintenanceMs
  }
  const all = Object.values(sum).reduce((a, b) => a + b, 0)
  if (all === 0) return null
  return {
    up: sum.up / all,
    degraded: sum.degraded / all,
    down: sum.down / all,
    unknown: sum.unknown / all,
    maintenance: sum.maintenance / all,
  }
}

/** A share as a percentage that never rounds an outage away: `99.98 %`, never `100 %` when it was not. */
export function sayShare(share: number): string {
  if (share === 0) return '0 %'
  if (share === 1) return '100 %'
  const percent = share * 100
  if (percent > 99.99) return '> 99.99 %'
  if (percent < 0.01) return '< 0.01 %'
  const digits = percent > 99 || percent < 1 ? 2 : 1
  return `${(Math.floor(percent * 10 ** digits) / 10 ** digits).toFixed(digits)} %`
}
