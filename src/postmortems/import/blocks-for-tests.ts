import assert from 'node:assert/strict'
import type { Block, Format } from './block.ts'
import { spanOf } from './placed-text.ts'
import { standsThere } from './spans-for-tests.ts'

/** A block as one short line: its kind and depth, its marks, what it says. */
export function short(block: Block): string {
  const marks = [
    block.header ? 'header' : '',
    block.ordered ? 'ordered' : '',
    block.checked === undefined ? '' : block.checked ? 'ticked' : 'box',
    block.bold ? `bold ${block.bold}` : '',
    block.struck ? 'struck' : '',
    block.quote > 0 ? `quote ${block.quote}` : '',
    ...(block.replies ?? []).map(({ text }) => `reply ${text}`),
  ].filter((mark) => mark !== '')
  const said = block.cells ? block.cells.map((cell) => cell.text).join(' | ') : block.text.text
  const text = block.kind === 'code' ? said : said.replaceAll(/[ \t\u00a0]+/g, ' ')
  const term = block.term ? `${block.term.text} :: ` : ''
  const level = block.kind === 'heading' || block.kind === 'item' ? block.level : ''
  return `${block.kind}${level}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}: ${term}${text}`
}

/** The blocks of a text as short lines, wherever they stand. */
export function blocksAnywhere(format: Format, text: string): string[] {
  return format.read(text).pieces.flatMap(({ blocks }) => blocks.map(short))
}

/** The blocks of a text, each of which must stand at its place in it. */
export function blocksOf(format: Format, text: string): string[] {
  return format.read(text).pieces.flatMap(({ blocks }) => {
    for (const block of blocks)
      for (const part of [block.text, ...(block.term ? [block.term] : []), ...(block.cells ?? [])])
        if (part.text !== '' && block.kind !== 'break' && (block.kind !== 'row' || part !== block.text))
          assert.equal(
            standsThere(text, { value: part.text, span: spanOf(part), confidence: 1 }),
            null,
            part.text,
          )
    return blocks.map(short)
  })
}
