import type { Field } from './fields.ts'
import { leaves } from './fields.ts'

export type Values = Record<string, unknown>

/** The value at `expect.status`. */
export function readAt(values: Values, path: string): unknown {
  let place: unknown = values
  for (const name of path.split('.')) {
    if (typeof place !== 'object' || place === null) return undefined
    place = (place as Values)[name]
  }
  return place
}

/** A copy with the value at `expect.status` set; what is empty is left out altogether, and so are empty groups. */
export function writeAt(values: Values, path: string, value: unknown): Values {
  const [name = '', ...rest] = path.split('.')
  const { [name]: before, ...others } = values
  const inside =
    typeof before === 'object' && before !== null && !Array.isArray(before) ? (before as Values) : {}
  const after = rest.length > 0 ? writeAt(inside, rest.join('.'), value) : value
  return isEmpty(after) ? others : { ...others, [name]: after }
}

/** Whether a value says nothing. A null says something: that there must be none. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Only what these fields can hold: settings of another kind are left behind when the kind is changed. */
export function keepFields(values: Values, fields: readonly Field[], common: readonly string[]): Values {
  let kept: Values = {}
  for (const path of [...common, ...leaves(fields).map((field) => field.path)])
    kept = writeAt(kept, path, readAt(values, path))
  return kept
}

/** As `keepFields`, without what has another shape there: both kinds may know a name and mean different things. */
export function carryOver(values: Values, fields: readonly Field[], common: readonly string[]): Values {
  let kept = keepFields(values, fields, common)
  for (const field of leaves(fields))
    if (!fits(field, readAt(kept, field.path))) kept = writeAt(kept, field.path, undefined)
  return kept
}

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a control could have written this value. */
export function fits(field: Field, value: unknown): boolean {
  if (value === undefined) return true
  switch (field.control) {
    case 'text':
      return typeof value === 'string' || (field.numeric && typeof value === 'number')
    case 'long-text':
    case 'secret':
    case 'time':
    case 'date':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'switch':
      return typeof value === 'boolean'
    case 'choice':
      return field.choices.includes(String(value))
    case 'choices':
      return [value].flat().every((one) => field.choices.includes(String(one)))
    case 'texts':
      return [value].flat().every((one) => typeof one === 'string' || typeof one === 'number')
    case 'value':
      return typeof value !== 'object' || value === null
    case 'pairs':
    case 'group':
      return isRecord(value)
    case 'map':
      return isRecord(value) && Object.values(value).every((one) => fits(field.items!, one))
    case 'list':
      return Array.isArray(value) && value.every(isRecord)
    case 'mixed':
      return Array.isArray(value)
    case 'constant':
      return value === field.constant
    case 'either':
      return variantOf(field, value) !== null
    case 'json':
      return true
  }
}

/** Which of several shapes a value has, by its place among them; null where it has none of them. */
export function variantOf({ variants }: Field, value: unknown): number | null {
  if (value === undefined) return null
  const fitting = variants
    .map((variant, place) => ({ variant, place }))
    .filter(({ variant }) => fits(variant, value))
  // Of groups the one whose fields tell most of it.
  const known = ({ fields }: Field) =>
    isRecord(value)
      ? fields.filter((field) => {
          const there = readAt(value, field.path)
          return there !== undefined && fits(field, there)
        }).length *
          100 -
        fields.filter(({ required, path }) => required && readAt(value, path) === undefined).length
      : 0
  const best = fitting.sort((a, b) => known(b.variant) - known(a.variant))[0]
  return best?.place ?? null
}

/** The value that stands as soon as a shape is chosen; undefined where it has to be written. */
export function beginningOf(field: Field): unknown {
  if (field.control === 'constant') return field.constant
  if (field.control === 'group') {
    const fixed = field.fields.filter(({ control }) => control === 'constant')
    return Object.fromEntries(fixed.map(({ path, constant }) => [path, constant]))
  }
  return undefined
}

/** Problems inside one place, as that place knows them: `expect.json.0.path` reads `path` inside `expect.json.0`. */
export function problemsIn(problems: Record<string, string>, place: string): Record<string, string> {
  const inside = Object.entries(problems).filter(([path]) => path === place || path.startsWith(`${place}.`))
  return Object.fromEntries(inside.map(([path, said]) => [path.slice(place.length + 1), said]))
}

/** `Name: value` lines as an object, and back. */
export function readPairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    const name = (colon < 0 ? line : line.slice(0, colon)).trim()
    if (name) pairs[name] = colon < 0 ? '' : line.slice(colon + 1).trim()
  }
  return pairs
}

export function writePairs(pairs: unknown): string {
  if (typeof pairs !== 'object' || pairs === null) return ''
  return Object.entries(pairs)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n')
}

/** A single value as somebody types it: `3` is a number, `true` is yes, `"3"` is a text. */
export function readLiteral(text: string): unknown {
  if (text === '') return undefined
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(text.trim()) || /^".*"$/s.test(text.trim()))
    try {
      return JSON.parse(text)
    } catch {
      // A quotation that is not finished is a text so far.
    }
  return text
}

/** As it would be typed, so that it is read as the same. */
export function writeLiteral(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return readLiteral(value) === value ? value : JSON.stringify(value)
  return JSON.stringify(value)
}
