import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import {
  type Action,
  addAction,
  listActions,
  type PostmortemDetail,
} from '../../../src/contract/postmortems.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, LongField, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { PickDrill, PickPerson, usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { fromLocalInput } from '../../times/say-time.ts'

/** The actions of a post-mortem, each with what must be shown before it counts as done. */
export function ActionsCard({ of }: { of: PostmortemDetail }) {
  const actions = useList(listActions, { query: { postmortemId: of.id } }, { all: true })
  const may = useMay('responder')
  const nameOf = usePersonName()
  const [adding, { open, close }] = useDisclosure()
  return (
    <Card
      title="Actions"
      aside={
        may &&
        of.state !== 'closed' && (
          <Button size="xs" onClick={open}>
            Add an action
          </Button>
        )
      }
    >
      {actions.error && <ProblemNote of={actions.error} />}
      {!actions.items && !actions.error && <Loading rows={3} />}
      {actions.items?.length === 0 && (
        <p className="sub" style={{ margin: 0 }}>
          None yet. Write down what must change, and what would prove it.
        </p>
      )}
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 14 }}>
        {actions.items?.map((action) => (
          <li key={action.id}>
            <State is={action.state} room="action" />
            <div>
              <Link className="row-title" to={`/actions/${action.id}`}>
                {action.title}
              </Link>
            </div>
            <div className="sub">
              {action.type} · {action.owner ? nameOf(action.owner) : 'nobody owns it'}{' '}
              {action.dueAt && (
                <>
                  · due <Moment at={action.dueAt} />
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
      {adding && <Add postmortemId={of.id} close={close} />}
    </Card>
  )
}

const TYPES: { value: Action['type']; label: string }[] = [
  { value: 'detect', label: 'Detect it sooner' },
  { value: 'mitigate', label: 'Make it hurt less' },
  { value: 'prevent', label: 'Keep it from happening' },
  { value: 'repair', label: 'Repair what it left' },
  { value: 'process', label: 'Change how we work' },
]

function Add({ postmortemId, close }: { postmortemId: string; close: () => void }) {
  const title = useTyped()
  const type = useTyped('detect')
  const due = useTyped()
  const criterion = useTyped()
  const [owner, setOwner] = useState<string | null>(null)
  const [drillId, setDrillId] = useState<string | null>(null)
  const add = useAct(addAction, () => {
    told('Added. It closes when its drill has passed.')
    close()
  })
  const send = () =>
    add.mutate({
      params: { id: postmortemId },
      body: {
        title: title.value,
        type: type.value as Action['type'],
        owner,
        dueAt: fromLocalInput(due.value),
        criterion: criterion.value,
        drillId,
      },
    })
  return (
    <FormDialog title="Add an action" size="lg" of={add} act="Add" send={send} close={close}>
      <TextField
        label="What will be different"
        at="title"
        required
        maxLength={120}
        of={title}
        data-autofocus
      />
      <LongField
        label="Acceptance criterion"
        description="What must be seen before it counts as done. Written now, before the work."
        placeholder="The certificate monitor turns down within 2 minutes when the server presents an expired certificate."
        at="criterion"
        required
        of={criterion}
      />
      <PickDrill
        label="Drill that decides"
        description="It replays the failure; when it passes, the action is proved. It can be chosen later."
        value={drillId}
        onChange={setDrillId}
      />
      <ChoiceField label="Kind" data={TYPES} of={type} />
      <PickPerson label="Owner" clearable value={owner} onChange={setOwner} />
      <TimeField label="Due" at="dueAt" of={due} />
    </FormDialog>
  )
}
