import { Fieldset, Select, Stack } from '@mantine/core'
import type { MonitorKind } from '../../../src/contract/monitors.ts'
import { formFields } from '../../schema-form/fields.ts'
import { SchemaFields } from '../../schema-form/schema-fields.tsx'
import { carryOver, keepFields, type Values } from '../../schema-form/values.ts'

/** How each member of a pool is checked: another kind of monitor, with its own settings. */
export function MemberCheck(props: {
  kinds: MonitorKind[]
  required: boolean
  value: unknown
  set: (value: unknown) => void
  problems: Record<string, string>
}) {
  const { kinds, required, value, set, problems } = props
  const check = typeof value === 'object' && value !== null ? (value as Values) : {}
  const fitting = kinds.filter(({ checksMembers }) => checksMembers)
  const kind = fitting.find((one) => one.kind === check.type)
  const fields = kind ? formFields(kind.schema, ['type']) : []
  return (
    <Fieldset legend="Check">
      <Stack gap="sm">
        <p className="sub" style={{ margin: 0 }}>
          The check of every member. Each member’s address takes the place of the target’s; the name asked for
          stays.
        </p>
        <Select
          label="Kind of check"
          required={required}
          data={fitting.map((one) => ({ value: one.kind, label: one.title }))}
          value={kind?.kind ?? null}
          error={problems.type ?? problems['']}
          onChange={(next) => {
            const other = fitting.find((one) => one.kind === next)
            set(
              other
                ? { ...carryOver(check, formFields(other.schema, ['type']), []), type: other.kind }
                : undefined,
            )
          }}
        />
        {kind && (
          <SchemaFields
            key={kind.kind}
            // A name that is expected of the certificate serves as the target too, so that neither is demanded here.
            fields={fields.map((field) => (field.path === 'target' ? { ...field, required: false } : field))}
            values={check}
            onChange={(next) => set({ ...keepFields(next, fields, []), type: kind.kind })}
            problems={problems}
          />
        )}
      </Stack>
    </Fieldset>
  )
}
