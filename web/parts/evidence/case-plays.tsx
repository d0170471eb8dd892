import { Link } from 'react-router'
import { sayDuration } from '../../times/say-time.ts'
import { Rows } from '../list.tsx'
import { Card } from '../page.tsx'
import { State } from '../state.tsx'
import { sayReason } from '../states.ts'
import type { Evidence } from './read-evidence.ts'

/** Of a case: which monitor notices each fault first, and who would be paged for it. */
export function CasePlays({ of }: { of: Evidence }) {
  const titles = new Map(of.faults.map(({ fault, title }) => [fault, title]))
  return (
    <Card title="From each fault to the page" lead="in virtual time; nobody was paged" bare>
      <Rows of={of.plays} heads={['Notices', 'Fault', 'Because', 'Paged', { right: 'After' }]}>
        {({ fault, monitorId, kind, verdict, reason, pages }) => {
          const [first] = pages.toSorted((a, b) => a.afterMs - b.afterMs)
          return (
            <tr>
              <td className="wide">
                <Link to={`/monitors/${encodeURIComponent(monitorId)}`}>{monitorId}</Link>{' '}
                <span className="sub">{kind}</span>
              </td>
              <td className="wide">
                <strong>{titles.get(fault) ?? sayReason(fault)}</strong>
              </td>
              <td>
                <State is={verdict} /> {sayReason(reason)}
              </td>
              <td data-label="paged">
                {first ? `${first.person}, ${first.channel}` : <State is="failed" say="Nobody" />}
              </td>
              <td className="tight right">{sayAfter(first?.afterMs)}</td>
            </tr>
          )
        }}
      </Rows>
    </Card>
  )
}

// What only hears turns at the very moment at which its time is over.
function sayAfter(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms < 1_000 ? 'at its limit' : sayDuration(ms)
}
