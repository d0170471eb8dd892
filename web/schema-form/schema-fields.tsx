import { Fieldset, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Control, type Known, Written } from './control.tsx'
import { Either } from './either.tsx'
import type { PartProps } from './entry.tsx'
import { type Field, leaves } from './fields.ts'
import { Listing, Mapping, Mixed } from './several.tsx'
import { problemsIn, readAt, type Values, writeAt } from './values.ts'

export type { Known } from './control.tsx'

interface Props {
  fields: Field[]
  values: Values
  onChange: (values: Values) => void
  problems: Record<string, string>
  /**
   * Controls that know more than the schema does, by the path of their field: a person, a monitor. `signals.*` is that
   * of the names of a map.
   */
  instead?: Record<string, (known: Known) => ReactNode> | undefined
}

// A group with more controls than this is folded while nothing is set in it.
const FOLDED_FROM = 5

/** A form drawn from the schema of a kind: whatever the server can be told, the browser can ask. */
export function SchemaFields({ fields, ...rest }: Props) {
  // What must be given comes first; the rest keeps the order of the schema.
  const ordered = [...fields.filter((f) => f.required), ...fields.filter((f) => !f.required)]
  return (
    <Stack gap="sm">
      {ordered.map((field) => (
        <SchemaField key={field.path} field={field} {...rest} />
      ))}
    </Stack>
  )
}

type One = PartProps & Pick<Props, 'instead'>

const SEVERAL = { list: Listing, mixed: Mixed, map: Mapping, either: Either }

/** One field of a form: a control, or a group of them. */
export function SchemaField({ field, ...rest }: One) {
  const { values, onChange, problems, instead } = rest
  const known = instead?.[field.path]
  if (field.control === 'group' && !known) return <Group field={field} {...rest} />
  const given = {
    field,
    value: readAt(values, field.path),
    set: (next: unknown) => onChange(writeAt(values, field.path, next)),
    problems: problemsIn(problems, field.path),
  }
  const Several = known ? undefined : (SEVERAL as Partial<Record<string, typeof Listing>>)[field.control]
  if (!Several) return <Control {...given} known={known} />
  return <Several {...given} Part={SchemaField} nameControl={instead?.[`${field.path}.*`]} />
}

function Group({ field: given, open, ...rest }: One) {
  const set = leaves(given.fields).filter(({ path }) => readAt(rest.values, path) !== undefined).length
  // What a group demands, it demands of those who use it.
  const field = given.required || set > 0 ? given : { ...given, fields: given.fields.map(asked) }
  const inside = (
    <>
      {field.description && (
        <p className="sub" style={{ margin: '0 0 10px' }}>
          <Written text={field.description} />
        </p>
      )}
      {/* What is wrong with the group as a whole, such as two settings that exclude each other. */}
      {rest.problems[field.path] && (
        <p className="group-problem" role="alert">
          {rest.problems[field.path]}
        </p>
      )}
      <SchemaFields fields={field.fields} {...rest} />
    </>
  )
  if (field.required || leaves(field.fields).length < FOLDED_FROM)
    return (
      <Fieldset legend={field.title} variant="default">
        {inside}
      </Fieldset>
    )
  const isWrong = Object.keys(problemsIn(rest.problems, field.path)).length > 0
  return (
    <Fold
      title={field.title}
      says={set === 0 ? 'nothing set' : `${set} set`}
      begins={open === true || set > 0}
      forced={isWrong}
    >
      {inside}
    </Fold>
  )
}

const asked = (field: Field): Field => ({ ...field, required: false })

/** Settings out of the way until somebody wants them; open by itself where something in it is wrong. */
export function Fold(props: {
  title: string
  says?: string
  begins?: boolean
  forced?: boolean
  children: ReactNode
}) {
  const [isOpen, setOpen] = useState(props.begins ?? false)
  return (
    <details
      className="fold"
      open={isOpen || props.forced === true}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <strong>{props.title}</strong> {props.says && <span className="sub">{props.says}</span>}
      </summary>
      <div className="fold-body">{props.children}</div>
    </details>
  )
}
