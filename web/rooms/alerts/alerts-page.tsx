import { IconBellCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Alert, listAlerts } from '../../../src/contract/alerts.ts'
import { useList } from '../../api/hooks.ts'
import { Empty } from '../../parts/feedback.tsx'
import { Choose, Filters, Listed, Tabbed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { AcknowledgeButton } from './acknowledge.tsx'
import { SilencesTab } from './silences.tsx'

const STATES = ['unresolved', 'open', 'acknowledged', 'resolved'] as const

/** What may need a human. */
export function AlertsPage() {
  return (
    <>
      <PageHead title="Alerts" />
      <Tabbed
        of={{
          alerts: { label: 'Alerts', show: <AlertList /> },
          silences: { label: 'Silences', show: <SilencesTab /> },
        }}
      />
    </>
  )
}

function AlertList() {
  const search = useFilter('q')
  const chosen = useFilter('state', 'unresolved')
  const state = STATES.find((one) => one === chosen[0])
  const alerts = useList(listAlerts, { query: state ? { state } : {} }, { all: search[0] !== '' })
  const found = alerts.items?.filter((one) =>
    matches(search[0], one.title, one.summary, one.serviceId, one.monitorId, one.reason, one.dedupKey),
  )
  const calm = state === 'unresolved' ? 'Nothing needs a human' : 'No alert yet'
  return (
    <>
      <Filters search="Search alerts" by={search}>
        <Choose
          label="State"
          of={chosen}
          among={{ unresolved: 'Unresolved', resolved: 'Resolved', all: 'All' }}
        />
      </Filters>
      <div className="card">
        <Listed
          of={alerts}
          found={found}
          heads={['State', 'Severity', 'Alert', 'Opened', 'What happens next', { quiet: 'Act' }]}
          nothing={
            <Empty icon={<IconBellCheck />} title={search[0] ? 'No alert matches' : calm}>
              {search[0]
                ? 'Search for less, or look at all alerts.'
                : 'When a monitor turns, its alert stands here with who was paged and what happens next.'}
            </Empty>
          }
        >
          {(alert) => <Row of={alert} />}
        </Listed>
      </div>
    </>
  )
}

function Row({ of }: { of: Alert }) {
  return (
    <tr>
      <td className="tight">
        <State is={of.state} room="alert" /> {of.silenced && <State is="silenced" />}
      </td>
      <td className="tight">
        <State is={of.severity} />
      </td>
      <td className="wide">
        <Link className="row-title" to={`/alerts/${of.id}`}>
          {of.title}
        </Link>
        <div className="sub">{of.summary}</div>
      </td>
      <td className="tight">
        <Moment at={of.since} />
      </td>
      <td className="wide">
        <NextStep of={of} />
      </td>
      <td className="tight">{of.state === 'open' && <AcknowledgeButton of={of} size="xs" />}</td>
    </tr>
  )
}

/** What happens if nobody acts, and when; or who has acted. */
export function NextStep({ of }: { of: Alert }) {
  if (of.state === 'resolved')
    return (
      <span className="dim">
        Resolved <Moment at={of.resolvedAt} />
      </span>
    )
  if (of.state === 'acknowledged')
    return (
      <span>
        {of.acknowledgedBy ?? 'Somebody'} has it{' '}
        {of.acknowledgedAt && (
          <>
            for <Lasting since={of.acknowledgedAt} />
          </>
        )}
      </span>
    )
  if (of.silenced) return <span className="dim">Silenced: nobody is paged</span>
  if (!of.next) return <span className="dim">Nothing is planned</span>
  return (
    <span>
      {of.next.what}{' '}
      <strong>
        <Moment at={of.next.at} />
      </strong>
    </span>
  )
}
