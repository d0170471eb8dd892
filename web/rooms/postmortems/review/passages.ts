/** What a reader marked: the words, and the heading under which they stand. */
export interface Passage {
  quote: string
  section: string | null
}

const LONGEST = 2_000

/** What is marked inside `root` now; null where nothing is, or where it reaches beyond. */
export function markedPassage(root: HTMLElement): (Passage & { box: DOMRect }) | null {
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  if (!root.contains(range.commonAncestorContainer)) return null
  // What is drawn anew from the record is no text of this document.
  const within = range.commonAncestorContainer
  if ((within instanceof Element ? within : within.parentElement)?.closest('[data-live]')) return null
  const quote = selection.toString().replaceAll(/\s+/g, ' ').trim()
  if (quote === '' || quote.length > LONGEST) return null
  return { quote, section: headingBefore(root, range.startContainer), box: range.getBoundingClientRect() }
}

function headingBefore(root: HTMLElement, node: Node): string | null {
  let last: string | null = null
  for (const heading of root.querySelectorAll('h2')) {
    const place = heading.compareDocumentPosition(node)
    if (heading.contains(node) || place & Node.DOCUMENT_POSITION_FOLLOWING) last = heading.textContent.trim()
  }
  return last
}

/** Where a quoted passage stands on the page, however it is broken there. */
export function findPassage(root: HTMLElement, { quote, section }: Passage): Range | null {
  const places: { node: Text; at: number }[] = []
  let text = ''
  let heading: string | null = null
  let from = 0
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement?.closest('[data-live]')) continue
    const data = (node as Text).data
    const title = node.parentElement?.closest('h2')?.textContent.trim()
    if (title !== undefined && title !== heading) {
      heading = title
      if (section !== null && title === section) from = text.length
    }
    // Between two blocks stands a blank that no node holds.
    if (text !== '' && !text.endsWith(' ')) {
      const last = places.at(-1)!.node.parentElement
      if (blockOf(last) !== blockOf(node.parentElement)) {
        text += ' '
        places.push({ node: node as Text, at: 0 })
      }
    }
    for (let at = 0; at < data.length; at++) {
      const blank = /\s/.test(data[at]!)
      if (blank && (text === '' || text.endsWith(' '))) continue
      text += blank ? ' ' : data[at]
      places.push({ node: node as Text, at })
    }
  }
  const wanted = quote.replaceAll(/\s+/g, ' ').trim()
  const found =
    wanted === '' ? -1 : Math.max(text.indexOf(wanted, from), from > 0 ? text.indexOf(wanted) : -1)
  if (found < 0) return null
  const first = places[found]!
  const last = places[found + wanted.length - 1]!
  const range = document.createRange()
  range.setStart(first.node, first.at)
  range.setEnd(last.node, last.at + 1)
  return range
}

const blockOf = (element: Element | null) =>
  element?.closest('p, li, h1, h2, h3, h4, td, th, pre, blockquote') ?? null

/** Shows a passage, in colour where the browser can. Answers whether it was found. */
export function showPassage(root: HTMLElement, passage: Passage): boolean {
  const range = findPassage(root, passage)
  if (!range) return false
  if ('highlights' in CSS) CSS.highlights.set('quoted', new Highlight(range))
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  range.startContainer.parentElement?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' })
  return true
}

/** Underlines what is being discussed, where the browser can; answers how to take it back. */
export function underlinePassages(root: HTMLElement, passages: readonly Passage[]): () => void {
  if (!('highlights' in CSS)) return () => undefined
  const ranges = passages.flatMap((passage) => findPassage(root, passage) ?? [])
  CSS.highlights.set('discussed', new Highlight(...ranges))
  return () => void CSS.highlights.delete('discussed')
}
