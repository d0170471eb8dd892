import { listPages } from '../../../src/contract/oncall.ts'
import { useList } from '../../api/hooks.ts'
import { Listed } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'

/** Every attempt to reach somebody about an alert. */
export function PagesCard({ alertId }: { alertId: string }) {
  const pages = useList(listPages, { query: { alertId } })
  return (
    <Card title="Pages" lead="attempts to reach somebody" bare>
      <Listed
        of={pages}
        heads={['State', 'Whom', 'By', 'Step', 'Why', 'When']}
        nothing="Nobody has been paged."
        bars={3}
      >
        {(page) => (
          <tr>
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
        )}
      </Listed>
    </Card>
  )
}
