import { Alert, Button, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { createToken, listTokens, revokeToken } from '../../../src/contract/catalog.ts'
import { ROLES, type Role } from '../../../src/contract/route.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Empty, Loading, ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
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
  const revoke = useAct(revokeToken, () => told('Revoked; it opens nothing any more.'))
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
        {tokens.error && <ProblemNote of={tokens.error} retry={tokens.refetch} />}
        {!tokens.items && !tokens.error && <Loading />}
        {tokens.items?.length === 0 && (
          <Empty icon={<IconKey />} title="No token yet" action={add}>
            Make one for each program, so that it can be revoked by itself.
          </Empty>
        )}
        {tokens.items && tokens.items.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>State</th>
                <th>Name</th>
                <th>Role</th>
                <th>Created</th>
                <th>Last used</th>
                <th>Expires</th>
                <th>
                  <span className="sub">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.items.map((token) => (
                <tr key={token.id}>
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
                      <Confirmed
                        size="xs"
                        label="Revoke"
                        name={`Revoke ${token.name}`}
                        question={`Revoke ${token.name}?`}
                        consequence="Programs that use it are refused from now on. This cannot be taken back."
                        act="Revoke it"
                        onConfirm={() => revoke.mutate({ params: { id: token.id } }, { onError: refused })}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <More of={tokens} />
      </div>
      {adding && <Create close={close} />}
    </>
  )
}

function Create({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState<number | ''>(90)
  const create = useAct(createToken)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ body: { name, role, ...(days === '' ? {} : { expiresInDays: days }) } })
  }
  if (create.data)
    return (
      <Modal
        opened
        onClose={close}
        title={`Token ${create.data.name}`}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <Stack gap="sm">
          <Alert
            color="bronze"
            title="Copy it now"
            styles={{ message: { color: 'var(--mantine-color-text)' } }}
          >
            It is shown only this once; only its hash is kept.
          </Alert>
          <Copyable text={create.data.secret} label="the token" />
          <Button onClick={close}>I have it</Button>
        </Stack>
      </Modal>
    )
  return (
    <Modal opened onClose={close} title="Create a token">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="For which program"
            required
            maxLength={120}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
          />
          <Select
            label="Role"
            data={[...ROLES]}
            value={role}
            onChange={(value) => setRole((value ?? 'viewer') as Role)}
          />
          <NumberInput
            label="Expires after days"
            description="Empty: never"
            min={1}
            max={3650}
            value={days}
            onChange={(value) => setDays(typeof value === 'number' ? value : '')}
          />
          <ProblemNote of={create.error} />
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
