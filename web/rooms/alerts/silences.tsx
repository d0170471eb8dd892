import { Button, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBellOff } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { type Alert, createSilence, endSilence, listSilences } from '../../../src/contract/alerts.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Empty, Loading, ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Card } from '../../parts/page.tsx'
import { PickMonitor, PickService } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

/** Alerts still open under a silence, but nobody is paged. */
export function SilencesTab() {
  const silences = useList(listSilences)
  const may = useMay('responder')
  const [adding, { open, close }] = useDisclosure()
  const end = useAct(endSilence, () => told('The silence is over; open alerts page again.'))
  const add = may && (
    <Button size="xs" onClick={open}>
      Silence something
    </Button>
  )
  return (
    <Card title="Silences" aside={add} bare>
      {silences.error && <ProblemNote of={silences.error} />}
      {!silences.items && !silences.error && <Loading />}
      {silences.items?.length === 0 && (
        <Empty icon={<IconBellOff />} title="Nothing is silenced">
          A silence keeps a known fault from waking people; it always has an end.
        </Empty>
      )}
      {silences.items && silences.items.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>What</th>
              <th>Why</th>
              <th>Until</th>
              <th>By</th>
              <th>
                <span className="sub">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {silences.items.map((one) => (
              <tr key={one.id}>
                <td className="tight">
                  <State is={one.state} room="silence" />
                </td>
                <td className="wide">{Object.values(one.match).filter(Boolean).join(', ')}</td>
                <td className="wide">{one.reason}</td>
                <td data-label="until">
                  <ExactMoment at={one.until} />
                </td>
                <td data-label="by">{one.by}</td>
                <td className="tight">
                  {may && one.state !== 'expired' && (
                    <Confirmed
                      size="xs"
                      label="End now"
                      question="End this silence now?"
                      consequence="Alerts that are still open start paging people."
                      act="End it"
                      onConfirm={() => end.mutate({ params: { id: one.id } }, { onError: refused })}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More of={silences} />
      {adding && <SilenceForm close={close} />}
    </Card>
  )
}

type Scope = 'monitorId' | 'serviceId' | 'dedupKey'

/** Silences a monitor, a service or one alert's key, until a time that must be named. */
export function SilenceForm({ close, of }: { close: () => void; of?: Alert }) {
  const [scope, setScope] = useState<Scope>(of ? 'dedupKey' : 'monitorId')
  const given = {
    monitorId: of?.monitorId ?? null,
    serviceId: of?.serviceId ?? null,
    dedupKey: of?.dedupKey ?? null,
  }
  const [what, setWhat] = useState<string | null>(given[scope])
  const [until, setUntil] = useState(() => toLocalInput(serverNow() + 3_600_000))
  const [reason, setReason] = useState('')
  const create = useAct(createSilence, () => {
    told('Silenced. Nobody is paged about it until then.')
    close()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const end = fromLocalInput(until)
    if (what && end) create.mutate({ body: { match: { [scope]: what }, until: end, reason } })
  }
  return (
    <Modal opened onClose={close} title="Silence">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="What"
            data={[
              { value: 'dedupKey', label: 'This kind of alert' },
              { value: 'monitorId', label: 'A monitor' },
              { value: 'serviceId', label: 'A whole service' },
            ].filter(({ value }) => of || value !== 'dedupKey')}
            value={scope}
            onChange={(value) => {
              const next = (value ?? 'monitorId') as Scope
              setScope(next)
              setWhat(given[next])
            }}
          />
          {scope === 'monitorId' && <PickMonitor label="Monitor" required value={what} onChange={setWhat} />}
          {scope === 'serviceId' && <PickService label="Service" required value={what} onChange={setWhat} />}
          {scope === 'dedupKey' && <TextInput label="Key" readOnly value={what ?? ''} />}
          <TextInput
            label="Until"
            type="datetime-local"
            required
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <Textarea
            label="Why"
            required
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ProblemNote of={create.error} />
          <Button type="submit" loading={create.isPending}>
            Silence it
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
