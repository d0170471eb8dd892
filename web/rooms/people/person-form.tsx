import { Button, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { changePerson, createPerson, type Person } from '../../../src/contract/catalog.ts'
import { ROLES, type Role } from '../../../src/contract/route.ts'
import { useAct } from '../../api/hooks.ts'
import { byField } from '../../api/problem.ts'
import { ProblemNote, told } from '../../parts/feedback.tsx'

const MAY: Record<Role, string> = {
  viewer: 'viewer – sees everything',
  responder: 'responder – acknowledges, declares, writes',
  editor: 'editor – changes monitors and drills',
  administrator: 'administrator – invites people, makes tokens',
}

/** Adds a person, or changes one. */
export function PersonForm({ of, close }: { of: Person | null; close: () => void }) {
  const [id, setId] = useState('')
  const [name, setName] = useState(of?.name ?? '')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>(of?.role ?? 'responder')
  const [timezone, setTimezone] = useState(of?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const create = useAct(createPerson, (person) => {
    told(`${person.name} is added. Invite them with a link.`)
    close()
  })
  const change = useAct(changePerson, () => {
    told('Changed.')
    close()
  })
  const problem = create.error ?? change.error
  const problems = byField(problem?.problems ?? [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (of) change.mutate({ params: { id: of.id }, body: { name, role, timezone } })
    else create.mutate({ body: { id, name, email, role, timezone } })
  }
  return (
    <Modal opened onClose={close} title={of ? `Change ${of.name}` : 'Add a person'}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            error={problems.name}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
          />
          {!of && (
            <>
              <TextInput
                label="Id"
                description="What schedules and policies call them: lower-case letters, digits and hyphens"
                required
                pattern="[a-z0-9][a-z0-9\-]*"
                error={problems.id}
                value={id}
                onChange={(event) => setId(event.currentTarget.value)}
              />
              <TextInput
                label="E-mail"
                type="email"
                required
                error={problems.email}
                value={email}
                onChange={(e) => setEmail(e.currentTarget.value)}
              />
            </>
          )}
          <Select
            label="Role"
            data={ROLES.map((value) => ({ value, label: MAY[value] }))}
            value={role}
            onChange={(value) => setRole((value ?? 'responder') as Role)}
          />
          <Select
            label="Time zone"
            searchable
            data={[...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), timezone])]}
            value={timezone}
            error={problems.timezone}
            limit={80}
            onChange={(value) => setTimezone(value ?? 'UTC')}
          />
          <ProblemNote of={problem} />
          <Button type="submit" loading={create.isPending || change.isPending}>
            {of ? 'Change' : 'Add'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
