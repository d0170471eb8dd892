import type { Block, Format, Link, Piece, Read } from '../../block.ts'
import { joinCells } from '../../markup/html-blocks.ts'
import { plainInline } from '../../markup/inline.ts'
import { cut, type Edit, edit, join, linesOf, type Placed, place, spanOf, trim } from '../../placed-text.ts'

const HEADING = /^(={1,6})[ \t]+(?=\S)/
const ITEM = /^[ \t]*(\*{1,5}|-|\.{1,5}|\d{1,3}\.)[ \t]+(?=\S)/
const DEFINITION = /^[ \t]*(\S.{0,200}?)(:{2,4}|;;)(?:[ \t]+|$)/
const FENCE = /^(?:-{4,}|\.{4,}|\+{4,}|```+|\/{4,})$/
const LINK = /(?:(?:link|xref):|(?=https?:))([^\s[\]<>]{1,500})\[([^\]\n]{1,300})\]/g

/** AsciiDoc. */
export const asciidoc: Format = {
  name: 'asciidoc',
  title: 'AsciiDoc',
  extensions: ['adoc', 'asciidoc', 'asc'],
  mediaTypes: ['text/asciidoc', 'text/x-asciidoc'],
  looks(source) {
    const head = source.slice(0, 20_000)
    const headings = head.match(/^={1,5} \S.{0,200}$/gm)?.filter((line) => !/=\s*$/.test(line)).length ?? 0
    const others = head.match(/^:[a-z-]+:|^\|===|^\S.{0,100}::(?:\s|$)|^----$/gm)?.length ?? 0
    return headings >= 2 ? 0.85 : headings === 1 && others > 0 ? 0.8 : 0
  },
  read: (source) => readAsciidoc(place(source)),
}

function readAsciidoc(source: Placed): Read {
  const blocks: Block[] = []
  const piece: Piece = { blocks }
  let open: { kind: Block['kind']; level: number; parts: Placed[]; more: Partial<Block> } | null = null
  let fence: { sign: string; parts: Placed[] } | null = null
  let table: { cells: Placed[][]; columns: number } | null = null
  const close = () => {
    if (open) {
      const { text, links, bold } = inline(trim(join(open.parts, '\n')))
      if (text.text !== '')
        blocks.push({
          kind: open.kind,
          text,
          level: open.level,
          links,
          quote: 0,
          ...(bold > 0 ? { bold } : {}),
          ...open.more,
        })
    }
    open = null
  }
  const begin = (kind: Block['kind'], level: number, text: Placed, more: Partial<Block> = {}) => {
    close()
    open = { kind, level, parts: [text], more }
  }
  for (const line of linesOf(source)) {
    const { text } = line
    if (fence) {
      if (text.trim() === fence.sign) {
        const code = trim(join(fence.parts, '\n'))
        if (code.text !== '' && fence.sign[0] !== '/')
          blocks.push({ kind: 'code', text: code, level: 0, links: [], quote: 0 })
        fence = null
      } else fence.parts.push(line)
      continue
    }
    if (/^\|===/.test(text)) {
      close()
      if (table) pushTable(blocks, table)
      table = table ? null : { cells: [], columns: 0 }
      continue
    }
    if (table) {
      if (text.startsWith('|')) table.cells.push(splitCells(line))
      else if (text.trim() !== '' && table.cells.length > 0) {
        const row = table.cells.at(-1)!
        row[row.length - 1] = join([row.at(-1)!, line], '\n')
      } else if (text.trim() === '' && table.cells.length === 1 && table.columns === 0)
        table.columns = table.cells[0]!.length
      continue
    }
    if (text.trim() === '') {
      const now = open as { kind: string; parts: Placed[] } | null
      if (!(now?.kind === 'definition' && now.parts.every((part) => part.text === ''))) close()
      continue
    }
    if (FENCE.test(text.trim())) {
      close()
      fence = { sign: text.trim(), parts: [] }
      continue
    }
    const heading = HEADING.exec(text)
    if (heading) {
      begin('heading', heading[1]!.length, cut(line, heading[0].length))
      close()
      continue
    }
    const attribute = /^:([\w-]{1,40}):[ \t]*/.exec(text)
    if (attribute) {
      if (/^(?:rev)?date$/.test(attribute[1]!)) piece.date ??= trim(cut(line, attribute[0].length))
      continue
    }
    // Comments, attributes of blocks, the sign that joins a paragraph to its item.
    if (/^\/\/|^\[[^\]]*\]$|^\+$|^'{3,}$|^(?:={4,}|\*{4,}|_{4,})$/.test(text.trim())) continue
    const item = ITEM.exec(text)
    if (item) {
      const sign = item[1]!
      const rest = cut(line, item[0].length)
      const box = /^\[([ xX*])\][ \t]+/.exec(rest.text)
      const level = /^[*.]+$/.test(sign) && !/^\d/.test(sign) ? sign.length - 1 : 0
      begin('item', level, box ? cut(rest, box[0].length) : rest, {
        ordered: /^[.\d]/.test(sign),
        ...(box ? { checked: box[1] !== ' ' } : {}),
      })
      continue
    }
    const definition = DEFINITION.exec(text)
    if (definition) {
      const from = text.indexOf(definition[1]!)
      const term = inline(cut(line, from, from + definition[1]!.length)).text
      begin('definition', 0, cut(line, definition[0].length), { term: trim(term) })
      continue
    }
    const now = open as { parts: Placed[] } | null
    if (now) now.parts.push(line)
    else if (/^\.\S/.test(text)) begin('paragraph', 0, cut(line, 1), { bold: text.length - 1 })
    else begin('paragraph', 0, line)
  }
  close()
  if (table) pushTable(blocks, table)
  return { pieces: [piece], notes: [] }
}

function splitCells(line: Placed): Placed[] {
  const cells: Placed[] = []
  let at = 1
  for (const m of line.text.matchAll(/[ \t]+(?:[\d.]{0,4}[<^>]?[a-z]?)?\|/g)) {
    cells.push(trim(cut(line, at, m.index)))
    at = m.index + m[0].length
  }
  cells.push(trim(cut(line, at)))
  return cells
}

/** Cells may stand each on a line of its own; the first line with several, or its head, says how many make a row. */
function pushTable(blocks: Block[], { cells, columns }: { cells: Placed[][]; columns: number }): void {
  const width = columns || Math.max(0, ...cells.slice(0, 50).map((row) => row.length))
  const flat = cells.flat()
  for (let at = 0; at < flat.length; at += Math.max(1, width)) {
    const row = flat.slice(at, at + Math.max(1, width)).map((cell) => trim(inline(cell).text))
    blocks.push({
      kind: 'row',
      text: joinCells(row),
      level: 0,
      cells: row,
      header: at === 0 && columns > 0,
      links: [],
      quote: 0,
    })
  }
}

/** Links of AsciiDoc first, then the marks that it shares with Markdown. */
function inline(raw: Placed): { text: Placed; links: Link[]; bold: number } {
  const edits: Edit[] = []
  const links: Link[] = []
  for (const m of raw.text.matchAll(LINK)) {
    if (!/^(?:link:|xref:|https?:)/.test(m[0])) continue
    const from = m.index + m[0].lastIndexOf('[')
    const end = m.index + m[0].length
    edits.push({ from: m.index, to: from + 1, text: '' }, { from: end - 1, to: end, text: '' })
    links.push({ from: 0, to: 0, href: m[1]!, span: spanOf(raw, m.index, end) })
  }
  const bold = /^\*[^*\s][^*\n]{0,80}\*/.exec(raw.text)
  const linked = edit(raw, edits)
  const plain = plainInline(linked)
  const text = trim(plain.text)
  return { text, links: [...links, ...plain.links], bold: bold ? bold[0].length - 2 : plain.bold }
}
