import { Button, Fieldset, Menu, MultiSelect, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useRef, useState } from 'react'
import { type Given, Written } from './control.tsx'
import type { Field } from './fields.ts'
import { beginningOf, isEmpty, problemsIn, readAt, type Values, variantOf } from './values.ts'

/** One field of whatever kind, as part of something larger. */
export interface PartProps {
  field: Field
  values: Values
  onChange: (values: Values) => void
  problems: Record<string, string>
  /** Whether a group begins open: somebody has just asked for it. */
  open?: boolean
}

/** What stands inside is drawn as any other field is. */
interface Several extends Given {
  Part: ComponentType<PartProps>
}

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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

/** Keys that stay with an entry while others come and go, so that what is typed stays in its field. */
function useKeys(count: number) {
  const next = useRef(0)
  const keys = useRef<number[]>([])
  while (keys.current.length < count) keys.current.push(next.current++)
  keys.current.length = count
  return {
    of: (place: number) => keys.current[place]!,
    drop: (place: number) => {
      keys.current.splice(place, 1)
    },
  }
}

function EntryBox({ title, remove, children }: { title: string; remove: () => void; children: ReactNode }) {
  return (
    <fieldset className="entry" aria-label={title}>
      <div className="entry-head">
        <strong className="sub">{title}</strong>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          aria-label={`Remove ${title.toLowerCase()}`}
          leftSection={<IconTrash size={13} aria-hidden="true" />}
          onClick={remove}
        >
          Remove
        </Button>
      </div>
      {children}
    </fieldset>
  )
}

function Entry({ field, value, set, problems, Part }: Several) {
  if (field.control === 'group') {
    const group = isRecord(value) ? value : {}
    return <Sparse fields={field.fields} value={group} set={set} problems={problems} Part={Part} />
  }
  // It has no name of its own in what is sent: it gets one for the time of drawing.
  const named = Object.entries(problems).map(([path, said]) => [path ? `it.${path}` : 'it', said])
  return (
    <Part
      field={{ ...field, path: 'it' }}
      values={value === undefined ? {} : { it: value }}
      onChange={({ it }) => set(it)}
      problems={Object.fromEntries(named)}
    />
  )
}

// With so few there is nothing to be saved by hiding any.
const ALL_SHOWN = 4

/** The fields of an entry that are set or must be, and a way to the others: an entry seldom needs them all. */
function Sparse(props: {
  fields: Field[]
  value: Values
  set: (value: Values) => void
  problems: Record<string, string>
  Part: Several['Part']
}) {
  const { fields, value, set, problems, Part } = props
  const [added, setAdded] = useState<string[]>([])
  const isShown = ({ path, required }: Field) =>
    fields.length <= ALL_SHOWN ||
    required ||
    added.includes(path) ||
    !isEmpty(readAt(value, path)) ||
    Object.keys(problemsIn(problems, path)).length > 0
  const shown = fields.filter(isShown)
  const others = fields.filter((field) => !isShown(field))
  return (
    <Stack gap="xs">
      {problems[''] && (
        <p className="group-problem" role="alert">
          {problems['']}
        </p>
      )}
      {shown.map((field) => (
        <Part
          key={field.path}
          field={field}
          values={value}
          onChange={set}
          problems={problems}
          open={added.includes(field.path)}
        />
      ))}
      {others.length > 0 && (
        <Menu position="bottom-start" shadow="md" withinPortal>
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-xs"
              style={{ alignSelf: 'start' }}
              leftSection={<IconPlus size={13} aria-hidden="true" />}
            >
              {shown.length === 0 ? 'Choose a setting' : 'Add a setting'}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={280} style={{ overflowY: 'auto' }}>
            {others.map((field) => (
              <Menu.Item key={field.path} onClick={() => setAdded([...added, field.path])}>
                {field.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  )
}

/** Groups by names of one's own. */
export function Mapping({ field, value, set, problems, Part }: Several) {
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
  return (
    <Fieldset legend={field.title}>
      <Stack gap="xs">
        {field.description && (
          <p className="sub" style={{ margin: 0 }}>
            <Written text={field.description} />
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
              <TextInput
                label="Name"
                description="Lower-case letters, digits and hyphens"
                required
                value={key}
                error={
                  entries.some(([other], at) => at < place && other === key && key !== '')
                    ? 'This name is taken'
                    : undefined
                }
                onChange={(event) => write(entries.with(place, [event.currentTarget.value, entry]))}
              />
              <Entry
                field={field.items!}
                value={entry}
                set={(next) => write(entries.with(place, [key, next ?? {}]))}
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
            onClick={() => setEntries([...entries, ['', {}]])}
          >
            {entries.length === 0 ? `Add ${a}` : `Add another ${name}`}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  )
}

/** One of several shapes: which, and then its own control. */
export function Either({ field, value, set, problems, Part }: Several) {
  const [chosen, choose] = useState<number | null>(() => variantOf(field, value))
  // What somebody chose stays, also while nothing is written in it yet.
  const now = value === undefined ? chosen : (variantOf(field, value) ?? chosen)
  const variant = now === null ? undefined : field.variants[now]
  const names = field.variants.map(({ title }, place) => ({ value: String(place), label: title }))
  const standing = field.variants.find(
    ({ constant }) => constant !== undefined && String(constant) === field.fallback,
  )
  return (
    <Stack gap={6}>
      <Select
        label={field.title}
        description={field.description ? <Written text={field.description} /> : undefined}
        required={field.required}
        placeholder={standing?.title ?? (field.fallback || 'Not set')}
        error={variant && variant.control !== 'constant' ? undefined : Object.values(problems)[0]}
        data={names}
        value={now === null ? null : String(now)}
        clearable={!field.required}
        onChange={(next) => {
          choose(next === null ? null : Number(next))
          set(next === null ? undefined : beginningOf(field.variants[Number(next)]!))
        }}
      />
      {variant && variant.control !== 'constant' && (
        <div className="entry">
          <Entry
            key={now}
            field={
              variant.control === 'group'
                ? variant
                : { ...variant, title: `${field.title}: ${variant.title.toLowerCase()}` }
            }
            value={value}
            set={set}
            problems={problems}
            Part={Part}
          />
        </div>
      )}
    </Stack>
  )
}
