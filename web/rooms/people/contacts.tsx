import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMailForward, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { z } from 'zod'
import {
  addContact,
  type ChannelKind,
  type contact,
  listChannelKinds,
  type Person,
  removeContact,
  sendVerification,
} from '../../../src/contract/catalog.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { byField } from '../../api/problem.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { ActForm, ChoiceField, useTyped } from '../../parts/form.tsx'
import { State } from '../../parts/state.tsx'
import { formFields } from '../../schema-form/fields.ts'
import { SchemaFields } from '../../schema-form/schema-fields.tsx'
import type { Values } from '../../schema-form/values.ts'

type Contact = z.infer<typeof contact>

/** The ways to reach a person, and whether each has been confirmed. */
export function Contacts({ of }: { of: Person }) {
  const me = useMe()
  const administers = useMay('administrator')
  const responds = useMay('responder')
  const may = administers || (responds && me.personId === of.id)
  const [adding, { open, close }] = useDisclosure()
  return (
    <div style={{ display: 'grid', gap: 3, justifyItems: 'start' }}>
      {of.contacts.length === 0 && <State is="unverified" say="Cannot be reached" />}
      {of.contacts.map((one) => (
        <Row key={one.id} of={one} may={may} />
      ))}
      {may && of.state === 'active' && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          onClick={open}
          aria-label={`Add a contact of ${of.name}`}
        >
          Add a contact
        </Button>
      )}
      {adding && <Add of={of} close={close} />}
    </div>
  )
}

function Row({ of, may }: { of: Contact; may: boolean }) {
  const verify = useAct(sendVerification, () => told('The link is on its way.'))
  const remove = useAct(removeContact, () => told('Removed.'))
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 6, alignItems: 'center' }}>
      <State is={of.state} />
      <span>
        {of.kind} <span className="mono">{of.description}</span>
      </span>
      <span style={{ whiteSpace: 'nowrap' }}>
        {may && of.state === 'unverified' && (
          <Tooltip label="Send the verification link again">
            <ActionIcon
              size={26}
              variant="subtle"
              color="gray"
              aria-label={`Send the verification link to ${of.description} again`}
              onClick={() => verify.mutate({ params: { id: of.id } }, { onError: refused })}
            >
              <IconMailForward size={15} />
            </ActionIcon>
          </Tooltip>
        )}
        {may && of.managedBy === 'api' && (
          <Tooltip label="Remove">
            <ActionIcon
              size={26}
              variant="subtle"
              color="gray"
              aria-label={`Remove ${of.description}`}
              onClick={() => remove.mutate({ params: { id: of.id } }, { onError: refused })}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </div>
  )
}

function Add({ of, close }: { of: Person; close: () => void }) {
  const kinds = useRead(listChannelKinds)
  return (
    <Dialog close={close} title={`How else to reach ${of.name}`}>
      <Awaited of={kinds}>{(data) => <Form kinds={data.items} of={of} close={close} />}</Awaited>
    </Dialog>
  )
}

function Form({ kinds, of, close }: { kinds: ChannelKind[]; of: Person; close: () => void }) {
  const chosen = useTyped(kinds[0]?.kind ?? '')
  const [address, setAddress] = useState<Values>({})
  const kind = kinds.find((one) => one.kind === chosen.value)
  const add = useAct(addContact, () => {
    told('Added. It counts once the link in the message has been opened.')
    close()
  })
  const send = () =>
    add.mutate({
      params: { id: of.id },
      body: { kind: chosen.value, address: address as Record<string, string | number | boolean> },
    })
  const choose = (value: string) => {
    chosen.set(value)
    setAddress({})
  }
  return (
    <ActForm of={add} act="Add and send the verification link" send={send}>
      <ChoiceField
        label="By"
        description={kind?.description}
        data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
        of={{ value: chosen.value, set: choose }}
      />
      {kind && (
        <SchemaFields
          key={kind.kind}
          fields={formFields(kind.schema)}
          values={address}
          onChange={setAddress}
          problems={byField(add.error?.problems ?? [], 'address.')}
        />
      )}
    </ActForm>
  )
}
