import type { Block } from './block.ts'
import { cut, type Placed, spanOf, trim } from './placed-text.ts'
import type { Found } from './reading.ts'
import { found, hull, isLeftIn } from './values.ts'

export interface ListEntry {
  block: Block
  /** Deeper items and paragraphs that belong to it. */
  parts: Block[]
}

/** An item that only names the group of those below it. */
function isGroup(block: Block, next: Block | undefined): boolean {
  if (next?.kind !== 'item' || next.level <= block.level) return false
  const { text } = block.text
  if (/[:：]\s*$/.test(text)) return true
  const below = next.text.text
  return (
    text.split(/\s+/).length <= 4 && !/[.!?]$/.test(text) && /^\P{L}*\p{Lu}/u.test(below) && /\s/.test(below)
  )
}

/** A paragraph that speaks of the list to come, or of what such a list is for. */
export function isIntroductory({ kind, text }: Block): boolean {
  return (
    kind === 'paragraph' &&
    (/[:：,]\s*$/.test(text.text) ||
      /^\W*(?:these are|this is (?:where|a list)|list (?:of|any|all|the)|things (?:that|which|we)|ideally|for example)\b/i.test(
        text.text,
      ))
  )
}

/** The items of a list with what belongs to each; where there are none, its paragraphs. */
export function listEntries(blocks: readonly Block[]): ListEntry[] {
  const items = blocks.filter(({ kind }) => kind === 'item')
  const entries: ListEntry[] = []
  if (items.length > 0) {
    let depth = Number.POSITIVE_INFINITY
    for (const [i, block] of blocks.entries()) {
      if (block.kind === 'heading') depth = Number.POSITIVE_INFINITY
      if (block.kind !== 'item') {
        if (block.kind === 'paragraph' && block.level > 0 && entries.length > 0)
          entries.at(-1)!.parts.push(block)
        continue
      }
      if (isGroup(block, blocks[i + 1])) {
        depth = block.level + 1
        continue
      }
      if (block.level > depth && entries.length > 0) entries.at(-1)!.parts.push(block)
      else {
        depth = block.level
        entries.push({ block, parts: [] })
      }
    }
    return entries
  }
  return blocks
    .filter(({ kind }) => kind === 'paragraph' || kind === 'definition' || kind === 'row')
    .filter((block) => !block.header && block.text.text.trim() !== '' && !isIntroductory(block))
    .map((block) => ({ block, parts: [] }))
}

/** The text of an entry with what belongs to it. */
export function entryText({ block, parts }: ListEntry, confidence: number): Found<string> | null {
  const own = found(block.text, confidence)
  if (!own) return null
  const more = parts.map(({ text }) => found(text, confidence)).filter((part) => part !== null)
  if (block.term) more.unshift(found(block.term, confidence)!)
  if (more.length === 0) return own
  const texts = block.term
    ? [more[0]!.value, own.value, ...more.slice(1).map(({ value }) => value)]
    : [own.value, ...more.map(({ value }) => value)]
  return {
    value: texts.join(block.term ? ': ' : ' '),
    span: hull([own.span, ...more.map(({ span }) => span)]),
    confidence,
  }
}

/** What went well, wrong, or luckily: one value each. */
export function readList(blocks: readonly Block[]): Found<string>[] {
  const items = blocks.some(({ kind }) => kind === 'item')
  return listEntries(blocks)
    .filter(
      ({ block }) =>
        !isLeftIn(block) && !/^(?:for example|e\.g\.|examples?)[,:]?$/i.test(block.text.text.trim()),
    )
    .map((entry) => entryText(entry, items ? 0.95 : 0.75))
    .filter((value) => value !== null && /\p{L}{2}/u.test(value.value))
    .map((value) => value!)
}

/** Takes a sign or word that stands at the beginning off. */
export function withoutLead(text: Placed, pattern: RegExp): { text: Placed; lead: Placed } | null {
  const m = pattern.exec(text.text)
  if (m?.index !== 0 || m[0] === '') return null
  return { text: trim(cut(text, m[0].length)), lead: trim(cut(text, 0, m[0].length)) }
}

/** The place of a part of a text that a pattern finds. */
export function placeOf(text: Placed, at: number, length: number) {
  return spanOf(text, at, at + length)
}
