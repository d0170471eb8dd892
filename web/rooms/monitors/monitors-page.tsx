import { Button, SegmentedControl, Select, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconActivityHeartbeat, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { listMonitors, type Monitor } from '../../../src/contract/monitors.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { matches } from '../../parts/matches.ts'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { SearchBox } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { byUrgency } from '../../parts/states.ts'
import { MaintenanceTab } from './maintenance.tsx'
import { MonitorForm } from './monitor-form.tsx'

/** How many rows are drawn at once; ten thousand would make the page heavy. */
const WINDOW = 200

/** Everything that is watched, the worst first. */
export function MonitorsPage() {
  const [tab, setTab] = useFilter('tab', 'monitors')
  const [adding, { open, close }] = useDisclosure()
  const mayEdit = useMay('editor')
  return (
    <>
      <PageHead
        title="Monitors"
        actions={
          mayEdit && (
            <Button leftSection={<IconPlus size={16} />} onClick={open}>
              Add a monitor
            </Button>
          )
        }
      />
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'monitors')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="monitors">Monitors</Tabs.Tab>
          <Tabs.Tab value="maintenance">Maintenance</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="monitors">
          <MonitorList add={mayEdit ? open : null} />
        </Tabs.Panel>
        <Tabs.Panel value="maintenance">
          <MaintenanceTab />
        </Tabs.Panel>
      </Tabs>
      {adding && <MonitorForm close={close} />}
    </>
  )
}

/** The state that the list shows: a window of maintenance covers the verdict, a paused monitor has none. */
function shownState(monitor: Monitor): string {
  if (!monitor.enabled) return 'paused'
  return monitor.inMaintenance ? 'maintenance' : monitor.state
}

function MonitorList({ add }: { add: (() => void) | null }) {
  const monitors = useList(listMonitors, { query: { limit: 500 } }, { all: true })
  const [search, setSearch] = useFilter('q')
  const [state, setState] = useFilter('state', 'all')
  const [service, setService] = useFilter('service')
  const [shown, setShown] = useState(WINDOW)
  if (monitors.error && !monitors.items) return <ProblemNote of={monitors.error} retry={monitors.refetch} />
  if (!monitors.items) return <Loading rows={8} />
  if (monitors.items.length === 0)
    return (
      <Card title="Monitors" bare>
        <Empty
          title="Nothing is watched yet"
          icon={<IconActivityHeartbeat />}
          action={add && <Button onClick={add}>Add a monitor</Button>}
        >
          Begin with the certificate and the front page of what people use most.
        </Empty>
      </Card>
    )
  const services = [...new Set(monitors.items.map(({ serviceId }) => serviceId))].sort()
  const found = monitors.items
    .filter(
      (one) =>
        (state === 'all' || shownState(one) === state) && (service === '' || one.serviceId === service),
    )
    .filter((one) => matches(search, one.name, one.id, one.target, one.serviceId, one.reason, one.kind))
    .sort((a, b) => byUrgency(shownState(a), shownState(b)) || a.name.localeCompare(b.name))
  return (
    <>
      <div className="filters">
        <SearchBox label="Search monitors" value={search} onChange={setSearch} />
        <Select
          aria-label="Service"
          data={[{ value: '', label: 'Every service' }, ...services]}
          value={service}
          onChange={(value) => setService(value ?? '')}
          w={170}
          searchable
        />
        <SegmentedControl
          aria-label="State"
          size="xs"
          value={state}
          onChange={setState}
          data={[
            { value: 'all', label: 'All' },
            { value: 'down', label: 'Down' },
            { value: 'unknown', label: 'Unknown' },
            { value: 'degraded', label: 'Degraded' },
            { value: 'up', label: 'Up' },
          ]}
        />
        <span className="sub" role="status">
          {found.length} of {monitors.items.length}
        </span>
      </div>
      <div className="card">
        {found.length === 0 ? (
          <Empty title="No monitor matches">Take a filter away, or search for less.</Empty>
        ) : (
          <table className="rows">
            <thead>
              <tr>
                <th>State</th>
                <th>Monitor</th>
                <th>What it sees</th>
                <th>Service</th>
                <th className="right">For</th>
                <th className="right">Took</th>
                <th className="right">Checked</th>
                <th>
                  <span className="sub">Managed by</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, shown).map((monitor) => (
                <Row key={monitor.id} of={monitor} />
              ))}
            </tbody>
          </table>
        )}
        {found.length > shown && (
          <div style={{ padding: 12, textAlign: 'center' }}>
            <Button variant="default" size="xs" onClick={() => setShown(shown + WINDOW)}>
              Show {Math.min(WINDOW, found.length - shown)} more
            </Button>
          </div>
        )}
      </div>
    </>
  )
}

function Row({ of }: { of: Monitor }) {
  return (
    <tr>
      <td className="tight">
        <State is={shownState(of)} />
      </td>
      <td>
        <Link className="row-title" to={`/monitors/${encodeURIComponent(of.id)}`}>
          {of.name}
        </Link>
        <div className="sub">
          {of.kind} · {of.target}
        </div>
      </td>
      <td className="wide">{of.summary}</td>
      <td className="tight" data-label="service">
        {of.serviceId}
      </td>
      <td className="tight right" data-label="for">
        <Lasting since={of.since} />
      </td>
      <td className="tight right" data-label="took">
        {of.tookMs === null ? '–' : `${Math.round(of.tookMs)} ms`}
      </td>
      <td className="tight right" data-label="checked">
        <Moment at={of.lastCheckedAt} missing="never" />
      </td>
      <td className="tight">{of.managedBy === 'file' && <ByFile />}</td>
    </tr>
  )
}
