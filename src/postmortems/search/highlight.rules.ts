import type { Search, Term } from './parse-search.rules.ts'
import { type PlacedWord, wordsIn } from './words.rules.ts'

/** A piece of text, and whether the search found it. */
export interface Piece {
  text: string
  hit: boolean
}

interface Hit {
  from: number
  to: number
  /** Which term it is. */
  term: number
}

function endOf(term: Term, words: readonly PlacedWord[], at: number): number | null {
  if (term.forms.length > 0) return term.forms.includes(words[at]!.word) ? at : null
  for (const [i, wanted] of term.words.entries()) {
    const word = words[at + i]?.word
    if (word === undefined) return null
    const goesOn = term.beginning && i === term.words.length - 1
    if (goesOn ? !word.startsWith(wanted) : word !== wanted) return null
  }
  return at + term.words.length - 1
}

function hitsIn(text: string, search: Search): Hit[] {
  const words = wordsIn(text)
  const hits: Hit[] = []
  for (let at = 0; at < words.length; at++)
    for (const [term, one] of search.all.entries()) {
      const end = endOf(one, words, at)
      if (end === null) continue
      hits.push({ from: words[at]!.from, to: words[end]!.to, term })
    }
  return hits
}

function cut(text: string, hits: readonly Hit[], from: number, to: number): Piece[] {
  const pieces: Piece[] = []
  let at = from
  for (const hit of hits) {
    if (hit.to <= at || hit.from >= to) continue
    const start = Math.max(hit.from, at)
    if (start > at) pieces.push({ text: text.slice(at, start), hit: false })
    const end = Math.min(hit.to, to)
    const last = pieces.at(-1)
    if (last?.hit && start === at) last.text += text.slice(start, end)
    else pieces.push({ text: text.slice(start, end), hit: true })
    at = end
  }
  if (at < to) pieces.push({ text: text.slice(at, to), hit: false })
  return pieces
}

/** A whole text in pieces. Joined they are the text again: nothing is markup, nothing is lost. */
export function highlight(text: string, search: Search): Piece[] {
  return text === '' ? [] : cut(text, hitsIn(text, search), 0, text.length)
}

const LONGEST = 240
const BEFORE = 60

/** The place of a text where the most different words of the search stand, or its beginning. */
export function snippet(text: string, search: Search, longest = LONGEST): Piece[] {
  const plain = text.replaceAll(/\s+/gu, ' ').trim()
  if (plain === '') return []
  const hits = hitsIn(plain, search)
  let best = { at: 0, score: 0 }
  for (const [i, { from }] of hits.entries()) {
    const terms = new Set<number>()
    let count = 0
    for (let j = i; j < hits.length && hits[j]!.to - from <= longest - BEFORE; j++) {
      terms.add(hits[j]!.term)
      count++
    }
    const score = terms.size * 1_000 + Math.min(count, 99)
    if (score > best.score) best = { at: from, score }
  }
  const from = wordBorder(plain, Math.max(0, best.at - BEFORE), best.at)
  const to = from + longest >= plain.length ? plain.length : backToBorder(plain, from + longest)
  const pieces = cut(plain, hits, from, to)
  if (from > 0) pieces.unshift({ text: '… ', hit: false })
  if (to < plain.length) pieces.push({ text: ' …', hit: false })
  return pieces
}

// The next place after which a word begins, but not beyond what is to be seen.
function wordBorder(text: string, from: number, atMost: number): number {
  if (from === 0) return 0
  const space = text.indexOf(' ', from)
  return space >= 0 && space < atMost ? space + 1 : whole(text, Math.min(from, atMost))
}

function backToBorder(text: string, to: number): number {
  const space = text.lastIndexOf(' ', to)
  return space > to - 40 ? space : whole(text, to)
}

// Not between the two halves of one character.
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
