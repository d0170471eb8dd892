import { createRequire } from 'node:module'
import type { JSONPathEnvironment, JSONPathQuery } from 'json-p3'
import { z } from 'zod'
import { reasonOf } from '../../kit/errors.ts'
import { compilePattern, matchesPattern, patternText } from './patterns.ts'

const load = createRequire(import.meta.url)
let environment: JSONPathEnvironment | null = null
const compiled = new Map<string, JSONPathQuery>()
const MOST_KEPT = 500

/** A JSONPath of RFC 9535; throws where it is none. */
export function compilePath(path: string): JSONPathQuery {
  const known = compiled.get(path)
  if (known) return known
  environment ??= openEnvironment()
  const fresh = environment.compile(path)
  if (compiled.size >= MOST_KEPT) compiled.delete(compiled.keys().next().value!)
  compiled.set(path, fresh)
  return fresh
}

function openEnvironment(): JSONPathEnvironment {
  const { JSONPathEnvironment: Environment } = load('json-p3') as typeof import('json-p3')
  const made = new Environment({ maxRecursionDepth: 200 })
  // The library's own use JavaScript's expressions, whose time has no bound.
  for (const name of ['match', 'search']) {
    const usual = made.functionRegister.get(name)!
    made.functionRegister.set(name, {
      argTypes: usual.argTypes,
      returnType: usual.returnType,
      call: (text: unknown, pattern: unknown) => matchesSafely(name === 'match', text, pattern),
    })
  }
  return made
}

function matchesSafely(whole: boolean, text: unknown, pattern: unknown): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') return false
  try {
    return whole ? compilePattern(pattern).matches(text) : matchesPattern(pattern, text)
  } catch {
    return false // As RFC 9535 has it: what is no pattern matches nothing.
  }
}

const pathText = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((text, context) => {
    try {
      compilePath(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: `this is no JSONPath of RFC 9535: ${reasonOf(error)}` })
    }
  })
  .meta({ title: 'Path', description: 'A JSONPath (RFC 9535), such as $.nodes[*].state' })

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const COMPARED = ['equals', 'not', 'min', 'max', 'matches', 'count', 'minCount', 'maxCount'] as const

/** What must be true of the values at a path: of each of them, and of how many there are. */
export const jsonAssertion = z
  .strictObject({
    path: pathText,
    name: z
      .string()
      .regex(/^[A-Za-z][\w-]{0,39}$/, 'a short name of letters and digits is expected')
      .optional()
      .meta({ title: 'Name', description: 'Shows the first value found among the figures of the check.' }),
    exists: z
      .boolean()
      .default(true)
      .meta({ title: 'Exists', description: 'Whether there must be a value at all, or none.' }),
    equals: scalar.optional().meta({ title: 'Equals', description: 'Each value must be this one.' }),
    not: scalar.optional().meta({ title: 'Not', description: 'No value may be this one.' }),
    min: z.number().optional().meta({ title: 'At least', description: 'Each value must be as large.' }),
    max: z.number().optional().meta({ title: 'At most', description: 'No value may be larger.' }),
    matches: patternText
      .optional()
      .meta({ title: 'Matches', description: 'Each value must match this expression (RE2).' }),
    count: z.int().min(0).optional().meta({ title: 'Count', description: 'How many values there must be.' }),
    minCount: z
      .int()
      .min(0)
      .optional()
      .meta({ title: 'Fewest', description: 'There must be as many values.' }),
    maxCount: z.int().min(0).optional().meta({ title: 'Most', description: 'There may be no more values.' }),
  })
  .refine((one) => one.exists || COMPARED.every((member) => one[member] === undefined), {
    path: ['exists'],
    message: 'what must not exist cannot be compared',
  })
export type JsonAssertion = z.output<typeof jsonAssertion>

/** A list of assertions, as a field. */
export const jsonAssertions = z
  .array(jsonAssertion)
  .max(50)
  .default([])
  .meta({ title: 'JSON', description: 'What the values at JSONPaths of the body must be.' })

/** A JSON value as far as it fits a sentence. */
export function shownJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** The values at a path; throws where the document nests deeper than can be followed. */
export function valuesAt(path: string, document: unknown): unknown[] {
  return compilePath(path)
    .query(document as Parameters<JSONPathQuery['query']>[0])
    .values()
}

/** What is wrong with the values at a path, in one sentence; null where nothing is. */
export function whyNot(assertion: JsonAssertion, found: readonly unknown[]): string | null {
  const { path, exists, count, minCount, maxCount } = assertion
  const many = found.length === 1 ? '1 value' : `${found.length} values`
  if (!exists) return found.length === 0 ? null : `${path} must not be there, and is ${shownJson(found[0])}`
  if (count !== undefined && found.length !== count) return `${path} has ${many}, expected are ${count}`
  if (minCount !== undefined && found.length < minCount)
    return `${path} has ${many}, expected are at least ${minCount}`
  if (maxCount !== undefined && found.length > maxCount)
    return `${path} has ${many}, expected are at most ${maxCount}`
  if (found.length === 0)
    return [count, minCount, maxCount].some((one) => one !== undefined) ? null : `${path} is not there`
  for (const value of found) {
    const wrong = whyNotOne(assertion, value)
    if (wrong) return `${path} is ${shownJson(value)}, ${wrong}`
  }
  return null
}

function whyNotOne({ equals, not, min, max, matches }: JsonAssertion, value: unknown): string | null {
  if (equals !== undefined && value !== equals) return `expected is ${shownJson(equals)}`
  if (not !== undefined && value === not) return 'which it must not be'
  const number = numberOf(value)
  if ((min ?? max) !== undefined && number === null) return 'which is no number'
  if (min !== undefined && number! < min) return `expected is at least ${min}`
  if (max !== undefined && number! > max) return `expected is at most ${max}`
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (matches !== undefined && !matchesPattern(matches, text)) return `expected is /${matches}/`
  return null
}

/** A number, also where a server writes it as text. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}
