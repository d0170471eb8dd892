import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { createOverride, listOverrides, removeOverride, type Schedule } from '../../../src/contract/oncall.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Loading, ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { Card } from '../../parts/page.tsx'
import { PickPerson, usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

/** Shifts that were taken or handed over. */
export function OverridesCard({ add }: { add: (() => void) | null }) {
  const overrides = useList(listOverrides)
  const may = useMay('responder')
  const remove = useAct(removeOverride, () => told('Removed; the rotation holds again.'))
  const nameOf = usePersonName()
  const current = overrides.items?.filter(({ state }) => state !== 'over')
  return (
    <Card
      title="Overrides"
      aside={
        add && (
          <Button size="xs" variant="default" onClick={add}>
            Add an override
          </Button>
        )
      }
      bare
    >
      {overrides.error && <ProblemNote of={overrides.error} />}
      {!current && !overrides.error && <Loading rows={2} />}
      {current?.length === 0 && (
        <p className="sub" style={{ margin: 0, padding: '12px 14px' }}>
          None. Everybody has the shifts of the rotation.
        </p>
      )}
      {current && current.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>Who</th>
              <th>Schedule</th>
              <th>From</th>
              <th>To</th>
              <th>By</th>
              <th>
                <span className="sub">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {current.map((one) => (
              <tr key={one.id}>
                <td className="tight">
                  <State is={one.state} />
                </td>
                <td>
                  <strong>{nameOf(one.personId)}</strong>
                </td>
                <td data-label="in">{one.scheduleId}</td>
                <td data-label="from">
                  <ExactMoment at={one.from} />
                </td>
                <td data-label="to">
                  <ExactMoment at={one.to} />
                </td>
                <td data-label="by">{one.by}</td>
                <td className="tight">
                  {may && (
                    <Confirmed
                      size="xs"
                      label="Remove"
                      question="Remove this override?"
                      consequence={`${nameOf(one.personId)} no longer has this time; whoever the rotation names has it.`}
                      act="Remove it"
                      onConfirm={() => remove.mutate({ params: { id: one.id } }, { onError: refused })}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More of={overrides} />
    </Card>
  )
}

/** Takes a shift, or hands one over. */
export function OverrideForm({
  schedules,
  first,
  close,
}: {
  schedules: Schedule[]
  first: Schedule | null
  close: () => void
}) {
  const me = useMe()
  const [scheduleId, setScheduleId] = useState(first?.id ?? schedules[0]?.id ?? '')
  const [personId, setPersonId] = useState<string | null>(me.personId)
  const [from, setFrom] = useState(() => toLocalInput(serverNow()))
  const [to, setTo] = useState(() => toLocalInput(serverNow() + 12 * 3_600_000))
  const create = useAct(createOverride, () => {
    told('The schedule is changed.')
    close()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const start = fromLocalInput(from)
    const end = fromLocalInput(to)
    if (personId && start && end) create.mutate({ body: { scheduleId, personId, from: start, to: end } })
  }
  return (
    <Modal opened onClose={close} title="Take a shift, or hand one over">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Schedule"
            data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
            value={scheduleId}
            onChange={(value) => setScheduleId(value ?? '')}
          />
          <PickPerson label="Who is on call" required value={personId} onChange={setPersonId} />
          <Group grow>
            <TextInput
              label="From"
              type="datetime-local"
              required
              value={from}
              onChange={(e) => setFrom(e.currentTarget.value)}
            />
            <TextInput
              label="To"
              type="datetime-local"
              required
              value={to}
              onChange={(e) => setTo(e.currentTarget.value)}
            />
          </Group>
          <ProblemNote of={create.error} />
          <Button type="submit" loading={create.isPending}>
            Change the schedule
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
