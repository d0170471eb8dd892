/**
 * Text that knows its place: markup, quote signs and entities are gone from it, and still every character can say
 * where in the source it came from. Made of runs; within a run either one character is one character of the source,
 * or the whole run stands for the whole piece of source (an entity, a line break that was markup).
 */
export interface Placed {
  readonly text: string
  readonly runs: readonly Run[]
}

export interface Run {
  /** Where the run begins in the text. */
  at: number
  length: number
  /** The piece of the source, end exclusive. */
  from: number
  to: number
}

/** A piece of the source text, end exclusive; counted in UTF-16 units. */
export interface Span {
  from: number
  to: number
}

/** Text as it stands in the source. */
export function place(text: string, from = 0): Placed {
  return { text, runs: text === '' ? [] : [{ at: 0, length: text.length, from, to: from + text.length }] }
}

const oneToOne = (run: Run) => run.length === run.to - run.from

function runAt(runs: readonly Run[], at: number): number {
  let low = 0
  let high = runs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (runs[middle]!.at <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** A part of the text, with its places. */
export function cut(placed: Placed, from: number, to = placed.text.length): Placed {
  if (from <= 0 && to >= placed.text.length) return placed
  if (to <= from) return { text: '', runs: [] }
  const runs: Run[] = []
  for (let i = runAt(placed.runs, from); i < placed.runs.length; i++) {
    const run = placed.runs[i]!
    if (run.at >= to) break
    const a = Math.max(from, run.at)
    const b = Math.min(to, run.at + run.length)
    if (b <= a) continue
    const source = oneToOne(run)
      ? { from: run.from + a - run.at, to: run.from + b - run.at }
      : { from: run.from, to: run.to }
    runs.push({ at: a - from, length: b - a, ...source })
  }
  return { text: placed.text.slice(from, to), runs }
}

/** The texts one after the other; the glue stands at no place of the source. */
export function join(parts: readonly Placed[], glue = ''): Placed {
  const texts: string[] = []
  const runs: Run[] = []
  let at = 0
  let last = 0
  for (const [i, part] of parts.entries()) {
    if (i > 0 && glue !== '') {
      texts.push(glue)
      runs.push({ at, length: glue.length, from: last, to: last })
      at += glue.length
    }
    for (const run of part.runs) {
      const before = runs.at(-1)
      const start = at + run.at
      if (before && before.to === run.from && oneToOne(before) && oneToOne(run) && before.length > 0)
        before.length += run.length
      else {
        runs.push({ ...run, at: start })
        continue
      }
      before.to = run.to
    }
    last = part.runs.at(-1)?.to ?? last
    texts.push(part.text)
    at += part.text.length
  }
  return { text: texts.join(''), runs }
}

/** Where something of the text is replaced; `from` and `to` count in the text. */
export interface Edit {
  from: number
  to: number
  text: string
}

/** The text with its edits, given in order and apart from one another. What an edit writes stands for what it replaced. */
export function edit(placed: Placed, edits: readonly Edit[]): Placed {
  if (edits.length === 0) return placed
  const parts: Placed[] = []
  let at = 0
  for (const { from, to, text } of edits) {
    if (from < at) continue
    if (from > at) parts.push(cut(placed, at, from))
    if (text !== '') {
      const span = spanOf(placed, from, to)
      parts.push({ text, runs: [{ at: 0, length: text.length, ...span }] })
    }
    at = to
  }
  if (at < placed.text.length) parts.push(cut(placed, at))
  return join(parts)
}

/** The place of a part of the text, from its first character to its last. */
export function spanOf(placed: Placed, from = 0, to = placed.text.length): Span {
  if (placed.runs.length === 0) return { from: 0, to: 0 }
  const first = placed.runs[runAt(placed.runs, from)]!
  if (to <= from) {
    const at = oneToOne(first) ? first.from + Math.min(from - first.at, first.length) : first.from
    return { from: at, to: at }
  }
  const last = placed.runs[runAt(placed.runs, to - 1)]!
  return {
    from: oneToOne(first) ? first.from + from - first.at : first.from,
    to: oneToOne(last) ? last.from + (to - last.at) : last.to,
  }
}

/** Without the white space at its ends. */
export function trim(placed: Placed): Placed {
  const { text } = placed
  let from = 0
  let to = text.length
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return cut(placed, from, to)
}

function isSpace(code: number): boolean {
  return (
    code <= 32 || code === 0xa0 || code === 0x200b || code === 0xfeff || (code >= 0x2000 && code <= 0x200d)
  )
}

/** The lines of the text, without their ends. */
export function linesOf(placed: Placed): Placed[] {
  const lines: Placed[] = []
  let at = 0
  for (;;) {
    const end = placed.text.indexOf('\n', at)
    if (end < 0) break
    lines.push(cut(placed, at, end > at && placed.text[end - 1] === '\r' ? end - 1 : end))
    at = end + 1
  }
  lines.push(cut(placed, at))
  return lines
}

/** As one line, the way a person would say it: white space is one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u200b\ufeff]+/g, ' ').trim()
}
