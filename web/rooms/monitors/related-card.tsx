import { Link } from 'react-router'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** What a job renews, and what renews a certificate: two monitors of one story, told together. */
export function RelatedCard({ of }: { of: MonitorDetail }) {
  return (
    <Card title="The same story">
      <ul className="related">
        {of.related.map((other) => (
          <li key={`${other.relation} ${other.id}`}>
            <p>
              {other.relation === 'renews' ? 'This job renews the certificate of ' : 'It is renewed by '}
              <Link to={`/monitors/${encodeURIComponent(other.id)}`}>{other.name}</Link>
              {other.relation === 'renews' && other.certificateEnds && (
                <>
                  , which ends <ExactMoment at={other.certificateEnds} />
                </>
              )}
              .
            </p>
            <p className="said">
              <State is={other.state} /> <span>{other.summary}</span>
              <span className="sub">
                since <Moment at={other.since} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
