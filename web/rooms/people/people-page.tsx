import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { changePerson, invitePerson, listPeople, type Person } from '../../../src/contract/catalog.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty, refused, told } from '../../parts/feedback.tsx'
import { Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { matches } from '../../parts/matches.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { Contacts } from './contacts.tsx'
import { PersonForm } from './person-form.tsx'

/** People and how to reach them. */
export function PeoplePage() {
  const search = useFilter('q')
  const [form, setForm] = useState<Person | 'new' | null>(null)
  const people = useList(listPeople, { query: { limit: 500 } }, { all: true })
  const administers = useMay('administrator')
  const found = people.items
    ?.filter((one) => matches(search[0], one.name, one.id, one.email, one.role))
    .sort((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name))
  return (
    <>
      <PageHead
        title="People"
        lead="A contact counts once its owner has confirmed it: a page to an unverified address may reach nobody."
        actions={
          administers && (
            <Button leftSection={<IconUserPlus size={16} />} onClick={() => setForm('new')}>
              Add a person
            </Button>
          )
        }
      />
      <Filters search="Search people" by={search} />
      <div className="card">
        <Listed
          of={people}
          found={found}
          heads={['Person', 'Role', 'Reached by', 'Zone', { quiet: 'Actions' }]}
          nothing={<Empty title="Nobody matches">Search for less.</Empty>}
        >
          {(person) => (
            <tr>
              <td className="wide">
                <strong>{person.name}</strong> {person.state === 'disabled' && <State is="disabled" />}
                <div className="sub">
                  {person.email ?? 'no e-mail'} {!person.hasPassword && '· has not signed in yet'}{' '}
                  {person.managedBy === 'file' && <ByFile />}
                </div>
              </td>
              <td className="tight">{person.role}</td>
              <td className="wide">
                <Contacts of={person} />
              </td>
              <td className="tight">{person.timezone}</td>
              <td className="tight">
                {administers && <Actions of={person} change={() => setForm(person)} />}
              </td>
            </tr>
          )}
        </Listed>
      </div>
      {form && <PersonForm of={form === 'new' ? null : form} close={() => setForm(null)} />}
    </>
  )
}

function Actions({ of, change }: { of: Person; change: () => void }) {
  const [invited, { open, close }] = useDisclosure()
  const invite = useAct(invitePerson, open)
  const able = useAct(changePerson, (person) => told(`${person.name} is ${person.state}.`))
  const set = (disabled: boolean) =>
    able.mutate({ params: { id: of.id }, body: { disabled } }, { onError: refused })
  return (
    <div className="acts">
      {of.state === 'active' && (
        <Button
          size="xs"
          variant="default"
          loading={invite.isPending}
          aria-label={`${of.hasPassword ? 'New password' : 'Invite'} for ${of.name}`}
          onClick={() => invite.mutate({ params: { id: of.id } }, { onError: refused })}
        >
          {of.hasPassword ? 'New password' : 'Invite'}
        </Button>
      )}
      {of.managedBy === 'api' && (
        <>
          <Button size="xs" variant="default" onClick={change} aria-label={`Change ${of.name}`}>
            Change
          </Button>
          {of.state === 'active' ? (
            <Confirmed
              size="xs"
              label="Disable"
              name={`Disable ${of.name}`}
              question={`Disable ${of.name}?`}
              consequence="Every session ends, nothing is sent any more, and shifts of this person reach nobody until somebody else takes them."
              act="Disable"
              onConfirm={() => set(true)}
            />
          ) : (
            <Button size="xs" variant="default" onClick={() => set(false)} aria-label={`Enable ${of.name}`}>
              Enable
            </Button>
          )}
        </>
      )}
      {invited && invite.data && (
        <Dialog close={close} title={`Link for ${of.name}`}>
          <p style={{ marginTop: 0 }}>
            Hand it over by a way that you trust. Whoever opens it first chooses the password. It is shown
            only now and holds until <ExactMoment at={invite.data.expiresAt} />.
          </p>
          <Copyable text={invite.data.link} label="the link" />
        </Dialog>
      )}
    </div>
  )
}
