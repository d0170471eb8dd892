import { Button, Modal, Radio, Stack, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { createDrill } from '../../../src/contract/proofs.ts'
import { useAct } from '../../api/hooks.ts'
import { byField } from '../../api/problem.ts'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { PickMonitor, PickPerson } from '../../parts/pick.tsx'
import { fromLocalInput } from '../../times/say-time.ts'
import { drillSettings } from './drill-settings.ts'

/** Adds a drill: would the monitor notice, or who would be paged and when? */
export function DrillForm({ proves, close }: { proves: string | null; close: () => void }) {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  const [kind, setKind] = useState<'monitor-faults' | 'end-to-end'>('monitor-faults')
  const [monitor, setMonitor] = useState<string | null>(null)
  const [every, setEvery] = useState('7d')
  const [faults, setFaults] = useState<string[]>([])
  const [fault, setFault] = useState('')
  const [paged, setPaged] = useState<string | null>(null)
  const [within, setWithin] = useState('5m')
  const [at, setAt] = useState('')
  const create = useAct(createDrill, (drill) => {
    told('Added. Run it to see what would happen today.')
    void navigate(`/drills/${encodeURIComponent(drill.id)}`)
  })
  const problems = byField(create.error?.problems ?? [], 'settings.')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const settings = drillSettings({
      kind,
      monitor: monitor ?? '',
      every,
      faults,
      fault,
      paged,
      within,
      at: fromLocalInput(at),
    })
    create.mutate({ body: { id, settings, actionId: proves } })
  }
  return (
    <Modal
      opened
      onClose={close}
      title={proves ? 'Add the drill that proves the action' : 'Add a drill'}
      size="lg"
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Id"
            description="Lower-case letters, digits and hyphens"
            required
            pattern="[a-z0-9][a-z0-9\-]*"
            error={problems.id}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            data-autofocus
          />
          <Radio.Group label="What it asks" value={kind} onChange={(value) => setKind(value as typeof kind)}>
            <Stack gap={6} mt={6}>
              <Radio
                value="monitor-faults"
                label="Would the monitor notice?"
                description="Real servers, each broken in one respect, are shown to a copy of the monitor."
              />
              <Radio
                value="end-to-end"
                label="Who would be paged, and how soon?"
                description="One failure is played through alerts, routes and people in virtual time."
              />
            </Stack>
          </Radio.Group>
          <PickMonitor
            label="Monitor"
            required
            value={monitor}
            onChange={setMonitor}
            error={problems.monitor}
          />
          {kind === 'monitor-faults' ? (
            <TagsInput
              label="Faults"
              description="Names such as certificate-expired; empty for all that apply to the monitor"
              value={faults}
              onChange={setFaults}
              error={problems.faults}
              acceptValueOnBlur
            />
          ) : (
            <>
              <TextInput
                label="Fault"
                description="A name such as certificate-expired; empty: the monitor simply reports down"
                value={fault}
                error={problems.fault}
                onChange={(event) => setFault(event.currentTarget.value)}
              />
              <PickPerson
                label="Who must be paged"
                description="Empty: anybody"
                clearable
                value={paged}
                onChange={setPaged}
                error={problems['expect.paged']}
              />
              <TextInput
                label="Within"
                description="How soon after the failure begins, such as 5m"
                required
                value={within}
                error={problems['expect.within']}
                onChange={(event) => setWithin(event.currentTarget.value)}
              />
              <TextInput
                label="When it strikes"
                description="A night or a holiday; empty for now"
                type="datetime-local"
                value={at}
                onChange={(event) => setAt(event.currentTarget.value)}
              />
            </>
          )}
          <TextInput
            label="Repeat every"
            description="Such as 7d; empty: only when somebody runs it. A proof that is not repeated grows stale."
            value={every}
            error={problems.every}
            onChange={(event) => setEvery(event.currentTarget.value)}
          />
          <ProblemNote of={create.error} />
          <Button type="submit" loading={create.isPending}>
            Add
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
