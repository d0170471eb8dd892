import assert from 'node:assert/strict'
import { decodeEntities } from './markup/entities.ts'
import { place } from './placed-text.ts'
import type { Found, Reading } from './reading.ts'
import { readTimeAt } from './time/read-time.ts'

/**
 * Words of a text, however it is marked up: entities are decoded as often as they were encoded, tags, targets of links and
 * the signs of quotes are no words, and case and white space do not count.
 */
export function words(text: string): string[] {
  let plain = text
  for (let i = 0; i < 3; i++) plain = decodeEntities(place(plain)).text
  // An address in angle brackets is text, a tag is not; nor is the target of a link.
  plain = plain.replaceAll(/<([^<>\s]+(?:@|:\/\/)[^<>\s]+)>/g, ' $1 ')
  plain = plain.replaceAll(/<[^<>]*>/g, ' ').replaceAll(/\]\([^()\s]*\)/g, '] ')
  return (
    plain
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** Whether the words of a value stand in the source at its place: all of them, in their order, from its first to its last. */
export function standsThere(source: string, { value, span, places }: Found<string>): string | null {
  if (span.from < 0 || span.to > source.length || span.to < span.from)
    return 'the place is outside of the source'
  const said = words(value)
  const slice = source.slice(span.from, span.to)
  const there = words(places ? places.map(({ from, to }) => source.slice(from, to)).join('\n') : slice)
  if (
    places?.some(({ from, to }, i) => from < (places[i - 1]?.from ?? span.from) || to > span.to || to < from)
  )
    return 'its parts are not in order, or not within its place'
  if (said.length === 0) return null
  if (said[0] !== there[0]) return `begins with "${there[0]}" and not with "${said[0]}"`
  if (said.at(-1) !== there.at(-1)) return `ends with "${there.at(-1)}" and not with "${said.at(-1)}"`
  let at = 0
  for (const word of said) {
    const next = there.indexOf(word, at)
    if (next < 0) return `lacks "${word}"`
    at = next + 1
  }
  return null
}

/** Whether the clock time or day of a value stands in the source at its place. */
function timeStandsThere(source: string, { value, span }: Found<string>): string | null {
  const slice = source.slice(span.from, span.to)
  const plain = decodeEntities(decodeEntities(place(slice)))
    .text.replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/\s+/g, ' ')
  const wanted = /T(\d\d):(\d\d)/.exec(value)
  const numbers: string[] = plain.match(/\d+/g) ?? []
  if (wanted) {
    const [hour, minute] = [Number(wanted[1]), Number(wanted[2])]
    if (/noon|midnight/i.test(plain)) return null
    const hours = numbers.some(
      (n) => Number(n) % 12 === hour % 12 || (n.length === 4 && Number(n.slice(0, 2)) === hour),
    )
    const minutes =
      minute === 0 ||
      numbers.some((n) => Number(n) === minute || (n.length === 4 && Number(n.slice(2)) === minute))
    return hours && minutes ? null : `"${plain}" does not say ${value}`
  }
  for (let at = 0; at < plain.length; at++) if (readTimeAt(plain, at)) return null
  return `"${plain}" is no day`
}

/** Every value of a reading whose place does not hold it, as sentences. */
export function misplaced({ source, incidents, findings }: Reading): string[] {
  const problems: string[] = []
  const check = (what: string, found: Found<string> | null | undefined, judge = standsThere) => {
    const problem = found ? judge(source, found) : null
    if (problem) problems.push(`${what} "${found!.value.slice(0, 60)}": ${problem}`)
  }
  for (const incident of incidents) {
    check('title', incident.title)
    check('severity', incident.severity)
    for (const [kind, found] of Object.entries(incident.sections)) check(kind, found)
    for (const entry of incident.timeline) {
      check('entry', entry.text)
      check('time', entry.at, timeStandsThere)
      check('end', entry.end, timeStandsThere)
      if (entry.dateFrom && !/\d|day|\p{L}{3}/u.test(source.slice(entry.dateFrom.from, entry.dateFrom.to)))
        problems.push('a date comes from where none is')
    }
    for (const list of [incident.wentWell, incident.wentWrong, incident.lucky])
      for (const item of list) check('item', item)
    for (const action of incident.actions) {
      check('action', action.text)
      check('owner', action.owner)
      check('due', action.due)
      for (const ticket of action.tickets) check('ticket', ticket)
      if (action.status && action.status.span.to <= action.status.span.from)
        problems.push(`the status of "${action.text.value}" has no place`)
    }
    for (const reference of incident.references)
      if (!/^https?:/.test(reference.value)) check('reference', reference)
      else if (
        !decodeEntities(decodeEntities(place(source.slice(reference.span.from, reference.span.to))))
          .text.replaceAll(/\s/g, '')
          .includes(reference.value)
      )
        problems.push(`the address ${reference.value} is not at its place`)
  }
  for (const { span, code } of findings)
    if (span && (span.from < 0 || span.to > source.length || span.from > span.to))
      problems.push(`the finding ${code} has a place outside`)
  return problems
}

/** Fails where a value does not stand at its place. */
export function assertPlaced(reading: Reading): void {
  assert.deepEqual(misplaced(reading), [])
}
