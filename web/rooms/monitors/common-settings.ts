import { type Field, formFields } from '../../schema-form/fields.ts'

/** Settings that every kind has, drawn by the form itself and not from the schema of the kind. */
export const COMMON = ['service', 'name', 'enabled', 'type']

/** Those of kinds that check, which few monitors need. */
export const SELDOM = ['recover', 'retryEvery', 'places', 'quorum']

/** The fields of a kind. What is asked by a control that knows more than the schema is sent as a whole. */
export function fieldsOf(schema: Record<string, unknown>): Field[] {
  return formFields(schema, COMMON).map((field) =>
    WHOLE.includes(field.path) ? { ...field, control: 'json' } : field,
  )
}
// The check of a pool's members: its settings are those of another kind.
const WHOLE = ['check']

/** Kinds that only hear have an interval of their own. */
export const isChecked = (fields: readonly Field[]): boolean => !fields.some(({ path }) => path === 'every')

/** As the reference of the configuration describes them. */
export const seldomFields: Field[] = formFields({
  properties: {
    recover: {
      type: 'integer',
      title: 'Recover',
      description: 'How many checks in a row must be good before the verdict turns up.',
      default: 1,
    },
    retryEvery: {
      type: 'string',
      title: 'Retry every',
      description: 'The interval while a change waits for its confirmation.',
      default: '20s',
    },
    places: {
      type: 'array',
      items: { type: 'string' },
      title: 'Places',
      description: '`here` and the places where `tocsin probe` runs; from here only, when left out.',
    },
    quorum: {
      type: 'integer',
      title: 'Quorum',
      description: 'How many of the places must see it bad; more than half of them, when left out.',
    },
  },
})
