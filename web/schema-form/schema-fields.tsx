import {
  Fieldset,
  JsonInput,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { createElement, Fragment, type ReactNode, useState } from 'react'
import { fromLocalInput, toLocalInput } from '../times/say-time.ts'
import type { Field } from './fields.ts'
import { readAt, readPairs, type Values, writeAt, writePairs } from './values.ts'

interface Props {
  fields: Field[]
  values: Values
  onChange: (values: Values) => void
  problems: Record<string, string>
  /** Controls that know more than the schema does, by the path of their field: a person, a monitor. */
  instead?: Record<string, (known: Known) => ReactNode>
}

/** What such a control is given. */
export interface Known {
  label: string
  description: ReactNode
  error: string | undefined
  required: boolean
  value: string | null
  onChange: (value: string | null) => void
}

/** A form drawn from the schema of a kind: whatever the server can be told, the browser can ask. */
export function SchemaFields({ fields, ...rest }: Props) {
  // What must be given comes first; the rest keeps the order of the schema.
  const ordered = [...fields.filter((f) => f.required), ...fields.filter((f) => !f.required)]
  return (
    <Stack gap="sm">
      {ordered.map((field) =>
        field.control === 'group' ? (
          <Fieldset key={field.path} legend={field.title} variant="default">
            {field.description && (
              <p className="sub" style={{ margin: '0 0 10px' }}>
                {field.description}
              </p>
            )}
            <SchemaFields fields={field.fields} {...rest} />
          </Fieldset>
        ) : (
          <Control key={field.path} field={field} {...rest} />
        ),
      )}
    </Stack>
  )
}

function Control({ field, values, onChange, problems, instead }: Omit<Props, 'fields'> & { field: Field }) {
  const value = readAt(values, field.path)
  const set = (next: unknown) => onChange(writeAt(values, field.path, next))
  const common = {
    label: field.title,
    description: field.description ? <Written text={field.description} /> : undefined,
    error: problems[field.path],
    required: field.required,
    placeholder: field.fallback || undefined,
  }
  const known = instead?.[field.path]
  if (known) {
    const { placeholder: _, ...rest } = common
    return known({ ...rest, value: typeof value === 'string' ? value : null, onChange: set })
  }
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
      const { placeholder: _, ...rest } = common
      const on = typeof value === 'boolean' ? value : field.fallback === 'true'
      return <Switch {...rest} checked={on} onChange={(event) => set(event.currentTarget.checked)} />
    }
    case 'choice':
      return (
        <Select
          {...common}
          data={field.choices}
          value={typeof value === 'string' ? value : null}
          onChange={set}
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
    case 'texts':
      return (
        <TagsInput
          {...common}
          value={(Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)}
          onChange={set}
          acceptValueOnBlur
          placeholder={common.placeholder ?? 'Type, then Enter'}
        />
      )
    case 'pairs':
      return <Pairs {...common} value={value} set={set} />
    case 'json':
      return <Json {...common} value={value} set={set} />
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
        <TextInput {...common} value={sayText(value)} onChange={(event) => set(event.currentTarget.value)} />
      )
  }
}

interface Free {
  label: string
  description: ReactNode
  error: string | undefined
  required: boolean
  value: unknown
  set: (value: unknown) => void
}

/** A description as schemas write them: what is between backticks is to be typed as it stands. */
function Written({ text }: { text: string }) {
  const parts = text
    .split('`')
    .map((part, place) => (place % 2 === 1 ? createElement('code', null, part) : part))
  return createElement(Fragment, null, ...parts)
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

function Pairs({ value, set, ...rest }: Free) {
  const [text, setText] = useState(() => writePairs(value))
  return (
    <Textarea
      {...rest}
      autosize
      minRows={2}
      placeholder="Name: value, one on each line"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        set(readPairs(event.currentTarget.value))
      }}
    />
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
