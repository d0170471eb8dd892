import { formsOf, wordsIn } from './words.rules.ts'

/** One thing that must, or must not, stand in what is found. */
export interface Term {
  /** Folded; more than one stand side by side. */
  words: string[]
  /** The words that mean the same as a single one; empty where it is to be taken as written. */
  forms: string[]
  /** The last word may go on. */
  beginning: boolean
}

/** A search as it was understood. */
export interface Search {
  all: Term[]
  none: Term[]
}

const MOST_TERMS = 16
const MOST_WORDS = 24
const LONGEST_WORD = 200

const PART =
  /(-?)(?:["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)(?:["\u201c\u201d\u201e\u00ab\u00bb]|$)(\*?)|([^\s"\u201c\u201d\u201e\u00ab\u00bb]+))/gu

/**
 * Reads what somebody typed: words that must all be there, `"side by side"`, `-without`, `beginning*`. There is nothing
 * that is no search: what is neither word nor sign is passed over.
 */
export function parseSearch(text: string): Search {
  const search: Search = { all: [], none: [] }
  for (const [, minus, quoted, star, plain] of text.matchAll(PART)) {
    const said = quoted ?? plain ?? ''
    const words = wordsIn(said)
      .slice(0, MOST_WORDS)
      .map(({ word }) => word.slice(0, LONGEST_WORD))
    if (words.length === 0) continue
    const beginning = quoted === undefined ? /\*\W*$/u.test(said) : star === '*'
    const exact = quoted !== undefined || beginning || words.length > 1
    const side = minus === '-' ? search.none : search.all
    const term: Term = { words, forms: exact ? [] : formsOf(words[0]!), beginning }
    const known = side.some((one) => sameTerm(one, term))
    if (!known && search.all.length + search.none.length < MOST_TERMS) side.push(term)
  }
  return search
}

const sameTerm = (a: Term, b: Term) =>
  a.beginning === b.beginning && a.forms.length === b.forms.length && a.words.join(' ') === b.words.join(' ')

/** The words of a search one beside the other, as a title would have them; null where that says no more. */
export function sideBySide({ all }: Search): Term | null {
  const words = all.flatMap((term) => term.words)
  return all.length > 1 && !all.some(({ beginning }) => beginning)
    ? { words, forms: [], beginning: false }
    : null
}

/** For people: what was looked for. */
export function understood({ all, none }: Search): {
  words: string[]
  phrases: string[]
  beginnings: string[]
  without: string[]
} {
  const said = (terms: readonly Term[]) => terms.map(({ words }) => words.join(' '))
  return {
    words: said(all.filter((term) => term.forms.length > 0)),
    phrases: said(all.filter((term) => term.forms.length === 0 && !term.beginning)),
    beginnings: said(all.filter(({ beginning }) => beginning)),
    without: said(none),
  }
}
