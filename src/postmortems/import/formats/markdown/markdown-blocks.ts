import MarkdownIt from 'markdown-it'
import type { Block } from '../../block.ts'
import { htmlBlocks, joinCells } from '../../markup/html-blocks.ts'
import { plainInline } from '../../markup/inline.ts'
import { cut, join, linesOf, type Placed, trim } from '../../placed-text.ts'

/** Only the structure is asked of the library; what stands within a line is read with its places by ourselves. */
const parser = new MarkdownIt('default', { html: true })
parser.core.ruler.disable(['inline', 'linkify', 'replacements', 'smartquotes', 'text_join'])
// Text that is indented deep is a wrapped line in such documents, hardly ever code.
parser.disable('code')

const BOX = /^\[([ xX])\]\s+/

type Token = ReturnType<typeof parser.parse>[number]

/** Markdown as blocks. */
export function markdownBlocks(source: Placed): Block[] {
  const tokens = parser.parse(source.text, {})
  const lines = linesOf(source)
  const blocks: Block[] = []
  const lists: { ordered: boolean; begun: boolean }[] = []
  let quote = 0
  let heading = 0
  let header = false
  let cells: Placed[] | null = null
  let row = 0
  for (const token of tokens) {
    switch (token.type) {
      case 'heading_open':
        heading = Number(token.tag.slice(1))
        break
      case 'heading_close':
        heading = 0
        break
      case 'bullet_list_open':
      case 'ordered_list_open':
        lists.push({ ordered: token.type === 'ordered_list_open', begun: false })
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        lists.pop()
        break
      case 'list_item_open':
        lists.at(-1)!.begun = true
        break
      case 'blockquote_open':
        quote++
        break
      case 'blockquote_close':
        quote--
        break
      case 'thead_open':
        header = true
        break
      case 'thead_close':
        header = false
        break
      case 'tr_open':
        cells = []
        row = token.map?.[0] ?? row + 1
        break
      case 'tr_close':
        if (cells && cells.length > 0)
          blocks.push({ kind: 'row', text: joinCells(cells), level: 0, cells, header, links: [], quote })
        cells = null
        break
      case 'hr':
        blocks.push({ kind: 'break', text: partOf(lines, token), level: 0, links: [], quote })
        break
      case 'fence':
        blocks.push({ kind: 'code', text: trim(partOf(lines, token)), level: 0, links: [], quote })
        break
      case 'html_block':
        for (const block of htmlBlocks(partOf(lines, token))) blocks.push({ ...block, quote })
        break
      case 'inline': {
        if (cells) {
          cells.push(cellOf(lines[row], token, cells))
          break
        }
        const raw = contentOf(lines, token)
        const list = lists.at(-1)
        const isItem = heading === 0 && list?.begun === true
        if (list) list.begun = false
        pushInline(blocks, raw, {
          heading,
          isItem,
          depth: lists.length,
          ordered: list?.ordered ?? false,
          quote,
        })
        break
      }
    }
  }
  return blocks
}

function pushInline(
  blocks: Block[],
  raw: Placed,
  {
    heading,
    isItem,
    depth,
    ordered,
    quote,
  }: { heading: number; isItem: boolean; depth: number; ordered: boolean; quote: number },
): void {
  const box = isItem ? BOX.exec(raw.text) : null
  const { text, links, bold, struck } = plainInline(box ? cut(raw, box[0].length) : raw)
  const lead = text.text.length - text.text.trimStart().length
  const kept = trim(text)
  if (kept.text === '') return
  blocks.push({
    kind: heading > 0 ? 'heading' : isItem ? 'item' : 'paragraph',
    text: kept,
    level: heading > 0 ? heading : isItem ? depth - 1 : depth,
    links: links.map((link) => ({ ...link, from: link.from - lead, to: link.to - lead })),
    quote,
    ...(isItem ? { ordered } : {}),
    ...(box ? { checked: box[1] !== ' ' } : {}),
    ...(bold > lead ? { bold: bold - lead } : {}),
    ...(struck ? { struck } : {}),
  })
}

/** The source lines of a block. */
function partOf(lines: readonly Placed[], token: Token): Placed {
  const [from, to] = token.map ?? [0, 0]
  return join(lines.slice(from, to), '\n')
}

/** The text of a paragraph or heading without the signs at the beginning of its lines, with its places. */
function contentOf(lines: readonly Placed[], token: Token): Placed {
  const [from] = token.map ?? [0, 0]
  const parts: Placed[] = []
  for (const [i, wanted] of token.content.split('\n').entries()) {
    const line = lines[from + i]
    if (!line) break
    const text = wanted.trim()
    const at = i === 0 ? line.text.indexOf(text) : line.text.lastIndexOf(text)
    parts.push(at < 0 ? line : cut(line, at, at + text.length))
  }
  return join(parts, '\n')
}

/** A cell of a table: looked for after the cells before it in its line. */
function cellOf(line: Placed | undefined, token: Token, before: readonly Placed[]): Placed {
  if (!line) return { text: '', runs: [] }
  const last = before.findLast((cell) => cell.runs.length > 0)
  const offset = line.runs[0]?.from ?? 0
  let start = last ? last.runs.at(-1)!.to - offset : 0
  if (before.length > 0) start = Math.max(start, line.text.indexOf('|', start) + 1)
  const text = token.content
  const at = text === '' ? -1 : line.text.indexOf(text, start)
  if (at >= 0) return trim(plainInline(cut(line, at, at + text.length)).text)
  // A bar within the cell was escaped.
  if (text === '') return { text: '', runs: [] }
  const escaped = text.replaceAll('|', '\\|')
  const there = line.text.indexOf(escaped, start)
  return there < 0 ? { text: '', runs: [] } : trim(plainInline(cut(line, there, there + escaped.length)).text)
}
