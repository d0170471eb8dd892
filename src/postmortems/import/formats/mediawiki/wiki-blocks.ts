import type { Block, Link, Piece, Read } from '../../block.ts'
import { decodeEntities } from '../../markup/entities.ts'
import { joinCells } from '../../markup/html-blocks.ts'
import { cut, type Edit, edit, join, linesOf, type Placed, spanOf, trim } from '../../placed-text.ts'

const HEADING = /^(={1,6})([^=\n].*?)\1[ \t]*$/
const INLINE = /'{2,5}|\[\[|\[(?=https?:|\/\/|mailto:)|<(?:!--|\/?[a-z])|\{\{/gi
/** Templates that say how far something is. */
const STATES: Readonly<Record<string, string>> = {
  done: '[DONE] ',
  completed: '[DONE] ',
  fixed: '[DONE] ',
  doing: '[IN PROGRESS] ',
  'in progress': '[IN PROGRESS] ',
  todo: '[TODO] ',
  'to do': '[TODO] ',
  'not done': '[TODO] ',
}
const META = /^[ \t]*([A-Z][\w -]{1,30}):[ \t]+(\S.*)$/

/** Reads a page line by line. */
export function wikiBlocks(source: Placed): Read {
  const blocks: Block[] = []
  const piece: Piece = { blocks }
  let paragraph: Placed[] = []
  let table: { cells: Placed[]; header: boolean } | null = null
  let preformatted: Placed[] | null = null
  const add = (kind: Block['kind'], level: number, raw: Placed, more: Partial<Block> = {}) => {
    const { text, links, bold } = wikiInline(raw)
    if (text.text === '') return
    blocks.push({ kind, text, level, links, quote: 0, ...(bold > 0 ? { bold } : {}), ...more })
  }
  const close = () => {
    if (paragraph.length > 0) add('paragraph', 0, join(paragraph, '\n'))
    paragraph = []
  }
  const closeRow = () => {
    if (table && table.cells.length > 0) {
      const cells = table.cells.map((cell) => wikiInline(cell).text)
      blocks.push({
        kind: 'row',
        text: joinCells(cells),
        level: 0,
        cells,
        header: table.header,
        links: [],
        quote: 0,
      })
    }
    if (table) table = { cells: [], header: false }
  }
  for (const line of linesOf(source)) {
    const { text } = line
    if (preformatted) {
      if (!/<\/(?:pre|syntaxhighlight|source)>/i.test(text)) {
        preformatted.push(line)
        continue
      }
      readMeta(preformatted, piece)
      const whole = trim(join(preformatted, '\n'))
      if (whole.text !== '') blocks.push({ kind: 'code', text: whole, level: 0, links: [], quote: 0 })
      preformatted = null
      continue
    }
    if (/^\s*<(?:pre|syntaxhighlight|source)\b/i.test(text)) {
      close()
      if (!/<\/(?:pre|syntaxhighlight|source)>/i.test(text)) preformatted = []
      continue
    }
    if (/^\s*\{\|/.test(text)) {
      close()
      table = { cells: [], header: false }
      continue
    }
    if (table) {
      if (/^\s*\|\}/.test(text)) {
        closeRow()
        table = null
      } else if (/^\s*\|-/.test(text)) closeRow()
      else if (/^\s*\|\+/.test(text)) continue
      else if (/^\s*[|!]/.test(text)) {
        const header = /^\s*!/.test(text)
        table.header ||= header
        for (const cell of cellsOf(line, header)) table.cells.push(cell)
      } else if (table.cells.length > 0) {
        const last = table.cells.length - 1
        table.cells[last] = join([table.cells[last]!, line], '\n')
      }
      continue
    }
    const heading = HEADING.exec(text)
    if (heading) {
      close()
      const at = heading[1]!.length
      add('heading', at, trim(cut(line, at, at + heading[2]!.length)))
      continue
    }
    const item = /^([*#:;]+)[ \t]*/.exec(text)
    if (item) {
      close()
      const signs = item[1]!
      const rest = cut(line, item[0].length)
      const last = signs.at(-1)!
      const colon = last === ';' ? rest.text.indexOf(':') : -1
      if (last === ';') {
        const term = colon < 0 ? rest : cut(rest, 0, colon)
        const meaning = colon < 0 ? null : trim(cut(rest, colon + 1))
        if (meaning && meaning.text !== '')
          add('definition', signs.length - 1, meaning, { term: wikiInline(trim(term)).text })
        else add('paragraph', signs.length - 1, term)
      } else if (/^:+$/.test(signs)) {
        const before = blocks.at(-1)
        if (
          before?.kind === 'paragraph' &&
          before.text.text.length < 80 &&
          !/[.!?]$/.test(before.text.text) &&
          before.level === signs.length - 1
        )
          blocks.splice(-1, 1, {
            ...before,
            kind: 'definition',
            term: before.text,
            text: wikiInline(rest).text,
          })
        else add('paragraph', signs.length, rest)
      } else add('item', signs.length - 1, rest, { ordered: last === '#' })
      continue
    }
    if (text.trim() === '') close()
    else if (/^-{4,}/.test(text)) {
      close()
      blocks.push({ kind: 'break', text: line, level: 0, links: [], quote: 0 })
    } else if (!/^\s*(?:__[A-Z]+__|\[\[(?:Category|File|Image):[^\]]*\]\]|\{\{[^{}]*\}\})\s*$/i.test(text))
      paragraph.push(line)
  }
  close()
  closeRow()
  return { pieces: [piece], notes: [] }
}

/** The lines "Title: …" and "Date: …" of a head. */
function readMeta(lines: readonly Placed[], piece: Piece): void {
  for (const line of lines) {
    const m = META.exec(line.text)
    if (!m) continue
    const value = trim(cut(line, line.text.indexOf(m[2]!, line.text.indexOf(':'))))
    if (/^title$/i.test(m[1]!)) piece.title ??= value
    if (/^(?:date|created|assigned)$/i.test(m[1]!)) piece.date ??= value
  }
}

function cellsOf(line: Placed, header: boolean): Placed[] {
  const start = /^\s*[|!]/.exec(line.text)![0].length
  const cells: Placed[] = []
  const separator = header ? /\|\||!!/g : /\|\|/g
  let at = start
  for (const m of line.text.matchAll(separator)) {
    if (m.index < start) continue
    cells.push(cut(line, at, m.index))
    at = m.index + m[0].length
  }
  cells.push(cut(line, at))
  return cells.map((cell) => {
    // Attributes of the cell stand before a bar of its own.
    const bar = cell.text.indexOf('|')
    const own = bar > 0 && !cell.text.slice(0, bar).includes('[[') && /=/.test(cell.text.slice(0, bar))
    return trim(own ? cut(cell, bar + 1) : cell)
  })
}

/** Takes the marks within a line out: quotes, links, tags, templates. */
function wikiInline(raw: Placed): { text: Placed; links: Link[]; bold: number } {
  const { text } = raw
  const edits: Edit[] = []
  const hrefs: { from: number; to: number; href: string; source: [number, number] }[] = []
  let bold = -1
  let boldTo = -1
  INLINE.lastIndex = 0
  let skip = 0
  for (const m of text.matchAll(INLINE)) {
    const at = m.index
    if (at < skip) continue
    const sign = m[0]
    const drop = (to: number, by = '') => {
      edits.push({ from: at, to, text: by })
      skip = to
    }
    if (sign[0] === "'") {
      if (sign.length >= 3) {
        if (bold < 0 && text.slice(0, at).trim() === '') bold = at
        else if (bold >= 0 && boldTo < 0) boldTo = at
      }
      drop(at + sign.length)
    } else if (sign === '[[') {
      const end = bounded(text, ']]', at)
      if (end < 0) continue
      const bar = text.lastIndexOf('|', end)
      const from = bar > at ? bar + 1 : at + 2
      edits.push({ from: at, to: from, text: '' }, { from: end, to: end + 2, text: '' })
      skip = from
    } else if (sign === '[') {
      const end = bounded(text, ']', at)
      if (end < 0) continue
      const href = /^\S+/.exec(text.slice(at + 1, end))?.[0] ?? ''
      const from = at + 1 + href.length === end ? at + 1 : at + 1 + href.length
      edits.push({ from: at, to: from, text: '' }, { from: end, to: end + 1, text: '' })
      hrefs.push({ from, to: end, href, source: [at, end + 1] })
      skip = from
    } else if (sign === '{{') {
      const end = bounded(text, '}}', at)
      const name =
        end < 0
          ? ''
          : text
              .slice(at + 2, end)
              .replace(/\|.*$/s, '')
              .trim()
              .toLowerCase()
      if (end >= 0) drop(end + 2, STATES[name] ?? '')
    } else if (sign.startsWith('<!--')) {
      const end = text.indexOf('-->', at)
      drop(end < 0 ? text.length : end + 3)
    } else {
      const end = bounded(text, '>', at)
      if (
        end < 0 ||
        /[<\n]/.test(text.slice(at + 1, end)) ||
        !/^<\/?(?:br|code|tt|b|i|em|strong|s|del|ref|nowiki|span|div|p|sub|sup|small|u|blockquote|center)\b/i.test(
          text.slice(at, end + 1),
        )
      )
        continue
      drop(end + 1, /^<br/i.test(text.slice(at)) ? '\n' : /^<\/?ref/i.test(text.slice(at)) ? ' ' : '')
    }
  }
  edits.sort((a, b) => a.from - b.from)
  const shift = (place: number) => {
    let by = 0
    for (const { from, to, text } of edits)
      if (to <= place) by += text.length - (to - from)
      else if (from < place) by += from - place
    return place + by
  }
  const stripped = edit(raw, edits)
  const lead = stripped.text.length - stripped.text.trimStart().length
  return {
    text: decodeEntities(trim(stripped)),
    links: hrefs.slice(0, 200).map(({ from, to, href, source }) => ({
      from: Math.max(0, shift(from) - lead),
      to: Math.max(0, shift(to) - lead),
      href,
      span: spanOf(raw, source[0], source[1]),
    })),
    bold: boldTo > 0 ? Math.max(0, shift(boldTo) - lead) : 0,
  }
}

/** Where the closing sign is, if near. */
function bounded(text: string, sign: string, at: number): number {
  const near = text.slice(at, at + 1_000).indexOf(sign)
  return near < 0 ? -1 : at + near
}
