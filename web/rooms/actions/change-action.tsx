import { useState } from 'react'
import { type Action, changeAction } from '../../../src/contract/postmortems.ts'
import { useAct } from '../../api/hooks.ts'
import { ACTION_KINDS } from '../../parts/evidence/action-kinds.ts'
import { told } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, LongField, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { PickDrill, PickPerson } from '../../parts/pick.tsx'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

/** What of an action may be changed in its present state. */
export function Change({ of, close }: { of: Action; close: () => void }) {
  const title = useTyped(of.title)
  const criterion = useTyped(of.criterion)
  const type = useTyped(of.type)
  const due = useTyped(of.dueAt ? toLocalInput(Date.parse(of.dueAt)) : '')
  const [owner, setOwner] = useState(of.owner)
  const [drillId, setDrillId] = useState(of.drillId)
  const fixed = !['open', 'refuted', 'dropped'].includes(of.state)
  const change = useAct(changeAction, () => {
    told('Changed.')
    close()
  })
  const send = () =>
    change.mutate({
      params: { id: of.id },
      body: {
        ...(criterion.value === of.criterion ? {} : { criterion: criterion.value }),
        ...(title.value === of.title ? {} : { title: title.value }),
        ...(type.value === of.type ? {} : { type: type.value as Action['type'] }),
        ...(owner === of.owner ? {} : { owner }),
        ...(sameMinute(due.value, of.dueAt) ? {} : { dueAt: fromLocalInput(due.value) }),
        ...(drillId === of.drillId ? {} : { drillId }),
      },
    })
  return (
    <FormDialog title="Change the action" size="lg" of={change} act="Change it" send={send} close={close}>
      <TextField label="What will be different" at="title" required maxLength={120} of={title} />
      <LongField
        label="Acceptance criterion"
        description={
          fixed
            ? 'It stands once the action is claimed, so that it is not written to fit the work.'
            : undefined
        }
        disabled={fixed}
        at="criterion"
        required
        of={criterion}
      />
      <ChoiceField label="Kind" data={ACTION_KINDS} of={type} />
      <PickPerson label="Owner" clearable value={owner} onChange={setOwner} />
      <TimeField label="Due" at="dueAt" of={due} />
      {/* Until there is one, it may be named late: nothing has been proved by it. */}
      <PickDrill
        label="Drill that decides"
        disabled={fixed && of.drillId !== null}
        value={drillId}
        onChange={setDrillId}
      />
    </FormDialog>
  )
}

/** A field of minutes shows no seconds: what nobody touched is not sent. */
function sameMinute(typed: string, at: string | null): boolean {
  return at === null ? typed === '' : typed === toLocalInput(Date.parse(at))
}

export function sayBack(from: Action['state']): string {
  return from === 'dropped' ? 'Take it up again' : 'Take the claim back'
}

/** Gives a lesson up, or takes back the word that it is done; either way somebody says why. */
export function Leave({ of, to, close }: { of: Action; to: 'open' | 'dropped'; close: () => void }) {
  const reason = useTyped()
  const dropping = to === 'dropped'
  const change = useAct(changeAction, () => {
    told(dropping ? 'Dropped. It is no longer waited for.' : 'Open again.')
    close()
  })
  const send = () => change.mutate({ params: { id: of.id }, body: { state: to, reason: reason.value } })
  return (
    <FormDialog
      title={dropping ? 'Drop the action' : sayBack(of.state)}
      of={change}
      act={dropping ? 'Drop it' : 'Open it again'}
      send={send}
      close={close}
    >
      <LongField
        label="Why?"
        description={
          dropping
            ? 'The lesson is given up and nobody is reminded of it. The reason stays with it.'
            : 'The action is open again, and its criterion and drill can be changed.'
        }
        at="reason"
        required
        of={reason}
        data-autofocus
      />
    </FormDialog>
  )
}
