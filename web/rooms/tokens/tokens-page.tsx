import { Alert, Button, NumberInput, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { createToken, listTokens, revokeToken } from '../../../src/contract/catalog.ts'
import { ROLES, type Role } from '../../../src/contract/route.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { EndRow } from '../../parts/confirm.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, TextField, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** Keys for programs. */
export function TokensPage() {
  const may = useMay('administrator')
  if (!may) return <PageHead title="Tokens" lead="Only administrators see and make API tokens." />
  return <Tokens />
}

function Tokens() {
  const tokens = useList(listTokens)
  const [adding, { open, close }] = useDisclosure()
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Create a token
    </Button>
  )
  return (
    <>
      <PageHead
        title="Tokens"
        lead="Programs use them to call the API. Each has a role, like a person."
        actions={add}
      />
      <div className="card">
        <Listed
          of={tokens}
          heads={['State', 'Name', 'Role', 'Created', 'Last used', 'Expires', { quiet: 'Actions' }]}
          nothing={
            <Empty icon={<IconKey />} title="No token yet" action={add}>
              Make one for each program, so that it can be revoked by itself.
            </Empty>
          }
        >
          {(token) => (
            <tr>
              <td className="tight">
                <State is={token.state} />
              </td>
              <td>
                <strong>{token.name}</strong>
              </td>
              <td className="tight">{token.role}</td>
              <td data-label="created">
                <Moment at={token.createdAt} />
              </td>
              <td data-label="last used">
                <Moment at={token.lastUsedAt} missing="never" />
              </td>
              <td data-label="expires">
                <ExactMoment at={token.expiresAt} missing="never" />
              </td>
              <td className="tight">
                {token.state === 'active' && (
                  <EndRow
                    by={revokeToken}
                    id={token.id}
                    label="Revoke"
                    name={`Revoke ${token.name}`}
                    question={`Revoke ${token.name}?`}
                    consequence="Programs that use it are refused from now on. This cannot be taken back."
                    act="Revoke it"
                    done="Revoked; it opens nothing any more."
                  />
                )}
              </td>
            </tr>
          )}
        </Listed>
      </div>
      {adding && <Create close={close} />}
    </>
  )
}

function Create({ close }: { close: () => void }) {
  const name = useTyped()
  const role = useTyped('viewer')
  const [days, setDays] = useState<number | ''>(90)
  const create = useAct(createToken)
  const send = () =>
    create.mutate({
      body: { name: name.value, role: role.value as Role, ...(days === '' ? {} : { expiresInDays: days }) },
    })
  if (create.data)
    return (
      <Dialog
        close={close}
        title={`Token ${create.data.name}`}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <Stack gap="sm">
          <Alert color="bronze" title="Copy it now">
            It is shown only this once; only its hash is kept.
          </Alert>
          <Copyable text={create.data.secret} label="the token" />
          <Button onClick={close}>I have it</Button>
        </Stack>
      </Dialog>
    )
  return (
    <FormDialog title="Create a token" of={create} act="Create" send={send} close={close}>
      <TextField label="For which program" at="name" required maxLength={120} of={name} data-autofocus />
      <ChoiceField label="Role" data={[...ROLES]} of={role} />
      <NumberInput
        label="Expires after days"
        description="Empty: never"
        min={1}
        max={3650}
        value={days}
        onChange={(value) => setDays(typeof value === 'number' ? value : '')}
      />
    </FormDialog>
  )
}
