import { listPages } from '../../../src/contract/oncall.ts'
import { useList } from '../../api/hooks.ts'
import { Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'

/** Every attempt to reach somebody about an alert. */
export function PagesCard({ alertId }: { alertId: string }) {
  const pages = useList(listPages, { query: { alertId } })
  return (
    <Card title="Pages" lead="attempts to reach somebody" bare>
      {pages.error && <ProblemNote of={pages.error} />}
      {!pages.items && !pages.error && <Loading rows={3} />}
      {pages.items?.length === 0 && (
        <p className="sub" style={{ margin: 0, padding: '12px 14px' }}>
          Nobody has been paged.
        </p>
      )}
      {pages.items && pages.items.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>Whom</th>
              <th>By</th>
              <th>Step</th>
              <th>Why</th>
              <th>When</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((page) => (
              <tr key={page.id}>
                <td className="tight">
                  <State is={page.state} />
                </td>
                <td>
                  <strong>{page.personName}</strong>
                </td>
                <td className="tight" data-label="by">
                  {page.channel}
                </td>
                <td className="tight" data-label="step">
                  {page.step}
                </td>
                <td className="sub">{sayReason(page.reason)}</td>
                <td className="tight">
                  <Moment at={page.sentAt ?? page.since} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More of={pages} />
    </Card>
  )
}
