import type { CaseValue } from './case.ts'

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json }

export interface Filled {
  settings: Record<string, Json>
  /** Values that are needed and were not given. */
  missing: string[]
  /** Values that are not of their kind. */
  wrong: string[]
}

// What stands for a member or an item that is to be left out.
const LEFT_OUT = Symbol('left out')
const PLACE = /\{((?:monitor:)?[a-zA-Z][a-zA-Z0-9-]*)\}/g

/**
 * A template with its places filled in. A string that is nothing but a place becomes a value of its kind; a member
 * that speaks of an optional value that is not given is left out. What looks like a place and is none stays.
 */
export function fillTemplate(
  template: Record<string, unknown>,
  given: Readonly<Record<string, string>>,
  values: Readonly<Record<string, Pick<CaseValue, 'kind' | 'optional'>>>,
): Filled {
  const missing = new Set<string>()
  const wrong = new Set<string>()
  const known = (place: string) => Object.hasOwn(given, place) || Object.hasOwn(values, place)

  function text(written: string): Json | typeof LEFT_OUT {
    const places = [...written.matchAll(PLACE)].map((match) => match[1]!).filter(known)
    if (places.length === 0) return written
    const absent = places.filter((place) => (given[place] ?? '').trim() === '')
    if (absent.some((place) => values[place]?.optional)) return LEFT_OUT
    for (const place of absent) missing.add(place)
    const [only] = places
    if (written === `{${only}}`) return whole(only!, (given[only!] ?? '').trim())
    return written.replaceAll(PLACE, (kept, place: string) =>
      known(place) ? (given[place] ?? '').trim() : kept,
    )
  }

  function whole(place: string, value: string): Json {
    if (values[place]?.kind !== 'number' || value === '') return value
    const number = Number(value.replaceAll(/[\s_]/g, ''))
    if (Number.isFinite(number)) return number
    wrong.add(place)
    return value
  }

  function list(items: unknown[]): Json[] {
    return items.flatMap((item) => {
      const place = typeof item === 'string' ? /^\{([a-zA-Z0-9]+)\}$/.exec(item)?.[1] : undefined
      const filled = fill(item)
      if (filled === LEFT_OUT) return []
      if (place === undefined || values[place]?.kind !== 'list' || typeof filled !== 'string') return [filled]
      return filled
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    })
  }

  function fill(part: unknown): Json | typeof LEFT_OUT {
    if (typeof part === 'string') return text(part)
    if (Array.isArray(part)) return list(part)
    if (typeof part !== 'object' || part === null) return part as Json
    const members = Object.entries(part).flatMap(([member, inner]): [string, Json][] => {
      const filled = fill(inner)
      return filled === LEFT_OUT ? [] : [[member, filled]]
    })
    return Object.fromEntries(members)
  }

  const settings = fill(template) as Record<string, Json>
  return { settings, missing: [...missing], wrong: [...wrong] }
}
