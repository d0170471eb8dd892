import type { Block } from './block.ts'
import { cut, join, oneLine, type Placed, type Span, spanOf, trim } from './placed-text.ts'
import type { Found } from './reading.ts'

/** A text as a value: white space is one space. Null when nothing is left. */
export function found(placed: Placed, confidence: number): Found<string> | null {
  const trimmed = trim(placed)
  const value = oneLine(trimmed.text)
  return value === '' ? null : { value, span: spanOf(trimmed), confidence }
}

/** A value of our own words, with the place that says it. */
export function said<T>(value: T, span: Span, confidence: number): Found<T> {
  return { value, span, confidence }
}

/** From the first place to the last. */
export function hull(spans: readonly Span[]): Span {
  let from = Number.POSITIVE_INFINITY
  let to = 0
  for (const span of spans) {
    from = Math.min(from, span.from)
    to = Math.max(to, span.to)
  }
  return { from: Number.isFinite(from) ? from : 0, to }
}

const LONGEST_CODE = 1_500

/** What a block says, as a line of its own. */
function lineOf(block: Block): string {
  const text = oneLine(block.text.text)
  if (block.kind === 'item') return `${'  '.repeat(Math.min(block.level, 6))}- ${text}`
  if (block.kind === 'definition' && block.term) return `${oneLine(block.term.text)}: ${text}`
  if (block.kind === 'row')
    return (block.cells ?? [])
      .map((cell) => oneLine(cell.text))
      .filter(Boolean)
      .join(' | ')
  return text
}

/** The text of several blocks: paragraphs apart, items one per line. Null when they say nothing. */
export function textOf(blocks: readonly Block[], confidence: number): Found<string> | null {
  const kept = blocks.filter(
    (block) =>
      block.kind !== 'break' &&
      block.text.text !== '' &&
      !(block.kind === 'code' && block.text.text.length > LONGEST_CODE) &&
      !isLeftIn(block) &&
      !isPrompt(block),
  )
  // A heading with nothing below it is no text.
  const spoken = kept.filter(
    (block, i) => block.kind !== 'heading' || (i + 1 < kept.length && kept[i + 1]!.kind !== 'heading'),
  )
  if (spoken.every(({ kind }) => kind === 'heading')) return null
  let value = ''
  for (const [i, block] of spoken.entries()) {
    const close = block.kind === 'item' && spoken[i - 1]?.kind === 'item'
    value += (i === 0 ? '' : close ? '\n' : '\n\n') + lineOf(block)
  }
  const spans = spoken.flatMap((block) => [spanOf(block.text), ...(block.term ? [spanOf(block.term)] : [])])
  const whole = { value, span: hull(spans), confidence }
  return spans.length > 1 ? { ...whole, places: spans.toSorted((a, b) => a.from - b.from) } : whole
}

const PLACEHOLDER =
  /^(?:n\/?a|none|nobody|no ?one|unassigned|tbd|tba|tbc|todo|to do|to be (?:written|done|determined|completed|filled.*)|pending|unknown|no|nothing|nil|-+|\.{2,}|…|\?+|x+)\W*$/i
const TEMPLATE =
  /\{\{[^{}]{0,200}\}\}|<(?:insert|add|describe|your|name|date|time|link|summary|todo)[^<>]{0,80}>|\[(?:insert|add|describe|your|fill in)[^\]]{0,80}\]|\blorem ipsum\b|^[_(*[]{0,2}(?:describe|explain|list|provide|write|summari[sz]e|include|add|fill in|insert|note|record|state|give) (?:here|below|in|the|a|an|any|all|what|how|who|when|why|which|your|briefly)\b.{0,400}(?:[_)\]*]|\bhere\b.{0,20}|\bincident\b.{0,80}|\?)$/i

/** Text of a template that nobody filled in, or a word that says that there is nothing. */
export function isTemplate(text: string): boolean {
  if (text.length > 600) return false
  const line = oneLine(text)
  // What our own drafts leave to be filled in.
  if (/^_?not yet written:/i.test(line)) return true
  return PLACEHOLDER.test(line) || TEMPLATE.test(line)
}

/** The same of a block: where everything was written by somebody, only our own prompts are left in. */
export function isLeftIn({ text, finished }: Pick<Block, 'text' | 'finished'>): boolean {
  return finished ? /^_?not yet written:/i.test(oneLine(text.text.slice(0, 100))) : isTemplate(text.text)
}

/** Somebody wrote that there is nothing: that is an answer. */
export function saysNothing(text: string): boolean {
  return /^(?:n\/?a|none|no|nothing|nil|not applicable|unknown|-+)\W*$/i.test(oneLine(text.slice(0, 40)))
}

const PROMPT =
  /^(?:describe|explain|summari[sz]e|provide|fill in|outline|briefly|in (?:one|two|a few|\d) (?:short )?(?:sentences?|paragraphs?)|for example,?$|e\.g\.|this section)\b(?! by\b)/i

/** A paragraph that tells its writer what to write: in a list of actions it would be one of them. */
export function isPrompt(block: Block): boolean {
  return (
    !block.finished &&
    block.kind === 'paragraph' &&
    block.text.text.length < 400 &&
    PROMPT.test(block.text.text.replace(/^\P{L}+/u, ''))
  )
}

/** The sentences of a text, with their places. Abbreviations, versions and file names do not end one. */
export function sentencesOf(placed: Placed): Placed[] {
  const sentences: Placed[] = []
  let from = 0
  for (const m of placed.text.matchAll(
    /[.!?](?=["”'’)\]]?(?:\s+["“'‘(]?[\p{Lu}\p{N}]|\s*$))["”'’)\]]?\s*/gu,
  )) {
    if (
      /(?:^|\s)(?:e\.g|i\.e|etc|vs|approx|no|mr|mrs|dr|st|cf|incl)\.?$/i.test(
        placed.text.slice(Math.max(0, m.index - 8), m.index),
      )
    )
      continue
    sentences.push(trim(cut(placed, from, m.index + m[0].length)))
    from = m.index + m[0].length
  }
  sentences.push(trim(cut(placed, from)))
  return sentences.filter(({ text }) => text !== '')
}

/** Texts one after the other with a space between. */
export function joined(parts: readonly Placed[]): Placed {
  return join(
    parts.filter(({ text }) => text.trim() !== ''),
    ' ',
  )
}
