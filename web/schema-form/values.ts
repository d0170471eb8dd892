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

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Only what these fields can hold: settings of another kind are left behind when the kind is changed. */
export function keepFields(values: Values, fields: readonly Field[], common: readonly string[]): Values {
  let kept: Values = {}
  for (const path of [...common, ...leaves(fields).map((field) => field.path)])
    kept = writeAt(kept, path, readAt(values, path))
  return kept
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
