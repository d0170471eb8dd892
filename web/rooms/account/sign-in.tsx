import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { readSetup, signIn } from '../../../src/contract/system.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { ProblemNote } from '../../parts/feedback.tsx'
import { Gate } from './gate.tsx'
import { placeAfter } from './place-after.ts'

/** E-mail and password begin a session. */
export function SignInPage() {
  const navigate = useNavigate()
  const place = useLocation()
  const client = useQueryClient()
  const setup = useRead(readSetup)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useAct(signIn, () => {
    client.clear()
    void navigate(placeAfter(place.state), { replace: true })
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    enter.mutate({ body: { email, password } })
  }
  return (
    <Gate title="Sign in">
      {setup.data?.needed && (
        <Alert color="bronze" mb="md" title="Nobody is set up yet">
          The server printed a one-time link when it started. Open it to become the first administrator.
        </Alert>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ProblemNote of={enter.error} />
          <Button type="submit" size="md" loading={enter.isPending} mt={4}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Gate>
  )
}
