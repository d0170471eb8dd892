import { Alert, Drawer, MultiSelect, Select, Stack } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { type CaseDraft, type FailureClass, readBlindSpots, writeCase } from '../../../src/contract/cases.ts'
import { listPostmortems } from '../../../src/contract/postmortems.ts'
import { useAct, useList, useRead } from '../../api/hooks.ts'
import { useFocusReturn } from '../../parts/dialog.tsx'
import { Awaited, Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { ActForm, LongField, TextField, useTyped } from '../../parts/form.tsx'
import { PickServices } from '../../parts/pick.tsx'

/** A post-mortem becomes a case: what is known of it is filled in, and what is not is said. */
export function WriteForm({ from, close }: { from: string | null; close: () => void }) {
  const postmortems = useList(listPostmortems, { query: { limit: 200 } }, { all: true })
  const [chosen, choose] = useState(from)
  useFocusReturn()
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title="Make a case of a post-mortem"
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        <Select
          label="Post-mortem"
          searchable
          nothingFoundMessage="No such post-mortem"
          data={(postmortems.items ?? []).map(({ id, title }) => ({ value: id, label: title }))}
          value={chosen}
          onChange={choose}
          data-autofocus={from === null || undefined}
        />
        {chosen && <Draft key={chosen} of={chosen} close={close} />}
      </Stack>
    </Drawer>
  )
}

function Draft({ of, close }: { of: string; close: () => void }) {
  const draft = useAct(writeCase)
  const map = useRead(readBlindSpots)
  const asked = useRef(false)
  useEffect(() => {
    if (!asked.current) draft.mutate({ params: { id: of }, body: {} })
    asked.current = true
  })
  if (draft.error) return <ProblemNote of={draft.error} />
  if (!draft.data) return <Loading rows={4} />
  const { data } = draft
  return (
    <Awaited of={map} rows={4}>
      {({ classes }) => <Fields of={data} postmortem={of} classes={classes} close={close} />}
    </Awaited>
  )
}

interface FieldsProps {
  of: CaseDraft
  postmortem: string
  classes: FailureClass[]
  close: () => void
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
const listOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])

function Fields({ of, postmortem, classes, close }: FieldsProps) {
  const navigate = useNavigate()
  const { definition } = of
  const id = useTyped(of.id)
  const title = useTyped(textOf(definition.title))
  const what = useTyped(textOf(definition.what))
  const lesson = useTyped(textOf(definition.lesson))
  const [chosen, choose] = useState(listOf(definition.classes))
  const [services, setServices] = useState(listOf(definition.services))
  const monitors = Object.keys((definition.monitors ?? {}) as object)
  const write = useAct(writeCase, (made) => {
    told('It stands beside the others now.')
    close()
    void navigate(`/cases/${encodeURIComponent(made.id)}`)
  })
  const changed = { title: title.value, what: what.value, lesson: lesson.value, classes: chosen, services }
  const body = { ...(of.stored ? {} : { id: id.value }), definition: { ...definition, ...changed } }
  return (
    <ActForm
      of={write}
      act={of.stored ? 'Save it' : 'Make the case'}
      send={() => write.mutate({ params: { id: postmortem }, body })}
    >
      {of.open.length > 0 && (
        <Alert variant="light" color="bronze" title="Not found out">
          <ul className="case-open">
            {of.open.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Alert>
      )}
      {!of.stored && <TextField label="Id" at="id" required pattern="[a-z0-9][a-z0-9\-]*" of={id} />}
      <TextField label="Title" at="title" required of={title} />
      <LongField
        label="What happened"
        description="Two to four sentences, with figures"
        at="what"
        required
        of={what}
      />
      <LongField label="Lesson" description="In one sentence" at="lesson" required of={lesson} />
      <MultiSelect
        label="Failure classes"
        description="The first is the main one"
        searchable
        data={classes.map((one) => ({ value: one.id, label: one.title }))}
        value={chosen}
        onChange={choose}
      />
      <PickServices label="Services that it has struck" value={services} onChange={setServices} />
      <p className="sub">
        {monitors.length > 0
          ? `Monitors that would have seen it: ${monitors.join(', ')}.`
          : 'No monitor yet that would have seen it.'}
      </p>
    </ActForm>
  )
}
