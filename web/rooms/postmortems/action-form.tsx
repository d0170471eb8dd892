import { useState } from 'react'
import type { Action } from '../../../src/contract/postmortems.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { ACTION_KINDS } from '../../parts/evidence/action-kinds.ts'
import { ChoiceField, FormDialog, LongField, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { PickDrill, PickPerson } from '../../parts/pick.tsx'
import { fromLocalInput } from '../../times/say-time.ts'

/** What is typed into the form of an action; the criterion always begins empty. */
export function useActionTyped(
  begin: { title: string; type: Action['type'] } = { title: '', type: 'detect' },
) {
  const title = useTyped(begin.title)
  const type = useTyped(begin.type)
  const due = useTyped()
  const criterion = useTyped()
  const [owner, setOwner] = useState<string | null>(null)
  const [drillId, setDrillId] = useState<string | null>(null)
  return {
    ...{ title, type, due, criterion, owner, setOwner, drillId, setDrillId },
    body: () => ({
      title: title.value,
      type: type.value as Action['type'],
      owner,
      dueAt: fromLocalInput(due.value),
      criterion: criterion.value,
      drillId,
    }),
  }
}

/** The form of a new action, wherever it comes from. */
export function ActionForm({
  typed,
  ...form
}: {
  title: string
  act: string
  of: { error: ApiProblem | null; isPending: boolean }
  typed: ReturnType<typeof useActionTyped>
  send: () => void
  close: () => void
}) {
  return (
    <FormDialog size="lg" {...form}>
      <TextField
        label="What will be different"
        at="title"
        required
        maxLength={120}
        of={typed.title}
        data-autofocus
      />
      <LongField
        label="Acceptance criterion"
        description="What must be seen before it counts as done. Written now, before the work."
        placeholder="The certificate monitor turns down within 2 minutes when the server presents an expired certificate."
        at="criterion"
        required
        of={typed.criterion}
      />
      <PickDrill
        label="Drill that decides"
        description="It replays the failure; when it passes, the action is proved. It can be chosen later."
        value={typed.drillId}
        onChange={typed.setDrillId}
      />
      <ChoiceField label="Kind" data={ACTION_KINDS} of={typed.type} />
      <PickPerson label="Owner" clearable value={typed.owner} onChange={typed.setOwner} />
      <TimeField label="Due" at="dueAt" of={typed.due} />
    </FormDialog>
  )
}
