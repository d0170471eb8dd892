import {
  Button,
  Group,
  Select,
  type SelectProps,
  Stack,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import { createContext, type FormEvent, type ReactNode, useContext, useState } from 'react'
import { type ApiProblem, byField } from '../api/problem.ts'
import { serverNow } from '../times/now.ts'
import { fromLocalInput, toLocalInput } from '../times/say-time.ts'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './feedback.tsx'

const HOUR = 3_600_000

/** What somebody types. */
export interface Typed {
  value: string
  set: (value: string) => void
}

/** The state of a field of text. */
export function useTyped(initial: string | (() => string) = ''): Typed {
  const [value, set] = useState(initial)
  return { value, set }
}

/** What the server refused, by the place of a field; every field of a form finds its own. */
const Refused = createContext<Record<string, string>>({})

/** Why the server refused what stands in this field. */
export function useRefusal(at: string | undefined): string | undefined {
  const refused = useContext(Refused)
  return at === undefined ? undefined : refused[at]
}

type Of<T> = Omit<T, 'value' | 'onChange' | 'error'> & {
  of: Typed
  /** Where its value stands in what is sent. */
  at?: string
}

/** A line of text, or with a type of its own an address or a time. */
export function TextField({ of, at, ...rest }: Of<TextInputProps>) {
  const error = useRefusal(at)
  return (
    <TextInput
      {...rest}
      error={error}
      value={of.value}
      onChange={(event) => of.set(event.currentTarget.value)}
    />
  )
}

/** The reader's own date and time. */
export function TimeField(props: Of<TextInputProps>) {
  return <TextField type="datetime-local" {...props} />
}

/** What people write for people. */
export function LongField({ of, at, ...rest }: Of<TextareaProps>) {
  const error = useRefusal(at)
  return (
    <Textarea
      autosize
      minRows={2}
      {...rest}
      error={error}
      value={of.value}
      onChange={(event) => of.set(event.currentTarget.value)}
    />
  )
}

/** One of several; there is always one chosen. */
export function ChoiceField({ of, at, ...rest }: Of<SelectProps>) {
  const error = useRefusal(at)
  return (
    <Select {...rest} error={error} value={of.value} onChange={(value) => value !== null && of.set(value)} />
  )
}

interface FormProps {
  /** The change that it sends. */
  of: { error: ApiProblem | null; isPending: boolean }
  /** What the button says. */
  act: string
  send: () => void
  /** What stands before the places of the fields in what is sent: `settings.`. */
  within?: string
  children: ReactNode
}

/** A form: its fields, why it was refused, and the button that sends it. */
export function ActForm({ of, act, send, within = '', children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form onSubmit={submit}>
      <Refused value={byField(of.error?.problems ?? [], within)}>
        <Stack gap="sm">
          {children}
          <ProblemNote of={of.error} />
          <Button type="submit" loading={of.isPending}>
            {act}
          </Button>
        </Stack>
      </Refused>
    </form>
  )
}

/** A form in a dialog of its own. */
export function FormDialog(props: FormProps & { title: string; close: () => void; size?: string }) {
  const { title, close, size = 'md', ...form } = props
  return (
    <Dialog close={close} title={title} size={size}>
      <ActForm {...form} />
    </Dialog>
  )
}

/** A time from now on; `given` is null until both ends are times. */
export function useSpan(hours: number) {
  const from = useTyped(() => toLocalInput(serverNow()))
  const to = useTyped(() => toLocalInput(serverNow() + hours * HOUR))
  const start = fromLocalInput(from.value)
  const end = fromLocalInput(to.value)
  return { from, to, given: start && end ? { from: start, to: end } : null }
}

/** Its two ends, side by side. */
export function FromTo({ of }: { of: ReturnType<typeof useSpan> }) {
  return (
    <Group grow align="flex-start">
      <TimeField label="From" at="from" required of={of.from} />
      <TimeField label="To" at="to" required of={of.to} />
    </Group>
  )
}
