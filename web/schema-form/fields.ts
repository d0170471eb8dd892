/** One control of a form, reduced from a JSON Schema. */
export interface Field {
  /** Where its value stands: `expect.status`. */
  path: string
  control:
    | 'text'
    | 'long-text'
    | 'time'
    | 'number'
    | 'switch'
    | 'choice'
    | 'choices'
    | 'texts'
    | 'pairs'
    | 'json'
    | 'group'
  title: string
  description: string
  required: boolean
  /** What stands when it is left out, as text for a placeholder. */
  fallback: string
  choices: string[]
  /** Of a group. */
  fields: Field[]
}

type Schema = Record<string, unknown>

/** The controls for the properties of an object schema, in their order; those in `without` are left out. */
export function formFields(schema: Schema, without: readonly string[] = []): Field[] {
  return fieldsOf(schema, '', (schema.$defs as Record<string, Schema> | undefined) ?? {}).filter(
    ({ path }) => !without.includes(path),
  )
}

function fieldsOf(schema: Schema, prefix: string, defs: Record<string, Schema>): Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  const required = (schema.required ?? []) as string[]
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, resolve(property, defs), prefix, required.includes(name), defs),
  )
}

function fieldOf(
  name: string,
  schema: Schema,
  prefix: string,
  required: boolean,
  defs: Record<string, Schema>,
): Field {
  const path = prefix ? `${prefix}.${name}` : name
  const field: Field = {
    path,
    control: controlOf(schema, defs),
    title: typeof schema.title === 'string' ? schema.title : sayName(name),
    description: typeof schema.description === 'string' ? schema.description : '',
    required: required && schema.default === undefined,
    fallback: sayFallback(schema.default),
    choices: choicesOf(schema, defs),
    fields: [],
  }
  if (field.control === 'group') field.fields = fieldsOf(schema, path, defs)
  return field
}

function resolve(schema: Schema, defs: Record<string, Schema>): Schema {
  if (typeof schema.$ref !== 'string') return schema
  const found = defs[schema.$ref.replace(/^#\/\$defs\//, '')] ?? {}
  const { $ref: _, ...own } = schema
  return { ...found, ...own }
}

/** Alternatives with the nested ones taken apart: `int | text | list` in place of `(int | text) | list`. */
function alternatives(schema: Schema, defs: Record<string, Schema>): Schema[] {
  const either = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined
  if (Array.isArray(schema.type))
    return schema.type.filter((type) => type !== 'null').map((type) => ({ ...schema, type }))
  if (!either) return [schema]
  return either.flatMap((one) => alternatives(resolve(one, defs), defs)).filter(({ type }) => type !== 'null')
}

function controlOf(schema: Schema, defs: Record<string, Schema>): Field['control'] {
  if (Array.isArray(schema.enum)) return 'choice'
  const either = alternatives(schema, defs)
  if (either.length > 1) {
    if (
      either.some(isListOfChoices(defs)) &&
      either.every((one) => isWord(one) || isListOfChoices(defs)(one))
    )
      return 'choices'
    if (either.some(isListOfTexts(defs)) && either.every((one) => isScalar(one) || isListOfTexts(defs)(one)))
      return 'texts'
    return either.every(isScalar) && either.some(({ type }) => type === 'string') ? 'text' : 'json'
  }
  const only = either[0] ?? schema
  if (only.format === 'date-time') return 'time'
  if (only.type === 'string') return (only.maxLength as number) > 1_000 ? 'long-text' : 'text'
  if (only.type === 'integer' || only.type === 'number') return 'number'
  if (only.type === 'boolean') return 'switch'
  if (isListOfChoices(defs)(only)) return 'choices'
  if (isListOfTexts(defs)(only)) return 'texts'
  if (only.type === 'object' && only.properties) return 'group'
  const values = only.additionalProperties as Schema | undefined
  return only.type === 'object' && values?.type === 'string' ? 'pairs' : 'json'
}

function isScalar({ type }: Schema): boolean {
  return type === 'string' || type === 'integer' || type === 'number'
}

function isListOfTexts(defs: Record<string, Schema>) {
  return (schema: Schema): boolean => {
    if (schema.type !== 'array') return false
    const items = alternatives(resolve((schema.items ?? {}) as Schema, defs), defs)
    return items.length > 0 && items.every(isScalar)
  }
}

/** One word that stands for itself, such as `all`. */
function isWord({ type, const: word }: Schema): boolean {
  return type === 'string' && typeof word === 'string'
}

function isListOfChoices(defs: Record<string, Schema>) {
  return (schema: Schema): boolean =>
    schema.type === 'array' && Array.isArray(resolve((schema.items ?? {}) as Schema, defs).enum)
}

/** What may be chosen: of the schema itself, or for the items of its list. */
function choicesOf(schema: Schema, defs: Record<string, Schema>): string[] {
  if (Array.isArray(schema.enum)) return schema.enum.map(String)
  const list = alternatives(schema, defs).find(isListOfChoices(defs))
  return list ? choicesOf(resolve(list.items as Schema, defs), defs) : []
}

/** `startGrace` reads "Start grace". */
function sayName(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function sayFallback(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'object') return ''
  return String(value)
}

/** Every control of a form, those inside groups too. */
export function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.control === 'group' ? leaves(field.fields) : [field]))
}
