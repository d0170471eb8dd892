import { Scanner } from './selector.ts'
import type { Labels } from './series.ts'

/** One line of an exposition: a value, and its own time where it tells one. */
export interface Sample {
  labels: Labels
  value: number
  at: number | null
}

export const METRIC_TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'] as const

/** What was exposed, or the first line that cannot be read. */
export interface Exposition {
  samples: Sample[]
  /** By the name of the metric. */
  types: Map<string, string>
  problem: { line: number; message: string } | null
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y
const TOKEN = /[^ \t]+/y
const NUMBER = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)$/
const MOST_LABELS = 100

/**
 * Reads Prometheus' text format 0.0.4, with names in quotes as well. Samples that `wanted` refuses are read and not
 * kept. It stops at the first line that is wrong, as Prometheus refuses the whole scrape for it.
 */
export function parseExposition(text: string, wanted: (labels: Labels) => boolean = () => true): Exposition {
  const samples: Sample[] = []
  const types = new Map<string, string>()
  let number = 0
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end === -1 ? text.length : end).replace(/\r$/, '')
    from = end === -1 ? text.length : end + 1
    number++
    const scanner = new Scanner(line)
    scanner.blanks()
    if (scanner.done) continue
    if (line[scanner.at] === '#') {
      readComment(scanner, types)
      continue
    }
    const sample = readSample(scanner)
    if (typeof sample === 'string') return { samples, types, problem: { line: number, message: sample } }
    if (wanted(sample.labels)) samples.push(sample)
  }
  return { samples, types, problem: null }
}

function readComment(scanner: Scanner, types: Map<string, string>): void {
  scanner.at++
  scanner.blanks()
  if (scanner.take(TOKEN) !== 'TYPE') return
  scanner.blanks()
  const name = scanner.quoted() ?? scanner.take(TOKEN)
  scanner.blanks()
  const type = scanner.take(TOKEN)
  if (name !== null && type !== null && (METRIC_TYPES as readonly string[]).includes(type))
    types.set(name, type)
}

function readSample(scanner: Scanner): Sample | string {
  const labels: Labels = Object.create(null)
  const name = scanner.take(NAME)
  if (name !== null) labels.__name__ = name
  scanner.blanks()
  if (scanner.text[scanner.at] === '{') {
    const problem = readLabels(scanner, labels)
    if (problem !== null) return problem
  }
  if (labels.__name__ === undefined) return 'a line begins with the name of a metric'
  scanner.blanks()
  const value = readValue(scanner.take(TOKEN))
  if (value === null) return 'the value is not a number'
  scanner.blanks()
  if (scanner.done) return { labels, value, at: null }
  const time = scanner.take(TOKEN)!
  if (!/^-?\d{1,16}$/.test(time)) return 'the time is not a whole number of milliseconds'
  scanner.blanks()
  return scanner.done ? { labels, value, at: Number(time) } : 'there is more after the time'
}

function readLabels(scanner: Scanner, labels: Labels): string | null {
  scanner.at++
  for (let count = 0; ; count++) {
    if (count > MOST_LABELS) return `there are more than ${MOST_LABELS} labels`
    scanner.blanks()
    if (scanner.text[scanner.at] === '}') break
    const quoted = scanner.quoted()
    const label = quoted ?? scanner.take(LABEL)
    if (label === null || label === '') return 'a label has no name'
    scanner.blanks()
    if (scanner.text[scanner.at] === '=') {
      scanner.at++
      scanner.blanks()
      const value = scanner.quoted()
      if (value === null) return `the label ${label} has no value in quotes`
      if (Object.hasOwn(labels, label)) return `the label ${label} is there twice`
      labels[label] = value
    } else {
      if (quoted === null || labels.__name__ !== undefined) return `the label ${label} has no value`
      labels.__name__ = quoted
    }
    scanner.blanks()
    if (scanner.text[scanner.at] === ',') scanner.at++
    else if (scanner.text[scanner.at] !== '}') return 'a comma or } is missing between labels'
  }
  scanner.at++
  return null
}

/** A number as Go writes it, with its NaN and infinities; null where it is none. */
export function readValue(text: string | null): number | null {
  if (text === null) return null
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  return NUMBER.test(text) ? Number(text) : null
}
