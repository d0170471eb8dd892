import { Button, Menu, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useRef, useState } from 'react'
import type { Given, Known } from './control.tsx'
import type { Field } from './fields.ts'
import { isEmpty, problemsIn, readAt, type Values } from './values.ts'

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
export interface Several extends Given {
  Part: ComponentType<PartProps>
  /** For the names of a map, where they are not one's own. */
  nameControl?: ((known: Known) => ReactNode) | undefined
}

export const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys that stay with an entry while others come and go, so that what is typed stays in its field. */
export function useKeys(count: number) {
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

export function EntryBox({
  title,
  remove,
  children,
}: {
  title: string
  remove: () => void
  children: ReactNode
}) {
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

export function Entry({ field, value, set, problems, Part }: Several) {
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
