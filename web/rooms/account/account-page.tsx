import { Button, PasswordInput, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { changePassword } from '../../../src/contract/catalog.ts'
import { useAct } from '../../api/hooks.ts'
import { useMe } from '../../app/session.tsx'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'

/** Who I am here, and my password. */
export function AccountPage() {
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useAct(changePassword, () => {
    told('Password changed. Sign in with the new one.')
    client.clear()
    void navigate('/sign-in')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ body: { current, next } })
  }
  return (
    <div style={{ maxWidth: 560 }}>
      <PageHead title="My account" />
      <div className="stack">
        <Card title="Who you are here">
          <Facts
            of={[
              ['Name', me.name],
              ['Role', me.role],
              [
                'Reached by',
                <Link key="contacts" to="/people">
                  see your contacts
                </Link>,
              ],
              ['Tocsin', `version ${me.version}`],
            ]}
          />
        </Card>
        <Card title="Change the password">
          <form onSubmit={submit}>
            <Stack gap="sm">
              <PasswordInput
                label="Present password"
                autoComplete="current-password"
                required
                value={current}
                onChange={(event) => setCurrent(event.currentTarget.value)}
              />
              <PasswordInput
                label="New password"
                description="At least 12 characters. Every session of yours ends."
                autoComplete="new-password"
                required
                minLength={12}
                value={next}
                onChange={(event) => setNext(event.currentTarget.value)}
              />
              <ProblemNote of={change.error} />
              <Button type="submit" loading={change.isPending} style={{ justifySelf: 'start' }}>
                Change the password
              </Button>
            </Stack>
          </form>
        </Card>
      </div>
    </div>
  )
}
