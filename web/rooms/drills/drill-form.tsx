import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { createDrill, type DrillKind, listDrillKinds } from '../../../src/contract/proofs.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { byField } from '../../api/problem.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Awaited, told } from '../../parts/feedback.tsx'
import { ActForm, TextField, useTyped } from '../../parts/form.tsx'
import { PickMonitor, PickPerson } from '../../parts/pick.tsx'
import { formFields } from '../../schema-form/fields.ts'
import { type Known, SchemaFields } from '../../schema-form/schema-fields.tsx'
import { keepFields, type Values } from '../../schema-form/values.ts'

/** What the form asks beside the settings of the kind. */
const ELSEWHERE = ['kind', 'action']

const KNOWN: Record<string, (known: Known) => React.ReactNode> = {
  monitor: (known) => (
    <PickMonitor {...known} description="It is copied; the monitor itself is left alone." />
  ),
  'signals.*': (known) => <PickMonitor {...known} />,
  'expect.paged': (known) => <PickPerson {...known} description="Empty: anybody" clearable />,
}

/** Adds a drill: would the monitor notice, or who would be paged and when? */
export function DrillForm({ proves, close }: { proves: string | null; close: () => void }) {
  const kinds = useRead(listDrillKinds)
  return (
    <Dialog close={close} title={proves ? 'Add the drill that proves the action' : 'Add a drill'} size="lg">
      <Awaited of={kinds}>{(data) => <Form kinds={data.items} proves={proves} />}</Awaited>
    </Dialog>
  )
}

function Form({ kinds, proves }: { kinds: DrillKind[]; proves: string | null }) {
  const navigate = useNavigate()
  const id = useTyped()
  const [chosen, setChosen] = useState(kinds[0]!.kind)
  // A proof that is not repeated grows stale.
  const [values, setValues] = useState<Values>({ every: '7d' })
  const fields = formFields(kinds.find(({ kind }) => kind === chosen)!.schema, ELSEWHERE)
  const create = useAct(createDrill, (drill) => {
    told('Added. Run it to see what would happen today.')
    void navigate(`/drills/${encodeURIComponent(drill.id)}`)
  })
  const send = () =>
    create.mutate({
      body: { id: id.value, settings: { ...keepFields(values, fields, []), kind: chosen }, actionId: proves },
    })
  return (
    <ActForm of={create} act="Add" send={send}>
      <TextField
        label="Id"
        description="Lower-case letters, digits and hyphens"
        at="id"
        required
        pattern="[a-z0-9][a-z0-9\-]*"
        of={id}
        data-autofocus
      />
      <Radio.Group label="What it asks" value={chosen} onChange={setChosen}>
        <Stack gap={6} mt={6}>
          {kinds.map(({ kind, title, description }) => (
            <Radio key={kind} value={kind} label={title} description={description} />
          ))}
        </Stack>
      </Radio.Group>
      <SchemaFields
        key={chosen}
        fields={fields}
        values={values}
        onChange={setValues}
        problems={byField(create.error?.problems ?? [], 'settings.')}
        instead={KNOWN}
      />
    </ActForm>
  )
}
