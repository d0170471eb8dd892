import { SegmentedControl, Tabs } from '@mantine/core'
import { IconBellCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Alert, listAlerts } from '../../../src/contract/alerts.ts'
import { useList } from '../../api/hooks.ts'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { PageHead } from '../../parts/page.tsx'
import { SearchBox } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { AcknowledgeButton } from './acknowledge.tsx'
import { SilencesTab } from './silences.tsx'

const STATES = ['unresolved', 'open', 'acknowledged', 'resolved'] as const

/** What may need a human. */
export function AlertsPage() {
  const [tab, setTab] = useFilter('tab', 'alerts')
  return (
    <>
      <PageHead title="Alerts" />
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'alerts')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
          <Tabs.Tab value="silences">Silences</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="alerts">
          <AlertList />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <SilencesTab />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function AlertList() {
  const [search, setSearch] = useFilter('q')
  const [chosen, setState] = useFilter('state', 'unresolved')
  const state = STATES.find((one) => one === chosen)
  const alerts = useList(listAlerts, { query: state ? { state } : {} })
  const found = alerts.items?.filter((one) =>
    matches(search, one.title, one.summary, one.serviceId, one.monitorId, one.reason, one.dedupKey),
  )
  return (
    <>
      <div className="filters">
        <SearchBox label="Search alerts" value={search} onChange={setSearch} />
        <SegmentedControl
          aria-label="State"
          size="xs"
          value={chosen}
          onChange={setState}
          data={[
            { value: 'unresolved', label: 'Unresolved' },
            { value: 'resolved', label: 'Resolved' },
            { value: 'all', label: 'All' },
          ]}
        />
      </div>
      <div className="card">
        {alerts.error && <ProblemNote of={alerts.error} retry={alerts.refetch} />}
        {!found && !alerts.error && <Loading />}
        {found?.length === 0 && (
          <Empty
            icon={<IconBellCheck />}
            title={
              search ? 'No alert matches' : state === 'unresolved' ? 'Nothing needs a human' : 'No alert yet'
            }
          >
            {search
              ? 'Search for less, or look at all alerts.'
              : 'When a monitor turns, its alert stands here with who was paged and what happens next.'}
          </Empty>
        )}
        {found && found.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>State</th>
                <th>Severity</th>
                <th>Alert</th>
                <th>Opened</th>
                <th>What happens next</th>
                <th>
                  <span className="sub">Act</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((alert) => (
                <Row key={alert.id} of={alert} />
              ))}
            </tbody>
          </table>
        )}
        <More of={alerts} />
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
