import type { History } from '../../../src/contract/monitors.ts'

export interface UptimeFigures {
  /** Time with a verdict, maintenance left out. */
  judgedMs: number
  /** The share of it that was up or degraded: users were served; null where nothing was judged. */
  up: number | null
  /** Whether some of it was degraded. */
  degraded: boolean
  unknownMs: number
  checks: number
  /** Null where nothing is checked at an interval. */
  expected: number | null
}

/** Up against down; what nobody knows counts for neither, and planned work is no outage. */
export function uptimeOf(points: History['points']): UptimeFigures {
  const sum = (read: (point: History['points'][number]) => number) =>
    points.reduce((total, point) => total + read(point), 0)
  const served = sum(({ upMs, degradedMs }) => upMs + degradedMs)
  const judgedMs = served + sum(({ downMs }) => downMs)
  const counted = points.filter(({ expectedChecks }) => expectedChecks !== null)
  return {
    judgedMs,
    up: judgedMs === 0 ? null : served / judgedMs,
    degraded: points.some(({ degradedMs }) => degradedMs > 0),
    unknownMs: sum(({ unknownMs }) => unknownMs),
    checks: sum(({ checks }) => checks),
    expected:
      counted.length === 0 ? null : counted.reduce((total, point) => total + (point.expectedChecks ?? 0), 0),
  }
}
