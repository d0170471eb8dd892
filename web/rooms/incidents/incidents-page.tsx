import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFlag } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { type Incident, listIncidents, openIncident } from '../../../src/contract/incidents.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { Choose, Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { PickServices } from '../../parts/pick.tsx'
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
  const search = useFilter('q')
  const chosen = useFilter('state', 'all')
  const [declaring, { open, close }] = useDisclosure()
  const may = useMay('responder')
  const state = chosen[0] === 'all' ? undefined : (chosen[0] as Filter)
  const incidents = useList(listIncidents, { query: { state } }, { all: search[0] !== '' })
  const found = incidents.items?.filter((one) =>
    matches(search[0], one.title, one.severity, ...one.serviceIds),
  )
  const filtered = search[0] || state
  const declare = may && (
    <Button leftSection={<IconFlag size={16} />} onClick={open}>
      Declare an incident
    </Button>
  )
  return (
    <>
      <PageHead title="Incidents" actions={declare} />
      <Filters search="Search incidents" by={search}>
        <Choose
          label="State"
          of={chosen}
          among={{ all: 'All', open: 'Open', resolved: 'Resolved', closed: 'Closed' }}
        />
      </Filters>
      <div className="card">
        <Listed
          of={incidents}
          found={found}
          heads={['Severity', 'Incident', 'State', 'Services', 'Declared', 'In this state']}
          nothing={
            <Empty title={filtered ? 'No incident matches' : 'No incident yet'} icon={<IconFlag />}>
              {filtered
                ? 'Take a filter away, or search for less.'
                : 'Declare one when people are hit, or about to be: it keeps the time line while you work.'}
            </Empty>
          }
        >
          {(incident) => <Row of={incident} />}
        </Listed>
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
  const title = useTyped()
  const severity = useTyped('SEV2')
  const detection = useTyped('person')
  const impact = useTyped()
  const [services, setServices] = useState<string[]>([])
  const declare = useAct(openIncident, (incident) => void navigate(`/incidents/${incident.id}`))
  const send = () => {
    const impactStart = fromLocalInput(impact.value)
    declare.mutate({
      body: {
        title: title.value,
        severity: severity.value as Incident['severity'],
        serviceIds: services,
        detection: detection.value as Incident['detection'],
        ...(impactStart ? { impactStart } : {}),
      },
    })
  }
  return (
    <FormDialog title="Declare an incident" of={declare} act="Declare it" send={send} close={close}>
      <TextField
        label="What is wrong, as users see it"
        at="title"
        required
        maxLength={120}
        of={title}
        data-autofocus
      />
      <ChoiceField label="Severity" data={SEVERITIES} of={severity} />
      <PickServices label="Services" value={services} onChange={setServices} />
      <ChoiceField
        label="Noticed by"
        data={[
          { value: 'monitor', label: 'a monitor' },
          { value: 'person', label: 'one of us' },
          { value: 'customer', label: 'a user' },
        ]}
        of={detection}
      />
      <TimeField
        label="Impact began"
        description="If it is known; it can be set later."
        at="impactStart"
        of={impact}
      />
    </FormDialog>
  )
}
