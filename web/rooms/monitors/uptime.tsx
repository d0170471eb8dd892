import type { History } from '../../../src/contract/monitors.ts'
import { sayDuration } from '../../times/say-time.ts'
import { sayShare } from './plot-data.ts'
import { uptimeOf } from './uptime-figures.ts'

/** How much of a stretch was up, with the time of which nothing is known kept apart. */
export function Uptime({ of, over }: { of: History; over: string }) {
  const { judgedMs, up, degraded, unknownMs, checks, expected } = uptimeOf(of.points)
  if (judgedMs + unknownMs === 0) return null
  return (
    <p className="uptime">
      {up === null ? (
        <>Nothing is known of the last {over}. </>
      ) : (
        <>
          {degraded ? 'Up or degraded' : 'Up'} for <strong className="numbers">{sayShare(up)}</strong> of the{' '}
          {sayDuration(judgedMs)} judged in the last {over}.{' '}
        </>
      )}
      {unknownMs > 0 ? (
        <>
          <strong className="numbers">{sayDuration(unknownMs)}</strong> unknown, counted as neither.{' '}
        </>
      ) : (
        <>No time unknown. </>
      )}
      {expected !== null && expected >= 1 && (
        <span className="dim numbers">
          {checks.toLocaleString('en')} of about {Math.round(expected).toLocaleString('en')} expected checks.
        </span>
      )}
    </p>
  )
}
