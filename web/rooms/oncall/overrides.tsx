import { Button } from '@mantine/core'
import { useState } from 'react'
import { createOverride, listOverrides, removeOverride, type Schedule } from '../../../src/contract/oncall.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { EndRow } from '../../parts/confirm.tsx'
import { told } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, FromTo, useSpan, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { PickPerson, usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'

/** Shifts that were taken or handed over. */
export function OverridesCard({ add }: { add: (() => void) | null }) {
  const overrides = useList(listOverrides)
  const may = useMay('responder')
  const nameOf = usePersonName()
  const aside = add && (
    <Button size="xs" variant="default" onClick={add}>
      Add an override
    </Button>
  )
  return (
    <Card title="Overrides" aside={aside} bare>
      <Listed
        of={overrides}
        found={overrides.items?.filter(({ state }) => state !== 'over')}
        heads={['State', 'Who', 'Schedule', 'From', 'To', 'By', { quiet: 'Actions' }]}
        nothing="None. Everybody has the shifts of the rotation."
        bars={2}
      >
        {(one) => (
          <tr>
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
                <EndRow
                  by={removeOverride}
                  id={one.id}
                  label="Remove"
                  question="Remove this override?"
                  consequence={`${nameOf(one.personId)} no longer has this time; whoever the rotation names has it.`}
                  act="Remove it"
                  done="Removed; the rotation holds again."
                />
              )}
            </td>
          </tr>
        )}
      </Listed>
    </Card>
  )
}

/** Takes a shift, or hands one over. */
export function OverrideForm(props: { schedules: Schedule[]; first: Schedule | null; close: () => void }) {
  const { schedules, first, close } = props
  const me = useMe()
  const schedule = useTyped(first?.id ?? schedules[0]?.id ?? '')
  const [personId, setPersonId] = useState<string | null>(me.personId)
  const span = useSpan(12)
  const create = useAct(createOverride, () => {
    told('The schedule is changed.')
    close()
  })
  const send = () => {
    if (personId && span.given)
      create.mutate({ body: { scheduleId: schedule.value, personId, ...span.given } })
  }
  return (
    <FormDialog
      title="Take a shift, or hand one over"
      of={create}
      act="Change the schedule"
      send={send}
      close={close}
    >
      <ChoiceField
        label="Schedule"
        data={schedules.map(({ id, name }) => ({ value: id, label: name }))}
        of={schedule}
      />
      <PickPerson label="Who is on call" required value={personId} onChange={setPersonId} />
      <FromTo of={span} />
    </FormDialog>
  )
}
