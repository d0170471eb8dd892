import {
  JsonInput,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { createElement, Fragment, type ReactNode, useState } from 'react'
import { fromLocalInput, toLocalInput } from '../times/say-time.ts'
import type { Field } from './fields.ts'
import { readLiteral, readPairs, writeLiteral, writePairs } from './values.ts'

/** What a control that knows more than the schema is given. */
export interface Known {
  label: string
  description: ReactNode
  error: string | undefined
  required: boolean
  value: string | null
  onChange: (value: string | null) => void
  /** The value as it is, where it is more than a text, with what is wrong inside it. */
  whole: { value: unknown; set: (value: unknown) => void; problems: Record<string, string> }
}

/** What the controls of this room are given. */
export interface Given {
  field: Field
  value: unknown
  set: (value: unknown) => void
  /** By the place inside this value; what is wrong with the whole stands under ''. */
  problems: Record<string, string>
}

// What the server shows in place of a secret, and takes as "as it was".
const HIDDEN = '[redacted]'

/** One field, as the control that fits its shape. */
export function Control({
  field,
  value,
  set,
  problems,
  known,
}: Given & { known?: KnownControl | undefined }) {
  const common = {
    label: field.title,
    description: field.description ? <Written text={field.description} /> : undefined,
    error: Object.values(problems).join('; ') || undefined,
    required: field.required,
    placeholder: field.fallback || undefined,
  }
  const { placeholder: _, ...plain } = common
  if (known)
    return known({
      ...plain,
      value: typeof value === 'string' ? value : null,
      onChange: (next) => set(next ?? undefined),
      whole: { value, set, problems },
    })
  switch (field.control) {
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => set(typeof next === 'number' ? next : undefined)}
        />
      )
    case 'switch': {
      const on = typeof value === 'boolean' ? value : field.fallback === 'true'
      return <Switch {...plain} checked={on} onChange={(event) => set(event.currentTarget.checked)} />
    }
    case 'choice':
      return (
        <Select
          {...common}
          data={field.choices}
          value={typeof value === 'string' ? value : null}
          onChange={(next) => set(next ?? undefined)}
          clearable={!field.required}
        />
      )
    case 'choices':
      return (
        <MultiSelect
          {...common}
          data={field.choices}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={set}
          searchable
          clearable
        />
      )
    case 'time':
      return <Time {...common} value={value} set={set} />
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          value={sayText(value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    case 'texts':
      return (
        <TagsInput
          {...common}
          value={(Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)}
          onChange={(next) => set(field.numeric ? next.map(asNumber) : next)}
          acceptValueOnBlur
          placeholder={common.placeholder ?? 'Type, then Enter'}
        />
      )
    case 'value':
      return <Literal {...common} value={value} set={set} />
    case 'secret':
      return <Secret {...common} value={value} set={set} />
    case 'pairs':
      return <Pairs {...common} value={value} set={set} literal={field.literal} />
    case 'json':
      return <Json {...common} value={value} set={set} />
    case 'constant':
      return null
    case 'long-text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          value={sayText(value)}
          onChange={(e) => set(e.currentTarget.value)}
        />
      )
    default:
      return (
        <TextInput
          {...common}
          value={sayText(value)}
          onChange={({ currentTarget: { value: text } }) => set(field.numeric ? asNumber(text) : text)}
        />
      )
  }
}

type KnownControl = (known: Known) => ReactNode

// `1.` and `1.0` are on the way to a number, and would change under the fingers.
const asNumber = (text: string): string | number =>
  text !== '' && String(Number(text)) === text ? Number(text) : text

interface Free {
  label: string
  description: ReactNode
  error: string | undefined
  required: boolean
  placeholder?: string | undefined
  value: unknown
  set: (value: unknown) => void
}

/** A description as schemas write them: what is between backticks is to be typed as it stands. */
export function Written({ text }: { text: string }) {
  const parts = text
    .split('`')
    .map((part, place) => (place % 2 === 1 ? createElement('code', null, part) : part))
  return createElement(Fragment, null, ...parts)
}

/** Nobody reads it over a shoulder; one that is stored stays unless another is typed. */
function Secret({ value, set, placeholder, ...rest }: Free) {
  const isStored = value === HIDDEN
  return (
    <PasswordInput
      {...rest}
      autoComplete="new-password"
      placeholder={isStored ? 'Stays as it is' : placeholder}
      value={isStored ? '' : sayText(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

function Literal({ value, set, description, ...rest }: Free) {
  const [text, setText] = useState(() => writeLiteral(value))
  return (
    <TextInput
      {...rest}
      description={
        <>
          {description} A number, true, false and null are taken as such; in quotation marks they are texts.
        </>
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        set(readLiteral(event.currentTarget.value))
      }}
    />
  )
}

function Time({ value, set, ...rest }: Free) {
  const [text, setText] = useState(() => (typeof value === 'string' ? toLocalInput(Date.parse(value)) : ''))
  return (
    <TextInput
      {...rest}
      type="datetime-local"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        set(fromLocalInput(event.currentTarget.value) ?? undefined)
      }}
    />
  )
}

function Pairs({ value, set, literal, ...rest }: Free & { literal: boolean }) {
  const [text, setText] = useState(() => (literal ? writeLiteralPairs(value) : writePairs(value)))
  return (
    <Textarea
      {...rest}
      autosize
      minRows={2}
      placeholder="Name: value, one on each line"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const pairs = readPairs(event.currentTarget.value)
        set(literal ? mapValues(pairs, readLiteral) : pairs)
      }}
    />
  )
}

function mapValues(pairs: object, change: (value: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, change(value as string)]))
}

function writeLiteralPairs(pairs: unknown): string {
  if (typeof pairs !== 'object' || pairs === null) return ''
  return writePairs(
    Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, writeLiteral(value)])),
  )
}

function Json({ value, set, ...rest }: Free) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  return (
    <JsonInput
      {...rest}
      autosize
      minRows={2}
      formatOnBlur
      placeholder="JSON"
      validationError="This is not JSON"
      value={text}
      onChange={(next) => {
        setText(next)
        try {
          set(next.trim() === '' ? undefined : JSON.parse(next))
        } catch {
          // It is being written; the field says so until it can be read.
        }
      }}
    />
  )
}

function sayText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
