import { Button, Fieldset, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Written } from './control.tsx'
import { Entry, EntryBox, isRecord, type Several, useKeys } from './entry.tsx'
import type { Field } from './fields.ts'
import { beginningOf, problemsIn } from './values.ts'

/** What one of several is called: "Steps" are made of steps, whatever else of entries. */
function oneOf(title: string): { name: string; a: string } {
  const isPlural = /^[A-Z][a-z ]+[^s]s$/.test(title)
  const name = isPlural ? title.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '') : 'entry'
  return { name, a: `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}` }
}

const titleOf = (title: string, name: string, place: number) =>
  name === 'entry' ? `${title} ${place + 1}` : `${name.charAt(0).toUpperCase()}${name.slice(1)} ${place + 1}`

/** Several of the same, in an order that counts. */
export function Listing({ field, value, set, problems, Part }: Several) {
  const entries = Array.isArray(value) ? value : []
  return (
    <Entries
      field={field}
      entries={entries}
      set={set}
      problems={problems}
      at={(place) => place}
      Part={Part}
    />
  )
}

/** Several, most of them in short: names to choose or to write, and below them those that need more words. */
export function Mixed({ field, value, set, problems, Part }: Several) {
  const all = Array.isArray(value) ? value : []
  const short = all.filter((one) => !isRecord(one)).map(String)
  const groups = all.filter(isRecord)
  const write = (names: unknown[], others: unknown[]) => set([...names, ...others])
  const wrong =
    problems[''] ??
    all.flatMap((one, place) => (isRecord(one) ? [] : (problems[String(place)] ?? []))).join('; ')
  const common = {
    label: field.title,
    description: <Written text={field.description} />,
    error: wrong || undefined,
    required: field.required,
    value: short,
    onChange: (names: string[]) => write(names, groups),
    clearable: true,
  }
  return (
    <Stack gap="xs">
      {field.choices.length > 0 ? (
        <MultiSelect {...common} data={field.choices} searchable />
      ) : (
        <TagsInput {...common} acceptValueOnBlur placeholder="Type, then Enter" />
      )}
      <Entries
        field={{ ...field, description: '' }}
        entries={groups}
        set={(others) => write(short, others)}
        problems={problems}
        at={(place) => all.indexOf(groups[place]!)}
        Part={Part}
        within
      />
    </Stack>
  )
}

/** The entries of a list, each with its own fields, and a button for one more. */
function Entries(props: {
  field: Field
  entries: unknown[]
  set: (entries: unknown[]) => void
  problems: Record<string, string>
  /** Where an entry stands in what is sent. */
  at: (place: number) => number
  within?: boolean
  Part: Several['Part']
}) {
  const { field, entries, set, problems, at, within = false, Part } = props
  const keys = useKeys(entries.length)
  const { name, a } = oneOf(field.title)
  const list = (
    <Stack gap="xs">
      {!within && field.description && (
        <p className="sub" style={{ margin: 0 }}>
          <Written text={field.description} />
        </p>
      )}
      {!within && problems[''] && (
        <p className="group-problem" role="alert">
          {problems['']}
        </p>
      )}
      {entries.map((entry, place) => (
        <EntryBox
          key={keys.of(place)}
          title={titleOf(field.title, name, place)}
          remove={() => {
            keys.drop(place)
            set(entries.toSpliced(place, 1))
          }}
        >
          <Entry
            field={field.items!}
            value={entry}
            set={(next) => set(entries.with(place, next ?? {}))}
            problems={problemsIn(problems, String(at(place)))}
            Part={Part}
          />
        </EntryBox>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={() => set([...entries, beginningOf(field.items!) ?? {}])}
        >
          {entries.length === 0 && !within
            ? `Add ${a}`
            : within
              ? `Add ${a} with settings of its own`
              : `Add another ${name}`}
        </Button>
      </div>
    </Stack>
  )
  return within ? list : <Fieldset legend={field.title}>{list}</Fieldset>
}

/** Groups, or one of several shapes each, by names of one's own. */
export function Mapping({ field, value, set, problems, Part, nameControl }: Several) {
  const given = isRecord(value) ? Object.entries(value) : []
  // A name that is being written may be empty, or taken: it is kept here until it can be sent.
  const [entries, setEntries] = useState<[string, unknown][]>(given)
  const keys = useKeys(entries.length)
  const write = (next: [string, unknown][]) => {
    setEntries(next)
    const named = next.filter(([name]) => name.trim() !== '')
    set(named.length === 0 ? undefined : Object.fromEntries(named))
  }
  const { name, a } = oneOf(field.title)
  const nothing = field.items!.control === 'group' ? {} : undefined
  return (
    <Fieldset legend={field.title}>
      <Stack gap="xs">
        {field.description && (
          <p className="sub" style={{ margin: 0 }}>
            <Written text={field.description} />
          </p>
        )}
        {problems[''] && (
          <p className="group-problem" role="alert">
            {problems['']}
          </p>
        )}
        {entries.map(([key, entry], place) => (
          <EntryBox
            key={keys.of(place)}
            title={titleOf(field.title, name, place)}
            remove={() => {
              keys.drop(place)
              write(entries.toSpliced(place, 1))
            }}
          >
            <Stack gap="xs">
              <NameField
                label={field.keys}
                value={key}
                isTaken={entries.some(([other], at) => at < place && other === key && key !== '')}
                set={(next) => write(entries.with(place, [next, entry]))}
                control={nameControl}
              />
              <Entry
                field={field.items!}
                value={entry}
                set={(next) => write(entries.with(place, [key, next ?? nothing]))}
                problems={problemsIn(problems, key)}
                Part={Part}
              />
            </Stack>
          </EntryBox>
        ))}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => setEntries([...entries, ['', nothing]])}
          >
            {entries.length === 0 ? `Add ${a}` : `Add another ${name}`}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  )
}

/** The name of an entry: one's own, or one of those that are known. */
function NameField(props: {
  label: string
  value: string
  isTaken: boolean
  set: (name: string) => void
  control: Several['nameControl']
}) {
  const { label, value, isTaken, set, control } = props
  const error = isTaken ? 'This name is taken' : undefined
  if (control)
    return control({
      ...{ label, error, description: undefined, required: true, value: value || null },
      onChange: (next) => set(next ?? ''),
      whole: { value, set: (next) => set(String(next ?? '')), problems: {} },
    })
  return (
    <TextInput
      label={label}
      description="Lower-case letters, digits and hyphens"
      required
      value={value}
      error={error}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}
