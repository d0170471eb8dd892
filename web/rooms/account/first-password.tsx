import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { acceptInvitation, completeSetup } from '../../../src/contract/system.ts'
import { useAct } from '../../api/hooks.ts'
import { type ApiProblem, byField } from '../../api/problem.ts'
import { ProblemNote } from '../../parts/feedback.tsx'
import { Gate } from './gate.tsx'
import { secretOf } from './place-after.ts'

/** The first administrator, by the link that the server printed. */
export function SetupPage() {
  const [secret] = useState(() => secretOf(location))
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const enter = useEnter()
  const setUp = useAct(completeSetup, enter)
  if (!secret) return <Spent what="set-up" />
  const problems = byField(setUp.error?.problems ?? [])
  return (
    <Gate title="Set up Tocsin" lead="You become the first administrator. Everybody else is invited by you.">
      <NewPassword
        button="Begin"
        busy={setUp.isPending}
        problem={setUp.error}
        send={(password) => setUp.mutate({ body: { secret, name, email, password } })}
      >
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          error={problems.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          error={problems.email}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      </NewPassword>
    </Gate>
  )
}

/** The password of somebody who was invited. */
export function InvitationPage() {
  const [secret] = useState(() => secretOf(location))
  const enter = useEnter()
  const accept = useAct(acceptInvitation, enter)
  if (!secret) return <Spent what="invitation" />
  return (
    <Gate title="Welcome" lead="Choose a password; you sign in with it and your e-mail address.">
      <NewPassword
        button="Begin"
        busy={accept.isPending}
        problem={accept.error}
        send={(password) => accept.mutate({ body: { secret, password } })}
      />
    </Gate>
  )
}

function useEnter() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return () => {
    client.clear()
    void navigate('/', { replace: true })
  }
}

function Spent({ what }: { what: string }) {
  return (
    <Gate title={`This ${what} link is not complete`}>
      <p>
        Copy the whole link, with everything after <code>#</code>. If it has been used already,{' '}
        <Link to="/sign-in">sign in</Link>.
      </p>
    </Gate>
  )
}

function NewPassword(props: {
  button: string
  busy: boolean
  problem: ApiProblem | null
  send: (password: string) => void
  children?: React.ReactNode
}) {
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== password
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password === again) props.send(password)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {props.children}
        <PasswordInput
          label="Password"
          description="At least 12 characters; a sentence is easier to keep than a riddle."
          autoComplete="new-password"
          required
          minLength={12}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password again"
          autoComplete="new-password"
          required
          value={again}
          error={differs ? 'The two are not the same' : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <ProblemNote of={props.problem} />
        <Button type="submit" size="md" loading={props.busy} mt={4}>
          {props.button}
        </Button>
      </Stack>
    </form>
  )
}
