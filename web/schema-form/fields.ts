/** One control of a form, reduced from a JSON Schema. */
export interface Field {
  /** Where its value stands: `expect.status`; empty for what stands inside a list. */
  path: string
  control:
    | 'text'
    | 'long-text'
    | 'secret'
    | 'time'
    | 'date'
    | 'number'
    | 'switch'
    | 'choice'
    | 'choices'
    | 'texts'
    /** Any single value: a text, a number, yes or no. */
    | 'value'
    | 'pairs'
    | 'group'
    /** Several of the same, each a group or one of several. */
    | 'list'
    /** Several, each a text or a choice in short, or a group. */
    | 'mixed'
    /** Groups, or other things, by a name of one's own. */
    | 'map'
    /** One of several shapes. */
    | 'either'
    /** One fixed value, as a shape among several. */
    | 'constant'
    | 'json'
  title: string
  description: string
  required: boolean
  /** What stands when it is left out, as text for a placeholder. */
  fallback: string
  choices: string[]
  /** Of a group. */
  fields: Field[]
  /** What a list, a mixed list or a map consists of; null for all others. */
  items: Field | null
  /** Of a map: what its names are called. */
  keys: string
  /** Of `either`. */
  variants: Field[]
  /** Of `constant`. */
  constant?: unknown
  /** Whether a text that reads as a number is sent as one. */
  numeric: boolean
  /** For pairs: whether their values may be more than texts. */
  literal: boolean
}

type Schema = Record<string, unknown>
type Defs = Record<string, Schema>

/** The controls for the properties of an object schema, in their order; those in `without` are left out. */
export function formFields(schema: Schema, without: readonly string[] = []): Field[] {
  return fieldsOf(schema, '', (schema.$defs as Defs | undefined) ?? {}).filter(
    ({ path }) => !without.includes(path),
  )
}

function fieldsOf(schema: Schema, prefix: string, defs: Defs): Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  const required = (schema.required ?? []) as string[]
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(
      name,
      prefix ? `${prefix}.${name}` : name,
      resolve(property, defs),
      required.includes(name),
      defs,
    ),
  )
}

function fieldOf(name: string, path: string, schema: Schema, required: boolean, defs: Defs): Field {
  const only = onlyOne(schema, defs)
  const field: Field = {
    path,
    control: controlOf(schema, name, defs),
    title: typeof schema.title === 'string' ? schema.title : sayName(name),
    description: typeof schema.description === 'string' ? schema.description : '',
    required: required && schema.default === undefined,
    fallback: sayFallback(schema.default),
    choices: choicesOf(schema, defs),
    fields: [],
    items: null,
    keys: textOf(schema.keys) ?? 'Name',
    variants: [],
    numeric: alternatives(schema, defs).some(isNumber),
    literal: false,
  }
  switch (field.control) {
    case 'group':
      field.fields = fieldsOf(only, path, defs)
      break
    case 'list':
      field.items = itemOf(only.items as Schema, field.title, defs)
      break
    case 'mixed':
      field.items = itemOf(alternatives(itemsOf(only, defs), defs).find(isGroup)!, field.title, defs)
      field.choices = choicesAmong(alternatives(itemsOf(only, defs), defs))
      break
    case 'map':
      field.items = itemOf(only.additionalProperties as Schema, field.title, defs)
      break
    case 'either':
      field.variants = variantsOf(alternatives(schema, defs), defs)
      break
    case 'constant':
      field.constant = schema.const
      break
    case 'pairs':
      field.literal = alternatives(valuesOf(only, defs), defs).some(({ type }) => type !== 'string')
      break
  }
  return field
}

/** What stands inside a list: its fields are found from there, and not from the whole form. */
function itemOf(schema: Schema, title: string, defs: Defs): Field {
  const resolved = resolve(schema, defs)
  return { ...fieldOf(title, '', resolved, true, defs), title: textOf(resolved.title) ?? '' }
}

function variantsOf(either: Schema[], defs: Defs): Field[] {
  const shapes = either.flatMap((one): Schema[] =>
    one.type === 'boolean' && one.const === undefined
      ? [
          { const: false, title: 'No' },
          { const: true, title: 'Yes' },
        ]
      : [one],
  )
  const short = shapes.length === 2 && shapes.some(isGroup) && shapes.some(isScalar)
  return shapes.map((one) => {
    const field = fieldOf('', '', one, true, defs)
    return { ...field, title: variantTitle(field, one, short) }
  })
}

/** What one of several shapes is called. */
function variantTitle(field: Field, schema: Schema, short: boolean): string {
  const title = textOf(schema.title)
  if (short) return isGroup(schema) ? 'In detail' : 'In short'
  if (title) return title
  if (field.control === 'constant') return sayName(String(field.constant))
  const fixed = Object.values((schema.properties ?? {}) as Record<string, Schema>).find(
    (one) => one.const !== undefined,
  )
  if (fixed) return sayName(String(fixed.const))
  const needed = field.fields.find(({ required }) => required)
  if (needed) return needed.title
  const words: Partial<Record<Field['control'], string>> = {
    texts: 'These',
    choices: 'These',
    choice: 'One of a list',
    number: 'A number',
    text: 'A text',
    pairs: 'Pairs',
  }
  return words[field.control] ?? 'Settings'
}

function resolve(schema: Schema, defs: Defs): Schema {
  if (typeof schema.$ref !== 'string') return schema
  const found = defs[schema.$ref.replace(/^#\/\$defs\//, '')] ?? {}
  const { $ref: _, ...own } = schema
  return { ...found, ...own }
}

/** Alternatives with the nested ones taken apart: `int | text | list` in place of `(int | text) | list`. */
function alternatives(schema: Schema, defs: Defs): Schema[] {
  const either = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined
  if (Array.isArray(schema.type))
    return schema.type.filter((type) => type !== 'null').map((type) => ({ ...schema, type }))
  if (!either) return [schema]
  return either.flatMap((one) => alternatives(resolve(one, defs), defs)).filter(({ type }) => type !== 'null')
}

const onlyOne = (schema: Schema, defs: Defs): Schema => {
  const either = alternatives(schema, defs)
  return either.length === 1 ? either[0]! : schema
}
const itemsOf = (schema: Schema, defs: Defs): Schema => resolve((schema.items ?? {}) as Schema, defs)
const valuesOf = (schema: Schema, defs: Defs): Schema =>
  resolve((schema.additionalProperties ?? {}) as Schema, defs)

function controlOf(schema: Schema, name: string, defs: Defs): Field['control'] {
  if (Array.isArray(schema.enum)) return 'choice'
  if (schema.const !== undefined) return 'constant'
  const either = alternatives(schema, defs)
  return either.length > 1 ? controlOfSeveral(either, defs) : controlOfOne(either[0] ?? schema, name, defs)
}

function controlOfSeveral(either: Schema[], defs: Defs): Field['control'] {
  const choices = isListOfChoices(defs)
  const texts = isListOfTexts(defs)
  if (either.some(choices) && either.every((one) => isWord(one) || choices(one))) return 'choices'
  if (either.some(texts) && either.every((one) => isScalar(one) || texts(one))) return 'texts'
  if (either.every(isNumber)) return 'number'
  if (either.every((one) => isScalar(one) && one.const === undefined)) return 'text'
  if (either.every((one) => (isScalar(one) || one.type === 'boolean') && one.const === undefined))
    return 'value'
  return either.every((one) => controlOf(one, '', defs) !== 'json') ? 'either' : 'json'
}

function controlOfOne(only: Schema, name: string, defs: Defs): Field['control'] {
  if (only.type === 'string') return controlOfText(only, name)
  if (isNumber(only)) return 'number'
  if (only.type === 'boolean') return 'switch'
  if (only.type === 'array') return controlOfList(only, defs)
  if (isGroup(only)) return 'group'
  const values = alternatives(valuesOf(only, defs), defs)
  if (only.type !== 'object' || values.length === 0) return 'json'
  if (values.every((one) => isScalar(one) || one.type === 'boolean')) return 'pairs'
  return values.every((one) => controlOf(one, '', defs) !== 'json') ? 'map' : 'json'
}

// What opens a door: never shown while it is typed.
const SECRET = /^(?:password|secret|token|key|pingKey|pushKey)$/

function controlOfText(schema: Schema, name: string): Field['control'] {
  if (schema.format === 'date-time') return 'time'
  if (schema.format === 'date') return 'date'
  if (schema.format === 'password' || SECRET.test(name)) return 'secret'
  return (schema.maxLength as number) > 2_000 ? 'long-text' : 'text'
}

function controlOfList(schema: Schema, defs: Defs): Field['control'] {
  if (isListOfChoices(defs)(schema)) return 'choices'
  if (isListOfTexts(defs)(schema)) return 'texts'
  const items = alternatives(itemsOf(schema, defs), defs)
  if (items.every(isGroup)) return 'list'
  const groups = items.filter(isGroup)
  return groups.length === 1 && items.every((one) => isGroup(one) || isScalar(one)) ? 'mixed' : 'json'
}

const isNumber = ({ type }: Schema): boolean => type === 'integer' || type === 'number'
const isScalar = (schema: Schema): boolean => schema.type === 'string' || isNumber(schema)
const isGroup = ({ type, properties }: Schema): boolean => type === 'object' && properties !== undefined

function isListOfTexts(defs: Defs) {
  return (schema: Schema): boolean => {
    if (schema.type !== 'array') return false
    const items = alternatives(itemsOf(schema, defs), defs)
    return items.length > 0 && items.every(isScalar)
  }
}

/** One word that stands for itself, such as `all`. */
function isWord({ type, const: word }: Schema): boolean {
  return type === 'string' && typeof word === 'string'
}

function isListOfChoices(defs: Defs) {
  return (schema: Schema): boolean => schema.type === 'array' && Array.isArray(itemsOf(schema, defs).enum)
}

/** What may be chosen: of the schema itself, or for the items of its list. */
function choicesOf(schema: Schema, defs: Defs): string[] {
  if (Array.isArray(schema.enum)) return schema.enum.map(String)
  const list = alternatives(schema, defs).find(isListOfChoices(defs))
  return list ? choicesOf(itemsOf(list, defs), defs) : []
}

const choicesAmong = (either: Schema[]): string[] =>
  either.flatMap((one) => (Array.isArray(one.enum) ? one.enum.map(String) : []))

/** `startGrace` reads "Start grace". */
function sayName(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function sayFallback(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'object') return ''
  return String(value)
}

/** Every control of a form, those inside groups too; what stands inside lists belongs to them. */
export function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.control === 'group' ? leaves(field.fields) : [field]))
}

/** Every control with those inside groups, lists, maps and shapes. */
export function everyField(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [
    field,
    ...everyField([...field.fields, ...field.variants, ...(field.items ? [field.items] : [])]),
  ])
}
