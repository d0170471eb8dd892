import type { Block, Link } from '../block.ts'
import { cut, edit, join, type Placed, place, spanOf, trim } from '../placed-text.ts'
import { decodeEntities } from './entities.ts'

const LONGEST_TAG = 20_000
const NAME = /^<(\/?)([A-Za-z][A-Za-z0-9:-]*)/
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i
/** What a reader does not see. */
const HIDDEN = new Set(['script', 'style', 'head', 'template', 'noscript', 'svg', 'nav'])
/** What begins a block of its own. */
const BLOCKS = new Set(
  'p div section article header footer main aside ul ol dl li dt dd table thead tbody tr td th pre blockquote h1 h2 h3 h4 h5 h6 hr figure figcaption body html details summary form address'.split(
    ' ',
  ),
)

interface Tag {
  name: string
  closing: boolean
  from: number
  to: number
  text: string
}

/** The next tag from here; comments and declarations are tags without a name. `known` keeps where the next `>` is. */
function nextTag(text: string, at: number, known: { greater: number }): Tag | null {
  for (let from = text.indexOf('<', at); from >= 0; from = text.indexOf('<', from + 1)) {
    if (text.startsWith('<!--', from)) {
      const end = text.indexOf('-->', from + 4)
      return { name: '', closing: false, from, to: end < 0 ? text.length : end + 3, text: '' }
    }
    const m = NAME.exec(text.slice(from, from + 40))
    if (!m && text[from + 1] !== '!' && text[from + 1] !== '?') continue
    if (known.greater < from) known.greater = text.indexOf('>', from)
    const end = known.greater
    if (end < 0) return null
    if (end - from > LONGEST_TAG) continue
    const name = m ? m[2]!.toLowerCase() : ''
    return { name, closing: m?.[1] === '/', from, to: end + 1, text: text.slice(from, end + 1) }
  }
  return null
}

/** Reads HTML into blocks: headings, paragraphs, nested lists, tables, definition lists. One pass from tag to tag. */
export function htmlBlocks(source: Placed): Block[] {
  const blocks: Block[] = []
  let parts: Placed[] = []
  let links: Link[] = []
  let bold = 0
  let boldOpen = false
  let struck = false
  let linkFrom: { at: number; href: string; from: number } | null = null
  const lists: ('ul' | 'ol')[] = []
  let quote = 0
  let kind: Block['kind'] = 'paragraph'
  let level = 0
  let term: Placed | undefined
  let cells: Placed[] | null = null
  let header = false
  let inCell = false
  let preformatted = 0
  let size = 0
  let ink = false
  const known = { greater: -1 }
  const unclosed = new Set<string>()
  const push = (part: Placed) => {
    parts.push(part)
    size += part.text.length
    ink ||= part.text.trim() !== ''
  }

  const take = (): { text: Placed; links: Link[]; bold: number; struck: boolean } => {
    const whole = join(parts)
    const lead = whole.text.length - whole.text.trimStart().length
    const text = trim(whole)
    const moved = links.map((link) => ({ ...link, from: link.from - lead, to: link.to - lead }))
    const taken = { text, links: moved, bold: Math.max(0, bold - lead), struck }
    parts = []
    links = []
    bold = 0
    struck = false
    size = 0
    ink = false
    return taken
  }
  const flush = () => {
    if (inCell) return
    const { text, links, bold, struck } = take()
    if (text.text === '') return
    blocks.push({
      kind,
      text,
      level,
      links,
      quote,
      ...(bold > 0 ? { bold } : {}),
      ...(struck ? { struck } : {}),
      ...(kind === 'definition' && term ? { term } : {}),
      ...(kind === 'item' ? { ordered: lists.at(-1) === 'ol' } : {}),
    })
    if (kind === 'item') {
      // A second paragraph of the same item belongs to it.
      kind = 'paragraph'
      level = lists.length
    }
  }
  const plain = () => {
    kind = 'paragraph'
    level = lists.length
  }

  let at = 0
  while (at < source.text.length) {
    const tag = nextTag(source.text, at, known)
    const end = tag ? tag.from : source.text.length
    if (end > at) {
      const piece = cut(source, at, end)
      push(decodeEntities(preformatted > 0 ? piece : unbroken(piece)))
    }
    if (!tag) break
    at = tag.to
    const { name, closing } = tag
    if (HIDDEN.has(name) && !closing && !tag.text.endsWith('/>')) {
      const end = unclosed.has(name) ? -1 : skipTo(source.text, at, name)
      if (end < 0) unclosed.add(name)
      else at = end
      continue
    }
    if (name === 'br') push(place('\n', spanOf(source, tag.from, tag.from + 1).from))
    else if (name === 'strong' || name === 'b') {
      if (!closing) boldOpen = !ink
      else if (boldOpen && bold === 0) bold = size
      if (closing) boldOpen = false
    } else if (name === 's' || name === 'del' || name === 'strike') {
      if (!closing && !ink) struck = true
    } else if (name === 'a') {
      if (!closing) {
        const m = HREF.exec(tag.text)
        const href = m ? (m[1] ?? m[2] ?? m[3] ?? '') : ''
        linkFrom = {
          at: size,
          href: href.replaceAll('&amp;', '&'),
          from: spanOf(source, tag.from, tag.to).from,
        }
      } else if (linkFrom) {
        if (linkFrom.href !== '')
          links.push({
            from: linkFrom.at,
            to: size,
            href: linkFrom.href,
            span: { from: linkFrom.from, to: spanOf(source, tag.from, tag.to).to },
          })
        linkFrom = null
      }
    } else if (name === 'input' && /type=["']?checkbox/i.test(tag.text))
      push(place(/\schecked\b/i.test(tag.text) ? '[x] ' : '[ ] ', spanOf(source, tag.from, tag.to).from))
    else if (name === 'td' || name === 'th') {
      if (!closing) {
        inCell = true
        header ||= name === 'th' && cells?.length === 0
        take()
      } else if (inCell) {
        cells?.push(take().text)
        inCell = false
      }
    } else if (name === 'tr') {
      inCell = false
      if (!closing) {
        flush()
        cells = []
        header = false
      } else if (cells && cells.length > 0) {
        take()
        blocks.push({ kind: 'row', text: joinCells(cells), level: 0, cells, header, links: [], quote })
        cells = null
      }
    } else if (BLOCKS.has(name) && !(inCell && name !== 'table')) {
      flush()
      if (/^h[1-6]$/.test(name)) {
        if (closing) plain()
        else {
          kind = 'heading'
          level = Number(name[1])
        }
      } else if (name === 'ul' || name === 'ol') {
        if (closing) lists.pop()
        else if (lists.length < 100) lists.push(name)
        plain()
      } else if (name === 'li') {
        if (closing) plain()
        else {
          kind = 'item'
          level = Math.max(0, lists.length - 1)
        }
      } else if (name === 'dt') {
        if (closing) plain()
        else {
          kind = 'definition'
          term = undefined
        }
      } else if (name === 'dd') {
        if (closing) plain()
        else {
          kind = 'definition'
          term = pullTerm(blocks)
        }
      } else if (name === 'pre') {
        preformatted += closing ? -1 : 1
        if (closing) plain()
        else kind = 'code'
      } else if (name === 'blockquote') quote = Math.max(0, quote + (closing ? -1 : 1))
      else if (name === 'hr') blocks.push(ruler(source, tag))
      else if (name === 'table') plain()
      else if (kind !== 'item' && kind !== 'definition') plain()
    } else if (BLOCKS.has(name)) push(place(' ', spanOf(source, tag.from, tag.to).from))
  }
  inCell = false
  flush()
  return blocks
}

/** Line breaks of the source are spaces in HTML. */
function unbroken(piece: Placed): Placed {
  if (!piece.text.includes('\n')) return piece
  return { text: piece.text.replaceAll(/[\r\n]/g, ' '), runs: piece.runs }
}

/** The term that was read last waits for what it means. */
function pullTerm(blocks: Block[]): Placed | undefined {
  const last = blocks.at(-1)
  if (last?.kind !== 'definition' || last.term) return undefined
  blocks.pop()
  return last.text
}

function ruler(source: Placed, tag: Tag): Block {
  return { kind: 'break', text: edit(cut(source, tag.from, tag.to), []), level: 0, links: [], quote: 0 }
}

/** The cells of a row as one text. */
export function joinCells(cells: readonly Placed[]): Placed {
  return join(cells, ' | ')
}

function skipTo(text: string, at: number, name: string): number {
  const closing = `</${name}`
  for (let from = text.indexOf('</', at); from >= 0; from = text.indexOf('</', from + 2)) {
    if (text.slice(from, from + closing.length).toLowerCase() !== closing) continue
    const end = text.indexOf('>', from)
    return end < 0 ? text.length : end + 1
  }
  return -1
}
