import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBellOff } from '@tabler/icons-react'
import { useState } from 'react'
import { type Alert, createSilence, endSilence, listSilences } from '../../../src/contract/alerts.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { EndRow } from '../../parts/confirm.tsx'
import { Empty, told } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, LongField, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
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
  const add = may && (
    <Button size="xs" onClick={open}>
      Silence something
    </Button>
  )
  return (
    <Card title="Silences" aside={add} bare>
      <Listed
        of={silences}
        heads={['State', 'What', 'Why', 'Until', 'By', { quiet: 'Actions' }]}
        nothing={
          <Empty icon={<IconBellOff />} title="Nothing is silenced">
            A silence keeps a known fault from waking people; it always has an end.
          </Empty>
        }
      >
        {(one) => (
          <tr>
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
                <EndRow
                  by={endSilence}
                  id={one.id}
                  label="End now"
                  question="End this silence now?"
                  consequence="Alerts that are still open start paging people."
                  act="End it"
                  done="The silence is over; open alerts page again."
                />
              )}
            </td>
          </tr>
        )}
      </Listed>
      {adding && <SilenceForm close={close} />}
    </Card>
  )
}

/** Silences a monitor, a service or one alert's key, until a time that must be named. */
export function SilenceForm({ close, of }: { close: () => void; of?: Alert }) {
  const given: Record<string, string | null> = {
    monitorId: of?.monitorId ?? null,
    serviceId: of?.serviceId ?? null,
    dedupKey: of?.dedupKey ?? null,
  }
  const scope = useTyped(of ? 'dedupKey' : 'monitorId')
  const [what, setWhat] = useState<string | null>(given[scope.value] ?? null)
  const until = useTyped(() => toLocalInput(serverNow() + 3_600_000))
  const reason = useTyped()
  const choose = (value: string) => {
    scope.set(value)
    setWhat(given[value] ?? null)
  }
  const create = useAct(createSilence, () => {
    told('Silenced. Nobody is paged about it until then.')
    close()
  })
  const send = () => {
    const end = fromLocalInput(until.value)
    if (what && end)
      create.mutate({ body: { match: { [scope.value]: what }, until: end, reason: reason.value } })
  }
  return (
    <FormDialog title="Silence" of={create} act="Silence it" send={send} close={close}>
      <ChoiceField
        label="What"
        data={[
          { value: 'dedupKey', label: 'This kind of alert' },
          { value: 'monitorId', label: 'A monitor' },
          { value: 'serviceId', label: 'A whole service' },
        ].filter(({ value }) => of || value !== 'dedupKey')}
        of={{ value: scope.value, set: choose }}
      />
      {scope.value === 'monitorId' && (
        <PickMonitor label="Monitor" required value={what} onChange={setWhat} />
      )}
      {scope.value === 'serviceId' && (
        <PickService label="Service" required value={what} onChange={setWhat} />
      )}
      {scope.value === 'dedupKey' && (
        <TextField label="Key" readOnly of={{ value: what ?? '', set: setWhat }} />
      )}
      <TimeField label="Until" at="until" required of={until} />
      <LongField label="Why" at="reason" required of={reason} />
    </FormDialog>
  )
}
