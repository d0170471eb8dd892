import { Link } from 'react-router'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'

/** Which broken servers this monitor was shown, and which of them it noticed. */
export function FaultsCard({ of }: { of: MonitorDetail }) {
  if (!of.faults)
    return (
      <Card title="Faults it catches">
        <p style={{ margin: 0 }}>
          <State is="never run" say="Not known" />
        </p>
        <p className="sub" style={{ margin: '8px 0 0' }}>
          No drill has shown this monitor a broken server yet. <Link to="/drills">Run one</Link> to learn what
          it would notice, and what would pass it by.
        </p>
      </Card>
    )
  const { caught, missed, at, drillId } = of.faults
  return (
    <Card title="Faults it catches" lead={`${caught.length} of ${caught.length + missed.length}`}>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 5 }}>
        {caught.map((fault) => (
          <li key={fault}>
            <State is="caught" /> {sayReason(fault)}
          </li>
        ))}
      </ul>
      <p className="sub" style={{ margin: '10px 0 0' }}>
        {missed.length > 0 && (
          <>
            {missed.length === 1 ? 'One was' : `${missed.length} were`} missed and{' '}
            {missed.length === 1 ? 'stands' : 'stand'} under <a href="#cannot-see">what it cannot see</a>.{' '}
          </>
        )}
        Seen by <Link to={`/drills/${encodeURIComponent(drillId)}`}>drill {drillId}</Link>, <Moment at={at} />
      </p>
    </Card>
  )
}
