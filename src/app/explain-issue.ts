import type { z } from 'zod'

export interface Explained {
  path: PropertyKey[]
  /** The key that is meant, where the path ends at its parent. */
  key?: string
  message: string
  remedy: string
}

// Two letters swapped count as one slip (optimal string alignment).
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

/** The known word that was probably meant, or null. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((k) => ({ k, d: distance(word.toLowerCase(), k.toLowerCase()) }))
    .sort((a, b) => a.d - b.d)
  const [best, second] = ranked
  if (!best || best.d > Math.max(2, Math.floor(word.length / 3))) return null
  // Two equally near words are no hint.
  return second?.d === best.d ? null : best.k
}

const list = (words: readonly unknown[]) => words.map((w) => `"${String(w)}"`).join(', ')

function article(type: string): string {
  return (
    {
      string: 'text',
      number: 'a number',
      int: 'a whole number',
      boolean: 'true or false',
      array: 'a list',
      object: 'a mapping of keys',
      record: 'a mapping of keys',
    }[type] ?? type
  )
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return article(typeof value)
}

/** The keys that the schema knows at this place, from what zod tells of unknown ones; the caller supplies them. */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[]

/** What zod found, in words for the person who wrote the file: one entry for each thing to mend. */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown, knownKeys: KnownKeys): Explained[] {
  const path = [...issue.path]
  const missing = value === undefined
  const where = path.at(-1)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = knownKeys(path)
        const meant = nearest(key, known)
        const remedy = meant
          ? `Did you mean "${meant}"?`
          : known.length > 0
            ? `Known here: ${known.join(', ')}.`
            : 'Remove it.'
        return { path, key, message: `the key "${key}" is not known here`, remedy }
      })
    case 'invalid_type':
      if (missing && !issue.message.startsWith('Invalid input'))
        return [{ path, message: `"${String(where)}" ${issue.message}`, remedy: `Add "${String(where)}".` }]
      if (missing)
        return [
          {
            path,
            message: `"${String(where)}" is missing`,
            remedy: `Add "${String(where)}": ${article(issue.expected)}.`,
          },
        ]
      return [
        {
          path,
          message: `must be ${article(issue.expected)}, not ${typeOf(value)}`,
          remedy: `Write ${article(issue.expected)}.`,
        },
      ]
    case 'invalid_value': {
      const meant = typeof value === 'string' ? nearest(value, issue.values.map(String)) : null
      const remedy = meant ? `Did you mean "${meant}"?` : `Choose one of ${list(issue.values)}.`
      if (missing) return [{ path, message: `"${String(where)}" is missing`, remedy }]
      return [{ path, message: `${JSON.stringify(value)} is not one of ${list(issue.values)}`, remedy }]
    }
    case 'invalid_key':
      return [
        {
          path,
          message: `the name "${String(where)}" is not allowed: ${issue.issues.map((i) => i.message).join('; ')}`,
          remedy: 'Rename it.',
        },
      ]
    case 'invalid_union': {
      if ('discriminator' in issue && issue.discriminator) return [explainKind(issue, value)]
      if (missing) return [{ path, message: `"${String(where)}" is missing`, remedy: 'Add it.' }]
      // The alternative that came furthest is the one that was meant.
      const tried = issue.errors.map((e) =>
        e.map((i) => ({ ...i, path: [...path, ...i.path] }) as z.core.$ZodIssue),
      )
      const best = tried.sort((a, b) => depth(b) - depth(a))[0]
      if (best && depth(best) > path.length)
        return best.flatMap((i) => explainIssue(i, at(value, i.path.slice(path.length)), knownKeys))
      const options = [
        ...new Set(
          issue.errors.flat().map((i) => ('expected' in i ? article(String(i.expected)) : i.message)),
        ),
      ]
      return [
        {
          path,
          message: issue.message === 'Invalid input' ? `must be ${options.join(' or ')}` : issue.message,
          remedy: 'See the reference of the configuration.',
        },
      ]
    }
    default:
      return [{ path, message: issue.message, remedy: remedyFor(path, value) }]
  }
}

// A thing of several kinds that names none, or one that does not exist; `named` is what it names.
function explainKind(issue: { path: PropertyKey[]; options?: unknown }, named: unknown): Explained {
  const key = String(issue.path.at(-1))
  const options = Array.isArray(issue.options) ? issue.options.map(String) : []
  const remedy = `Choose one of ${list(options)}.`
  if (named === undefined) return { path: issue.path, message: `"${key}" is missing`, remedy }
  const meant = nearest(String(named), options)
  return {
    path: issue.path,
    message: `${JSON.stringify(named)} is not a known ${key}`,
    remedy: meant ? `Did you mean "${meant}"?` : remedy,
  }
}

const SECRET = /pass|secret|token|key/i

// What is there now, where it is short and no secret.
function remedyFor(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return 'Add it.'
  if (typeof value === 'object' || SECRET.test(String(path.at(-1)))) return 'Correct it as the message says.'
  const text = JSON.stringify(value)
  return `Change ${text.length > 60 ? `${text.slice(0, 57)}…` : text}.`
}

function depth(issues: z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((i) => i.path.length))
}

/** The value at a path, or undefined. */
export function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let node = value
  for (const part of path) {
    if (node === null || typeof node !== 'object') return undefined
    node = (node as Record<PropertyKey, unknown>)[part]
  }
  return node
}
