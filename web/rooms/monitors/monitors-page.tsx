import { Button, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconActivityHeartbeat, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { listServices } from '../../../src/contract/catalog.ts'
import {
  countMonitors,
  listMonitors,
  type Monitor,
  SHOWN_STATES,
  type ShownState,
} from '../../../src/contract/monitors.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Choose, Filters, type Head, Rows, Tabbed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { MaintenanceTab } from './maintenance.tsx'
import { MonitorForm } from './monitor-form.tsx'

/** How many rows are fetched and drawn at once; ten thousand would make the page heavy. */
const WINDOW = 100

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

const STATES = { all: 'All', down: 'Down', unknown: 'Unknown', degraded: 'Degraded', up: 'Up' }

function MonitorList({ add }: { add: (() => void) | null }) {
  const search = useFilter('q')
  const state = useFilter('state', 'all')
  const [service, setService] = useFilter('service')
  const filter = { ...(service && { service }), ...(search[0].trim() && { q: search[0].trim() }) }
  const shown = isShownState(state[0]) ? { state: state[0] } : {}
  // The server sorts and filters: ten thousand monitors would be megabytes before the first row.
  const monitors = useList(
    listMonitors,
    { query: { ...filter, ...shown, order: 'urgency', limit: WINDOW } },
    { keep: true },
  )
  const counts = useRead(countMonitors, { query: filter }, { keep: true })
  const all = useRead(countMonitors)
  const services = useList(listServices, {}, { all: true })
  if (monitors.error && !monitors.items) return <ProblemNote of={monitors.error} retry={monitors.refetch} />
  if (!monitors.items || !counts.data || !all.data) return <Loading rows={8} />
  const { total, states } = counts.data
  const isEmpty = all.data.total === 0
  if (isEmpty)
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
  const found = isShownState(state[0]) ? (states[state[0]] ?? 0) : total
  const names = (services.items ?? []).map((one) => ({ value: one.id, label: one.name }))
  return (
    <>
      <Filters search="Search monitors" by={search}>
        <Select
          aria-label="Service"
          data={[{ value: '', label: 'Every service' }, ...names]}
          value={service}
          onChange={(value) => setService(value ?? '')}
          w={170}
          searchable
        />
        <Choose label="State" of={state} among={STATES} />
        <span className="sub" role="status">
          {found} of {all.data.total}
        </span>
      </Filters>
      <div className="card">
        {monitors.items.length === 0 ? (
          <Empty title="No monitor matches">Take a filter away, or search for less.</Empty>
        ) : (
          <Rows of={monitors.items} heads={HEADS}>
            {(monitor) => <Row of={monitor} />}
          </Rows>
        )}
        {monitors.hasMore && (
          <div style={{ padding: 12, textAlign: 'center' }}>
            <Button variant="default" size="xs" loading={monitors.isLoadingMore} onClick={monitors.loadMore}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </>
  )
}

function isShownState(text: string): text is ShownState {
  return (SHOWN_STATES as readonly string[]).includes(text)
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
