import { useEffect, useRef } from 'react'
import type { MonitorDetail, Observation } from '../../../src/contract/monitors.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { serverNow } from '../../times/now.ts'
import { sayDuration } from '../../times/say-time.ts'
import { DetailCards, hasDetails } from './detail-cards.tsx'
import { sayMeasured } from './say-value.ts'
import './monitor-page.css'

/** What one check saw with settings that are not stored, in all its detail. */
export function TriedNote(props: {
  of: Observation
  kind: string
  settings: Record<string, unknown>
  /** Whether the settings were changed since. */
  isOld: boolean
}) {
  const { of, isOld } = props
  const note = useRef<HTMLElement>(null)
  // It comes at the end of a long form.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer
  useEffect(() => {
    // What it answers in newer browsers is no clean-up.
    void note.current?.scrollIntoView({ block: 'nearest' })
  }, [of])
  const monitor = asMonitor(props)
  return (
    <section ref={note} className="card" role="status" aria-label="What the check saw">
      <div className="body pile">
        <p className="said" style={{ margin: 0 }}>
          <State is={of.verdict} large />{' '}
          <strong>{of.reason === 'ok' ? 'It would be well' : sayReason(of.reason)}</strong>
        </p>
        <p className="prose-text said-largely">{of.summary}</p>
        {isOld && <p className="sub">Tried before the last change of the settings.</p>}
        <Measured of={of} />
        {hasDetails(monitor) && (
          <details>
            <summary className="sub">What it saw in detail</summary>
            <div className="stack" style={{ marginTop: 8 }}>
              <DetailCards of={monitor} width="wide" tried />
              <DetailCards of={monitor} width="wide" below tried />
            </div>
          </details>
        )}
      </div>
    </section>
  )
}

/** Cards are drawn of monitors: this one was seen once, and is stored nowhere. */
function asMonitor({ of, kind, settings }: Parameters<typeof TriedNote>[0]): MonitorDetail {
  const at = new Date(serverNow()).toISOString()
  return {
    id: '',
    name: '',
    serviceId: '',
    kind,
    target: '',
    state: of.verdict,
    reason: of.reason,
    summary: of.summary,
    since: at,
    everyMs: 0,
    enabled: true,
    inMaintenance: false,
    managedBy: 'api',
    lastCheckedAt: at,
    nextCheckAt: null,
    tookMs: of.tookMs,
    spec: settings,
    last: of,
    faults: null,
    cannotSee: [],
    unseen: [],
    pingUrl: null,
    logUrl: null,
    related: [],
  }
}

/** What was measured, by name. */
export function Measured({ of }: { of: Observation }) {
  const rows: [string, React.ReactNode][] = [['took', sayDuration(Math.round(of.tookMs))]]
  for (const [name, value] of Object.entries(of.values)) {
    const { label, ...said } = sayMeasured(name, value)
    rows.push([
      label,
      'at' in said ? (
        <ExactMoment key={name} at={said.at} />
      ) : (
        <span key={name} className="mono">
          {said.text}
        </span>
      ),
    ])
  }
  return <Facts of={rows} />
}
