import { splitSections } from '../sections.rules.ts'

/** Where a quoted passage stands now. */
export type Anchor =
  | { outcome: 'whole'; reason: 'no-quote' }
  | { outcome: 'there'; reason: 'found-in-section'; section: string | null }
  | { outcome: 'moved'; reason: 'found-elsewhere'; section: string | null }
  | { outcome: 'lost'; reason: 'text-changed' | 'section-gone' }

/** A text as it reads, section by section: made once where many passages are looked for. */
export interface ReadableText {
  sections: { title: string; text: string }[]
  whole: string
}

export function readableText(body: string): ReadableText {
  const sections = splitSections(body).map(({ title, body: text }) => ({ title, text: readable(text) }))
  return { sections, whole: readable(body) }
}

/**
 * Finds the passage again in a text that may have been edited since. What a reader marks is text without Markdown's
 * signs, broken where the window breaks it; so signs and breaks do not count.
 */
export function findAnchor(
  of: string | ReadableText,
  { section, quote }: { section: string | null; quote: string | null },
): Anchor {
  const { sections, whole } = typeof of === 'string' ? readableText(of) : of
  const own = section === null ? undefined : sections.find(({ title }) => same(title, section))
  if (quote === null) {
    if (section !== null && !own) return { outcome: 'lost', reason: 'section-gone' }
    return { outcome: 'whole', reason: 'no-quote' }
  }
  const wanted = readable(quote)
  if (wanted === '') return { outcome: 'whole', reason: 'no-quote' }
  if (own?.text.includes(wanted)) return { outcome: 'there', reason: 'found-in-section', section: own.title }
  const elsewhere = sections.find((one) => one.text.includes(wanted))
  // Text before the first heading belongs to no section.
  const found = elsewhere !== undefined || whole.includes(wanted)
  if (!found) return { outcome: 'lost', reason: section !== null && !own ? 'section-gone' : 'text-changed' }
  const at = elsewhere?.title ?? null
  return section === null
    ? { outcome: 'there', reason: 'found-in-section', section: at }
    : { outcome: 'moved', reason: 'found-elsewhere', section: at }
}

const same = (a: string, b: string) => readable(a).toLowerCase() === readable(b).toLowerCase()

/** Markdown as it reads: without its signs, every break and run of blanks one blank. */
export function readable(markdown: string): string {
  return markdown
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/^ ?(?:`{3,}|~{3,}).*$/gm, ' ')
    .replaceAll(/^ ?(?:> ?)+/gm, '')
    .replaceAll(/^ ?(?:[-*+]|\d{1,9}[.)]) /gm, '')
    .replaceAll(/^ ?#{1,6} /gm, '')
    .replaceAll(/^[ |:-]*-{3}[ |:-]*$/gm, ' ')
    .replaceAll(/!?\[([^\]]{0,500})\]\([^()\s]{0,500}\)/g, '$1')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/[*_`~|]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
