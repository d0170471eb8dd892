import type { CorrectedTopic } from '../../contract/postmortem-imports.ts'
import type { Block } from './block.ts'
import type { Topic } from './headings.rules.ts'
import type { Section } from './outline.rules.ts'
import { cut, type Placed, type Span, spanOf, trim } from './placed-text.ts'

/** A reviewer's word on a part of the source: it is this, whatever the importer took it for. */
export interface Correction extends Span {
  as: CorrectedTopic
}

/** Moves what lies within each correction into a section of its own; of a block that lies partly in it, that part. */
export function correct(sections: readonly Section[], corrections: readonly Correction[]): Section[] {
  return corrections.reduce<Section[]>(
    (now, correction) => now.flatMap((section) => split(section, correction)),
    [...sections],
  )
}

function split(section: Section, correction: Correction): Section[] {
  const topic: Topic = correction.as === 'nothing' ? 'other' : correction.as
  const parts: Section[] = [{ ...section, blocks: [] }]
  for (const block of section.blocks) {
    const pieces = piecesOf(block, correction)
    for (const [piece, within] of pieces) {
      const last = parts.at(-1)!
      const wanted = within ? topic : section.topic
      // What follows a corrected part goes on with the section it stood in.
      if (last.topic === wanted && (last.blocks.length > 0 || !within || last.heading === null))
        last.blocks.push(piece)
      else parts.push({ topic: wanted, level: section.level, heading: null, blocks: [piece] })
    }
  }
  return parts.filter(({ blocks, heading }) => blocks.length > 0 || heading !== null)
}

/** The block before, within, and after the correction. */
function piecesOf(block: Block, { from, to }: Span): [Block, boolean][] {
  if (block.text.runs.length === 0) return [[block, false]]
  const span = spanOf(block.text)
  if (span.to <= from || span.from >= to) return [[block, false]]
  if ((span.from >= from && span.to <= to) || block.kind === 'row') return [[block, true]]
  const start = textAt(block.text, from)
  const end = textAt(block.text, to)
  const piece = (a: number, b: number, within: boolean): [Block, boolean][] => {
    const text = trim(cut(block.text, a, b))
    return text.text === '' ? [] : [[{ ...block, text, links: [], bold: 0, term: undefined }, within]]
  }
  return [...piece(0, start, false), ...piece(start, end, true), ...piece(end, block.text.text.length, false)]
}

/** Where a place of the source is in the text: the first character that stands there or after. */
function textAt(placed: Placed, at: number): number {
  for (const run of placed.runs) {
    if (run.to <= at) continue
    const inside = run.length === run.to - run.from ? Math.max(0, at - run.from) : 0
    return run.at + inside
  }
  return placed.text.length
}
