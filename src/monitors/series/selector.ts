import { compilePattern } from '../kinds/patterns.ts'
import type { Labels } from './series.ts'

const OPERATORS = ['=', '!=', '=~', '!~'] as const

/** One condition on a label; a label that is not there is the empty text. */
export interface Matcher {
  label: string
  operator: (typeof OPERATORS)[number]
  value: string
}

/** What follows in a text of Prometheus' grammar; each `take` moves on, or answers null and stays. */
export class Scanner {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (!found) return null
    this.at = pattern.lastIndex
    return found[0]
  }

  blanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++
  }

  /** A quoted text with `\\`, `\"` and `\n`; null where none begins or it does not end. */
  quoted(quote = '"'): string | null {
    if (this.text[this.at] !== quote) return null
    let value = ''
    for (let index = this.at + 1; index < this.text.length; index++) {
      const character = this.text[index]!
      if (character === quote) {
        this.at = index + 1
        return value
      }
      if (character === '\n') return null
      if (character !== '\\') value += character
      else {
        const next = this.text[++index]
        if (next === undefined) return null
        value += next === 'n' ? '\n' : next === '\\' || next === '"' || next === "'" ? next : `\\${next}`
      }
    }
    return null
  }
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y
const OPERATOR = /=~|!~|!=|=/y

/** Reads `name{label="value",other=~"a|b"}`, or null where it is none. */
export function parseSelector(text: string): Matcher[] | null {
  const scanner = new Scanner(text.trim())
  const matchers: Matcher[] = []
  const name = scanner.take(NAME)
  if (name !== null) matchers.push({ label: '__name__', operator: '=', value: name })
  scanner.blanks()
  if (scanner.text[scanner.at] === '{') {
    scanner.at++
    for (;;) {
      scanner.blanks()
      if (scanner.text[scanner.at] === '}') break
      const quotedName = scanner.quoted()
      const label = quotedName ?? scanner.take(LABEL)
      if (label === null) return null
      scanner.blanks()
      const operator = scanner.take(OPERATOR) as Matcher['operator'] | null
      if (operator === null) {
        // A name that is quoted stands alone: {"my.metric", label="x"}.
        if (quotedName === null || name !== null) return null
        matchers.push({ label: '__name__', operator: '=', value: quotedName })
      } else {
        scanner.blanks()
        const value = scanner.quoted() ?? scanner.quoted("'")
        if (value === null) return null
        matchers.push({ label, operator, value })
      }
      scanner.blanks()
      if (scanner.text[scanner.at] === ',') scanner.at++
      else if (scanner.text[scanner.at] !== '}') return null
    }
    scanner.at++
  }
  return scanner.done && matchers.some(({ value }) => value !== '') ? matchers : null
}

/** Whether a series is meant; patterns are those of RE2, which never take long. */
export type Selects = (labels: Labels) => boolean

/** Makes a question out of conditions; null where one of the patterns is none of RE2. */
export function compileSelector(matchers: readonly Matcher[]): Selects | null {
  const tests: Selects[] = []
  for (const { label, operator, value } of matchers) {
    const of = (labels: Labels) => (Object.hasOwn(labels, label) ? labels[label]! : '')
    if (operator === '=') tests.push((labels) => of(labels) === value)
    else if (operator === '!=') tests.push((labels) => of(labels) !== value)
    else {
      try {
        const pattern = compilePattern(value)
        // As in Prometheus, a pattern is for the whole value.
        tests.push((labels) => pattern.matches(of(labels)) === (operator === '=~'))
      } catch {
        return null
      }
    }
  }
  return (labels) => tests.every((test) => test(labels))
}

/** A selector as a question; null where the text is none. */
export function selectorOf(text: string): Selects | null {
  const matchers = parseSelector(text)
  return matchers && compileSelector(matchers)
}
