import type { Format, Piece } from '../../block.ts'
import { decodeEntities } from '../../markup/entities.ts'
import { htmlBlocks } from '../../markup/html-blocks.ts'
import { cut, edit, type Placed, place, trim } from '../../placed-text.ts'

const MOST_ITEMS = 2_000

/** RSS and Atom: each item is a document of its own. */
export const feed: Format = {
  name: 'feed',
  title: 'RSS and Atom',
  extensions: ['rss', 'atom', 'xml'],
  mediaTypes: ['application/rss+xml', 'application/atom+xml', 'application/xml', 'text/xml'],
  looks: (source) => (/<(?:rss|feed|rdf:RDF)[\s>]/.test(source.slice(0, 2_000)) ? 1 : 0),
  read(source) {
    const whole = place(source)
    const pieces: Piece[] = []
    const notes = []
    let at = 0
    for (;;) {
      const open = /<(item|entry)(?=[\s>])/g
      open.lastIndex = at
      const m = open.exec(source)
      if (!m) break
      const close = source.indexOf(`</${m[1]}>`, m.index)
      const end = close < 0 ? source.length : close
      if (pieces.length >= MOST_ITEMS) {
        const span = { from: m.index, to: source.length }
        notes.push({ code: 'cut-short' as const, text: `Only the first ${MOST_ITEMS} items are read.`, span })
        break
      }
      pieces.push(readItem(cut(whole, m.index, end)))
      at = end
    }
    return { pieces, notes }
  },
}

function readItem(item: Placed): Piece {
  const body =
    element(item, 'content:encoded') ??
    element(item, 'content') ??
    element(item, 'description') ??
    element(item, 'summary')
  const title = element(item, 'title')
  const date =
    element(item, 'pubDate') ??
    element(item, 'published') ??
    element(item, 'updated') ??
    element(item, 'dc:date')
  const url = element(item, 'link') ?? element(item, 'id')
  return {
    blocks: body ? htmlBlocks(body) : [],
    ...(title ? { title: trim(decodeEntities(title)) } : {}),
    ...(date ? { date: trim(date) } : {}),
    ...(url ? { url: trim(url) } : {}),
  }
}

/** What stands in an element, as the HTML that it means: out of CDATA, or with its characters decoded once. */
function element(item: Placed, name: string): Placed | null {
  const open = new RegExp(`<${name}(?:\\s[^>]{0,1000})?>`).exec(item.text)
  if (!open) return null
  const from = open.index + open[0].length
  const end = item.text.indexOf(`</${name}>`, from)
  if (end < 0) return null
  const inner = cut(item, from, end)
  if (!inner.text.includes('<![CDATA[')) return decodeEntities(inner)
  const edits = [...inner.text.matchAll(/<!\[CDATA\[|\]\]>/g)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
    text: '',
  }))
  return edit(inner, edits)
}
