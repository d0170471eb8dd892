import { Button, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFlag } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { type Incident, listIncidents, openIncident } from '../../../src/contract/incidents.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { PageHead } from '../../parts/page.tsx'
import { PickServices, SearchBox } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { fromLocalInput } from '../../times/say-time.ts'

type Filter = 'open' | 'resolved' | 'closed'
/** What each severity asks for, in a few words. */
export const SEVERITIES = [
  { value: 'SEV1', label: 'SEV1 – everybody is hit' },
  { value: 'SEV2', label: 'SEV2 – many are hit' },
  { value: 'SEV3', label: 'SEV3 – some are hit, or a spare is gone' },
  { value: 'SEV4', label: 'SEV4 – nobody is hit yet' },
] as const

/** What happened, the newest first. */
export function IncidentsPage() {
  const [search, setSearch] = useFilter('q')
  const [chosen, setState] = useFilter('state', 'all')
  const [declaring, { open, close }] = useDisclosure()
  const may = useMay('responder')
  const state = chosen === 'all' ? undefined : (chosen as Filter)
  const incidents = useList(listIncidents, { query: { state } })
  const found = incidents.items?.filter((one) => matches(search, one.title, one.severity, ...one.serviceIds))
  const declare = may && (
    <Button leftSection={<IconFlag size={16} />} onClick={open}>
      Declare an incident
    </Button>
  )
  return (
    <>
      <PageHead title="Incidents" actions={declare} />
      <div className="filters">
        <SearchBox label="Search incidents" value={search} onChange={setSearch} />
        <SegmentedControl
          aria-label="State"
          size="xs"
          value={chosen}
          onChange={setState}
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: 'Open' },
            { value: 'resolved', label: 'Resolved' },
            { value: 'closed', label: 'Closed' },
          ]}
        />
      </div>
      <div className="card">
        {incidents.error && <ProblemNote of={incidents.error} retry={incidents.refetch} />}
        {!found && !incidents.error && <Loading />}
        {found?.length === 0 && (
          <Empty title={search || state ? 'No incident matches' : 'No incident yet'} icon={<IconFlag />}>
            {search || state
              ? 'Take a filter away, or search for less.'
              : 'Declare one when people are hit, or about to be: it keeps the time line while you work.'}
          </Empty>
        )}
        {found && found.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>Severity</th>
                <th>Incident</th>
                <th>State</th>
                <th>Services</th>
                <th>Declared</th>
                <th>In this state</th>
              </tr>
            </thead>
            <tbody>
              {found.map((incident) => (
                <Row key={incident.id} of={incident} />
              ))}
            </tbody>
          </table>
        )}
        <More of={incidents} />
      </div>
      {declaring && <Declare close={close} />}
    </>
  )
}

function Row({ of }: { of: Incident }) {
  return (
    <tr>
      <td className="tight">
        <State is={of.severity} />
      </td>
      <td className="wide">
        <Link className="row-title" to={`/incidents/${of.id}`}>
          {of.title}
        </Link>
        <div className="sub">
          {of.commander ? `${of.commander.name} commands` : 'nobody commands'}
          {of.reopened > 0 && `, reopened ${of.reopened} ×`}
        </div>
      </td>
      <td className="tight">
        <State is={of.state} />
      </td>
      <td data-label="services">{of.serviceIds.join(', ') || '–'}</td>
      <td className="tight">
        <ExactMoment at={of.declaredAt} />
      </td>
      <td className="tight" data-label="for">
        <Lasting since={of.since} />
      </td>
    </tr>
  )
}

function Declare({ close }: { close: () => void }) {
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [severity, setSeverity] = useState('SEV2')
  const [services, setServices] = useState<string[]>([])
  const [detection, setDetection] = useState('person')
  const [impact, setImpact] = useState('')
  const declare = useAct(openIncident, (incident) => void navigate(`/incidents/${incident.id}`))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const impactStart = fromLocalInput(impact)
    declare.mutate({
      body: {
        title,
        severity: severity as Incident['severity'],
        serviceIds: services,
        detection: detection as Incident['detection'],
        ...(impactStart ? { impactStart } : {}),
      },
    })
  }
  return (
    <Modal opened onClose={close} title="Declare an incident">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="What is wrong, as users see it"
            required
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          <Select
            label="Severity"
            data={SEVERITIES}
            value={severity}
            onChange={(value) => setSeverity(value ?? 'SEV2')}
          />
          <PickServices label="Services" value={services} onChange={setServices} />
          <Select
            label="Noticed by"
            data={[
              { value: 'monitor', label: 'a monitor' },
              { value: 'person', label: 'one of us' },
              { value: 'customer', label: 'a user' },
            ]}
            value={detection}
            onChange={(value) => setDetection(value ?? 'person')}
          />
          <TextInput
            label="Impact began"
            description="If it is known; it can be set later."
            type="datetime-local"
            value={impact}
            onChange={(event) => setImpact(event.currentTarget.value)}
          />
          <ProblemNote of={declare.error} />
          <Button type="submit" loading={declare.isPending}>
            Declare it
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
