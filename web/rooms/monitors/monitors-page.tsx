import { Button, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconActivityHeartbeat, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { listMonitors, type Monitor } from '../../../src/contract/monitors.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Choose, Filters, type Head, Rows, Tabbed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { matches } from '../../parts/matches.ts'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { byUrgency } from '../../parts/states.ts'
import { MaintenanceTab } from './maintenance.tsx'
import { MonitorForm } from './monitor-form.tsx'

/** How many rows are drawn at once; ten thousand would make the page heavy. */
const WINDOW = 200

const HEADS: Head[] = [
  'State',
  'Monitor',
  'What it sees',
  'Service',
  { right: 'For' },
  { right: 'Took' },
  { right: 'Checked' },
  { quiet: 'Managed by' },
]

/** Everything that is watched, the worst first. */
export function MonitorsPage() {
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
      <Tabbed
        of={{
          monitors: { label: 'Monitors', show: <MonitorList add={mayEdit ? open : null} /> },
          maintenance: { label: 'Maintenance', show: <MaintenanceTab /> },
        }}
      />
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
  const search = useFilter('q')
  const state = useFilter('state', 'all')
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
        (state[0] === 'all' || shownState(one) === state[0]) && (service === '' || one.serviceId === service),
    )
    .filter((one) => matches(search[0], one.name, one.id, one.target, one.serviceId, one.reason, one.kind))
    .sort((a, b) => byUrgency(shownState(a), shownState(b)) || a.name.localeCompare(b.name))
  return (
    <>
      <Filters search="Search monitors" by={search}>
        <Select
          aria-label="Service"
          data={[{ value: '', label: 'Every service' }, ...services]}
          value={service}
          onChange={(value) => setService(value ?? '')}
          w={170}
          searchable
        />
        <Choose
          label="State"
          of={state}
          among={{ all: 'All', down: 'Down', unknown: 'Unknown', degraded: 'Degraded', up: 'Up' }}
        />
        <span className="sub" role="status">
          {found.length} of {monitors.items.length}
        </span>
      </Filters>
      <div className="card">
        {found.length === 0 ? (
          <Empty title="No monitor matches">Take a filter away, or search for less.</Empty>
        ) : (
          <Rows of={found.slice(0, shown)} heads={HEADS}>
            {(monitor) => <Row of={monitor} />}
          </Rows>
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
