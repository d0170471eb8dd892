import type { Link } from '../block.ts'
import { cut, type Edit, edit, type Placed, spanOf } from '../placed-text.ts'
import { entity } from './entities.ts'

export interface Inline {
  text: Placed
  links: Link[]
  /** How many characters at the beginning are bold. */
  bold: number
  struck: boolean
}

const LONGEST_LINK = 600
const LONGEST_TAG = 1_000
const TAG = /^<\/?[A-Za-z][^<>]*>/
const AUTOLINK = /^<([A-Za-z][A-Za-z0-9+.-]{1,20}:[^<>\s]+|[^<>\s@]+@[^<>\s]+)>/
const ENTITY_HERE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/y
const SPECIAL = /[\\`*_~[\]<&!]/g

/**
 * Takes the marks of Markdown out of a text: emphasis, code signs, links, images, tags, escapes. One pass, and every
 * search for a closing sign is bounded, so that no text makes it slow.
 */
export function plainInline(placed: Placed): Inline {
  const { text } = placed
  const edits: Edit[] = []
  const hrefs: { from: number; to: number; href: string; at: [number, number] }[] = []
  const closers = matchBrackets(text)
  const codeEnds = new Map<number, number>()
  let boldFrom = -1
  let boldTo = -1
  let struckTo = -1
  // Where the closing part of an open link ends, by where it begins.
  const pending = new Map<number, number>()
  const lastGreater = text.lastIndexOf('>')
  const firstInk = text.search(/\S/)
  let at = 0
  const drop = (from: number, to: number, by = '') => edits.push({ from, to, text: by })
  while (at < text.length) {
    SPECIAL.lastIndex = at
    const next = SPECIAL.exec(text)
    if (!next) break
    at = next.index
    const sign = next[0]
    if (sign === '\\') {
      const escaped = text[at + 1]
      if (escaped !== undefined && /[!-/:-@[-`{-~\n]/.test(escaped)) {
        drop(at, at + 1)
        at += 2
      } else at++
      continue
    }
    if (sign === '`') {
      const length = run(text, at, '`')
      const end = closingTicks(text, at + length, length, codeEnds)
      if (end < 0) at += length
      else {
        drop(at, at + length)
        drop(end, end + length)
        at = end + length
      }
      continue
    }
    if (sign === '*' || sign === '_') {
      const length = run(text, at, sign)
      const before = text[at - 1]
      const after = text[at + length]
      const inWord = sign === '_' && isWord(before) && isWord(after)
      const alone = isSpaceOrEnd(before) && isSpaceOrEnd(after)
      if (!inWord && !alone) {
        if (length >= 2) {
          if (boldFrom < 0 && at <= firstInk && !isSpaceOrEnd(after)) boldFrom = at
          else if (boldFrom >= 0 && boldTo < 0) boldTo = at
        }
        drop(at, at + length)
      }
      at += length
      continue
    }
    if (sign === '~') {
      const length = run(text, at, '~')
      if (length === 2) {
        if (struckTo === -1 && at <= firstInk) struckTo = -2
        else if (struckTo === -2) struckTo = at
        drop(at, at + 2)
      }
      at += length
      continue
    }
    if (sign === '!' && text[at + 1] === '[') {
      const end = closers.get(at + 1)
      const to = end === undefined ? -1 : linkEnd(text, end)
      if (to > 0) {
        drop(at, to)
        at = to
      } else at++
      continue
    }
    if (sign === '[') {
      const end = closers.get(at)
      const box = end === at + 2 && /[ xX]/.test(text[at + 1]!)
      if (end === undefined || box) {
        at++
        continue
      }
      const to = linkEnd(text, end)
      if (to > 0) {
        drop(at, at + 1)
        const href = text[end + 1] === '(' ? address(text.slice(end + 2, to - 1)) : ''
        hrefs.push({ from: at + 1, to: end, href, at: [end + 1, to] })
        // What stands within goes on being read; the closing part is taken out when it is reached.
        pending.set(end, to)
      }
      at++
      continue
    }
    if (sign === ']') {
      const to = pending.get(at)
      if (to === undefined) at++
      else {
        drop(at, to)
        at = to
      }
      continue
    }
    if (sign === '<') {
      if (text.startsWith('<!--', at)) {
        const end = text.indexOf('-->', at + 4)
        const to = end < 0 ? text.length : end + 3
        drop(at, to)
        at = to
        continue
      }
      if (lastGreater > at) {
        const here = text.slice(at, at + LONGEST_TAG)
        const auto = AUTOLINK.exec(here)
        const tag = auto ? null : TAG.exec(here)
        if (auto) {
          drop(at, at + 1)
          drop(at + auto[0].length - 1, at + auto[0].length)
          hrefs.push({
            from: at + 1,
            to: at + auto[0].length - 1,
            href: auto[1]!,
            at: [at, at + auto[0].length],
          })
          at += auto[0].length
          continue
        }
        if (tag && !/^<[a-z]+_|^<[^>]*_id>/i.test(tag[0])) {
          drop(at, at + tag[0].length, /^<br\b/i.test(tag[0]) ? '\n' : '')
          at += tag[0].length
          continue
        }
      }
      at++
      continue
    }
    ENTITY_HERE.lastIndex = at
    const m = sign === '&' ? ENTITY_HERE.exec(text) : null
    const decoded = m ? entity(m[1], m[2], m[3]) : null
    if (m && decoded !== null) {
      drop(at, at + m[0].length, decoded)
      at += m[0].length
    } else at++
  }
  return finish(placed, edits, hrefs, boldFrom >= 0 ? boldTo : -1, struckTo)
}

function finish(
  placed: Placed,
  edits: Edit[],
  hrefs: { from: number; to: number; href: string; at: [number, number] }[],
  boldTo: number,
  struckTo: number,
): Inline {
  edits.sort((a, b) => a.from - b.from)
  const text = edit(placed, edits)
  const moved = mover(edits)
  return {
    text,
    links: hrefs.map(({ from, to, href, at }) => ({
      from: moved(from),
      to: moved(to),
      href,
      span: spanOf(placed, at[0], at[1]),
    })),
    bold: boldTo < 0 ? 0 : cut(text, 0, moved(boldTo)).text.length,
    struck: struckTo > 0 && placed.text.slice(struckTo + 2).trim() === '',
  }
}

/** Where a place of the text is after the edits. */
function mover(edits: readonly Edit[]): (at: number) => number {
  const marks = edits.map(({ to }) => to)
  const shifts: number[] = []
  let shift = 0
  for (const { from, to, text } of edits) {
    shift += text.length - (to - from)
    shifts.push(shift)
  }
  return (at) => {
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (marks[middle]! <= at) low = middle + 1
      else high = middle
    }
    return at + (low === 0 ? 0 : shifts[low - 1]!)
  }
}

function run(text: string, at: number, sign: string): number {
  let end = at
  while (text[end] === sign) end++
  return end - at
}

/** The closing run of as many ticks; what was looked for in vain is not looked for again. */
function closingTicks(text: string, from: number, length: number, known: Map<number, number>): number {
  if ((known.get(length) ?? from) > text.length) return -1
  let at = text.indexOf('`', from)
  while (at >= 0) {
    const here = run(text, at, '`')
    if (here === length) return at
    at = text.indexOf('`', at + here)
  }
  known.set(length, text.length + 1)
  return -1
}

function matchBrackets(text: string): Map<number, number> {
  const open: number[] = []
  const pairs = new Map<number, number>()
  for (let at = text.search(/[[\]]/); at >= 0 && at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at++
    else if (sign === '[') open.push(at)
    else if (sign === ']' && open.length > 0) pairs.set(open.pop()!, at)
  }
  return pairs
}

/** The end of the link whose text ends at this bracket: `](…)`, `][…]`; -1 when it is only a bracket. */
function linkEnd(text: string, close: number): number {
  if (text[close + 1] === '(') {
    let depth = 0
    for (let at = close + 1; at < text.length && at < close + LONGEST_LINK; at++) {
      if (text[at] === '(') depth++
      else if (text[at] === ')' && --depth === 0) return at + 1
      else if (text[at] === '\n' && text[at - 1] === '\n') return -1
    }
    return -1
  }
  if (text[close + 1] !== '[') return -1
  const end = text.indexOf(']', close + 2)
  return end > 0 && end < close + 200 ? end + 1 : -1
}

const address = (target: string) => target.trim().split(/\s/)[0]!.replace(/^<|>$/g, '')
const isWord = (sign: string | undefined) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign)
const isSpaceOrEnd = (sign: string | undefined) => sign === undefined || /\s/.test(sign)
