import type { Observation } from '../../../src/contract/monitors.ts'
import { Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'

/** What one check saw. */
export function ObservationNote({ of }: { of: Observation }) {
  return (
    <div className="card" role="status">
      <div className="body">
        <p style={{ margin: '0 0 8px' }}>
          <State is={of.verdict} /> <strong>{sayReason(of.reason)}</strong>
        </p>
        <p style={{ margin: '0 0 8px' }}>{of.summary}</p>
        <Measured of={of} />
      </div>
    </div>
  )
}

/** What was measured, by name. */
export function Measured({ of }: { of: Observation }) {
  const rows: [string, React.ReactNode][] = [['took', `${Math.round(of.tookMs)} ms`]]
  for (const [name, value] of Object.entries(of.values))
    rows.push([
      name,
      <span key={name} className="mono">
        {String(value ?? '–')}
      </span>,
    ])
  return <Facts of={rows} />
}
