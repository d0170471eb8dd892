import { changePerson, createPerson, type Person } from '../../../src/contract/catalog.ts'
import { ROLES, type Role } from '../../../src/contract/route.ts'
import { useAct } from '../../api/hooks.ts'
import { told } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, TextField, useTyped } from '../../parts/form.tsx'

const MAY: Record<Role, string> = {
  viewer: 'viewer – sees everything',
  responder: 'responder – acknowledges, declares, writes',
  editor: 'editor – changes monitors and drills',
  administrator: 'administrator – invites people, makes tokens',
}

/** Adds a person, or changes one. */
export function PersonForm({ of, close }: { of: Person | null; close: () => void }) {
  const id = useTyped()
  const name = useTyped(of?.name ?? '')
  const email = useTyped()
  const role = useTyped(of?.role ?? 'responder')
  const timezone = useTyped(of?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
  const create = useAct(createPerson, (person) => {
    told(`${person.name} is added. Invite them with a link.`)
    close()
  })
  const change = useAct(changePerson, () => {
    told('Changed.')
    close()
  })
  const send = () => {
    const body = { name: name.value, role: role.value as Role, timezone: timezone.value }
    if (of) change.mutate({ params: { id: of.id }, body })
    else create.mutate({ body: { ...body, id: id.value, email: email.value } })
  }
  return (
    <FormDialog
      title={of ? `Change ${of.name}` : 'Add a person'}
      of={of ? change : create}
      act={of ? 'Change' : 'Add'}
      send={send}
      close={close}
    >
      <TextField label="Name" at="name" required of={name} data-autofocus />
      {!of && (
        <>
          <TextField
            label="Id"
            description="What schedules and policies call them: lower-case letters, digits and hyphens"
            at="id"
            required
            pattern="[a-z0-9][a-z0-9\-]*"
            of={id}
          />
          <TextField label="E-mail" at="email" type="email" required of={email} />
        </>
      )}
      <ChoiceField
        label="Role"
        at="role"
        data={ROLES.map((value) => ({ value, label: MAY[value] }))}
        of={role}
      />
      <ChoiceField
        label="Time zone"
        at="timezone"
        searchable
        data={[...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), timezone.value])]}
        limit={80}
        of={timezone}
      />
    </FormDialog>
  )
}
