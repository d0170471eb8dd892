import type { Block, Note } from '../block.ts'
import { labelOf, sectionOf } from '../headings.rules.ts'
import { cut, join, linesOf, type Placed, place, spanOf, trim } from '../placed-text.ts'
import { readTimeAt } from '../time/read-time.ts'
import { joinCells } from './html-blocks.ts'
import { plainInline } from './inline.ts'

/** Bullets of slides, mails and typewriters. A tick or a box is no bullet: it says something. */
const BULLET = /^(?:[-*+•◦▪▫‣⁃·●○■□➢►▶»→–—](?=[ \t\u00a0])|(\d{1,3}|[a-zA-Z])[.)](?=[ \t\u00a0]))[ \t\u00a0]*/
const BOX = /^(?:\[[ xX]\]|[☐☑☒✓✔✅])[ \t]+/u
const UNDERLINE = /^(?:={3,}|-{3,}|~{3,}|\*{3,}|#{3,})$/
const RULE = /^(?:[-=_*#~] ?){5,}$/
/** Lines this empty between two texts are the edge of a slide. */
const SLIDE = 3

interface Line {
  text: Placed
  indent: number
  quote: number
}

export interface TextOptions {
  /** Count and take off the signs that quote a mail. */
  quotes?: boolean
}

/**
 * Reads text that has no markup, or a little: slides, the text layer of a PDF, mails. Its structure is guessed from
 * empty lines, bullets, indents, underlines, and lines that are the name of a section.
 */
export function textBlocks(source: Placed, options: TextOptions = {}): { blocks: Block[]; notes: Note[] } {
  const notes: Note[] = []
  const all = undouble(
    linesOf(source).map((line) => readLine(line, options)),
    notes,
  )
  // Where every line was doubled, each stands between empty ones.
  const lines = notes.length > 0 ? all.filter(({ text }) => text.text !== '') : spread(all)
  const spreadOut = lines !== all
  const firstInk = lines.findIndex(({ text }) => text.text !== '')
  const blocks: Block[] = []
  const width = wrapWidth(lines, spreadOut ? 0.98 : 0.8)
  let open: { block: Block; lines: Placed[]; indent: number; last: Line } | null = null
  let empty = SLIDE
  const close = () => {
    if (open) finish(open.block, open.lines)
    open = null
  }
  const begin = (kind: Block['kind'], level: number, line: Line, text: Placed, more: Partial<Block> = {}) => {
    close()
    const block: Block = { kind, text, level, links: [], quote: line.quote, ...more }
    blocks.push(block)
    open = { block, lines: [text], indent: line.indent, last: line }
  }
  for (const [i, line] of lines.entries()) {
    const { text } = line.text
    if (text === '') {
      empty++
      close()
      continue
    }
    const before = empty
    empty = 0
    const now = open as { block: Block; lines: Placed[]; indent: number; last: Line } | null
    if (now && now.block.quote !== line.quote) close()
    const next = lines[i + 1]
    if (RULE.test(text)) {
      close()
      blocks.push({ kind: 'break', text: line.text, level: 0, links: [], quote: line.quote })
      continue
    }
    const hashes = /^(#{1,6})[ \t]+(?=\S)/.exec(text)
    if (hashes) {
      begin('heading', hashes[1]!.length, line, cut(line.text, hashes[0].length))
      close()
      continue
    }
    if (
      next &&
      UNDERLINE.test(next.text.text) &&
      next.text.text.length >= Math.min(text.length, 6) &&
      text.length < 100
    ) {
      begin('heading', next.text.text[0] === '=' ? 1 : 2, line, line.text)
      close()
      next.text = place('')
      empty = -1
      continue
    }
    const bullet = BULLET.exec(text)
    const section = sectionOf(text)
    if (!bullet && isHeading(text, section !== null, before, i === firstInk)) {
      begin('heading', 2, line, line.text)
      close()
      continue
    }
    if (!bullet && section === null) {
      const label = labelOf(text)
      if (label && sectionOf(text.slice(0, label.to), true) !== null && /^\P{L}*\p{Lu}/u.test(text)) {
        // After an empty line it ends even a list; within one it may be part of it.
        begin('heading', before > 0 ? 2 : 3, line, cut(line.text, 0, label.to))
        close()
        begin('paragraph', 0, line, trim(cut(line.text, label.rest)))
        continue
      }
    }
    if (bullet) {
      const ordered = bullet[1] !== undefined
      const rest = cut(line.text, bullet[0].length)
      const box = BOX.exec(rest.text)
      const ticked = box ? { checked: !/^(?:\[ |☐)/.test(box[0]) } : {}
      begin('item', 0, line, box ? trim(cut(rest, box[0].length)) : rest, { ordered, ...ticked })
      continue
    }
    const box = BOX.exec(text)
    if (box) {
      begin('item', 0, line, trim(cut(line.text, box[0].length)), { checked: !/^(?:\[ |☐)/.test(box[0]) })
      continue
    }
    const tabs = tabsIn(text)
    if (
      tabs > 0 &&
      (tabs === tabsIn(next?.text.text ?? '') || tabs === tabsIn(lines[i - 1]?.text.text ?? ''))
    ) {
      close()
      blocks.push(rowOf(line))
      continue
    }
    const stamped = startsWithTime(text)
    if (now && open && !stamped && continues(now, line, width, spreadOut)) {
      now.lines.push(line.text)
      now.last = line
      continue
    }
    begin('paragraph', 0, line, line.text)
  }
  close()
  setDepths(blocks, lines)
  return { blocks, notes }
}

/** Tables come out of documents with tabs between their cells. */
const tabsIn = (text: string) => (text.includes('\t') ? (text.match(/\S[ ]*\t+(?=[ ]*\S)/g)?.length ?? 0) : 0)

function rowOf(line: Line): Block {
  const cells: Placed[] = []
  let at = 0
  for (const m of line.text.text.matchAll(/\t+/g)) {
    cells.push(trim(cut(line.text, at, m.index)))
    at = m.index + m[0].length
  }
  cells.push(trim(cut(line.text, at)))
  return { kind: 'row', text: joinCells(cells), level: 0, cells, links: [], quote: line.quote }
}

function readLine(raw: Placed, options: TextOptions): Line {
  let line = raw
  let quote = 0
  if (options.quotes)
    for (;;) {
      const m = /^[ \t]?>[ \t]?/.exec(line.text)
      if (!m || quote >= 20) break
      quote++
      // What stands before a deeper sign is the sign's; the rest keeps its indent.
      line = cut(
        line,
        /^[ \t]?>[ \t]?(?=>)/.test(line.text)
          ? m[0].length
          : m[0].trimEnd().length + (m[0].endsWith(' ') ? 1 : 0),
      )
    }
  const indent = /^[ \t\u00a0]*/.exec(line.text)![0].replaceAll('\t', '    ').length
  return { text: trim(line), indent, quote }
}

/** Text exported from slides may hold every line twice. Where most do, one of each is kept. */
function undouble(lines: Line[], notes: Note[]): Line[] {
  const inked = lines.filter(({ text }) => text.text !== '')
  let pairs = 0
  let firstPair: Line | null = null
  for (let i = 0; i + 1 < inked.length; i++)
    if (inked[i]!.text.text === inked[i + 1]!.text.text) {
      pairs++
      firstPair ??= inked[i]!
      i++
    }
  if (pairs < 4 || pairs * 2 < inked.length * 0.7) return lines
  const kept = new Set<Line>()
  for (let i = 0; i < inked.length; i++) {
    kept.add(inked[i]!)
    if (inked[i + 1]?.text.text === inked[i]!.text.text) i++
  }
  const span = spanOf(firstPair!.text)
  notes.push({
    code: 'doubled-lines',
    text: `${pairs} lines stand twice, one after the other: one of each is read.`,
    span,
  })
  return lines.filter((line) => line.text.text === '' || kept.has(line))
}

/** Where an empty line stands after nearly every line, empty lines mean nothing. */
function spread(lines: Line[]): Line[] {
  let inked = 0
  let followed = 0
  for (const [i, line] of lines.entries()) {
    if (line.text.text === '') continue
    inked++
    if (i + 1 >= lines.length || lines[i + 1]!.text.text === '') followed++
  }
  if (inked < 12 || followed < inked * 0.97) return lines
  // Slides with a bullet per paragraph are spread too: only where lines are visibly wrapped it is an artefact.
  const wrapped = lines.filter(({ text }) => /^[a-z(,.;]/.test(text.text)).length
  if (wrapped < inked * 0.08) return lines
  return lines.filter(({ text }) => text.text !== '')
}

/** How long the lines are that were broken for being full. */
function wrapWidth(lines: readonly Line[], share: number): number {
  const lengths = lines
    .map(({ text }) => text.text.length)
    .filter((length) => length > 40)
    .sort((a, b) => a - b)
  return lengths.length < 5 ? 0 : lengths[Math.floor(lengths.length * share)]!
}

const LITTLE_WORDS =
  /(?:^|[ (])(?:a|an|and|are|as|at|be|been|but|by|for|from|had|has|have|in|into|is|its|nor|of|on|or|our|per|so|than|that|the|their|then|this|to|via|was|were|when|which|while|who|will|with|we|client|not)$/i

/** Whether this line goes on with the paragraph or item before it. */
function continues(
  now: { block: Block; lines: Placed[]; indent: number; last: Line },
  line: Line,
  width: number,
  spreadOut: boolean,
): boolean {
  const before = now.last.text.text
  const { text } = line.text
  if (now.block.kind === 'heading') return false
  if (/^[a-z,.;:)\]&/]/.test(text)) return true
  if (!spreadOut && now.block.kind === 'item' && line.indent > now.indent) return true
  if (
    (LITTLE_WORDS.test(before) && (!spreadOut || before.length > width * 0.6)) ||
    /[,(\-–/&+]$/.test(before)
  )
    return true
  if (/[.!?:]$/.test(before) && before.length < width * 0.8) return false
  if (!spreadOut && before.length > 45 && text.length > 12) return true
  // A line that was broken because it was full.
  const first = /^\S+/.exec(text)![0].length
  return width > 0 && before.length + 1 + first >= width && before.length > width * 0.8
}

function startsWithTime(text: string): boolean {
  if (text.length > 0 && !/^[[(~≈\d*]|^(?:at|on|from|about|around|by|[A-Z])/i.test(text)) return false
  const time = readTimeAt(text, /^\**/.exec(text)![0].length)
  return time !== null && (time.start.hour !== null || time.start.day !== null || time.start.either !== null)
}

/** A line that is a heading: the name of a section, or short and alone at the beginning of a slide. */
function isHeading(text: string, section: boolean, empty: number, first: boolean): boolean {
  if (section) return /^[^\p{L}]*\p{Lu}/u.test(text) || /[:：]$/.test(text)
  if (first || empty < SLIDE) return false
  return (
    text.length <= 70 && !/[.!?;,]$/.test(text) && text.split(/\s+/).length <= 10 && !startsWithTime(text)
  )
}

function finish(block: Block, lines: Placed[]): void {
  const { text, links, bold, struck } = plainInline(trim(join(lines, '\n')))
  block.text = text
  block.links = links
  if (bold > 0) block.bold = bold
  if (struck) block.struck = true
}

/** Depths of items from their indents, within each run of items. */
function setDepths(blocks: readonly Block[], lines: readonly Line[]): void {
  const indents = new Map<number, number>()
  for (const line of lines) if (line.text.text !== '') indents.set(spanOf(line.text).from, line.indent)
  let stack: number[] = []
  for (const block of blocks) {
    if (block.kind === 'heading' || block.kind === 'break') stack = []
    if (block.kind !== 'item' || block.text.runs.length === 0) continue
    const indent = indentBefore(indents, spanOf(block.text).from)
    while (stack.length > 0 && stack.at(-1)! >= indent) stack.pop()
    block.level = stack.length
    stack.push(indent)
  }
}

/** The indent of the line in which this place is: its bullet stands a few signs before it. */
function indentBefore(indents: ReadonlyMap<number, number>, at: number): number {
  for (let back = 0; back < 16; back++) {
    const indent = indents.get(at - back)
    if (indent !== undefined) return indent
  }
  return 0
}
