import type { Block } from '../../block.ts'
import { sectionOf } from '../../headings.rules.ts'

/** Blocks of one message that end what its writer says. */
const SIGNATURE = /^(?:--|_{10,}|-{10,})\s*$/

/**
 * Finds the post-mortem within a thread: the message and the depth of quoting with the most section names. What is
 * said at a lesser depth after one of its parts is a reply to that part; replies in other messages go to the part
 * that they quote.
 */
export function joinThread(messages: readonly (readonly Block[])[]): Block[] {
  let base = { message: 0, depth: 0, names: -1 }
  for (const [message, blocks] of messages.entries()) {
    const byDepth = new Map<number, Set<string>>()
    for (const block of blocks) {
      const name = block.kind === 'heading' ? sectionOf(block.text.text) : null
      if (name) byDepth.set(block.quote, (byDepth.get(block.quote) ?? new Set()).add(name.topic))
    }
    for (const [depth, names] of byDepth)
      if (names.size > base.names) base = { message, depth, names: names.size }
  }
  const document: Block[] = []
  const replies = new Map<Block, Block[]>()
  const answer = (to: Block, reply: Block) => replies.set(to, [...(replies.get(to) ?? []), reply])
  let signed = false
  for (const block of messages[base.message] ?? []) {
    if (block.quote < base.depth) {
      const to = document.at(-1)
      if (to && block.kind !== 'break') answer(to, block)
      continue
    }
    if (block.quote > base.depth) continue
    if (SIGNATURE.test(block.text.text)) signed = true
    // A footer of the list stands at the end of what it quotes.
    if (signed && block.kind === 'heading') signed = false
    if (!signed) document.push({ ...block, quote: 0 })
  }
  const known = new Map(document.map((block) => [keyOf(block), block]))
  for (const [i, blocks] of messages.entries()) if (i !== base.message) takeReplies(blocks, known, answer)
  return document.map((block) => {
    const said = replies.get(block)
    return said ? { ...block, replies: said.map(({ text }) => text) } : block
  })
}

const keyOf = (block: Block) =>
  block.text.text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 60)

function takeReplies(
  blocks: readonly Block[],
  known: ReadonlyMap<string, Block>,
  answer: (to: Block, reply: Block) => void,
): void {
  let to: { block: Block; depth: number } | null = null
  for (const block of blocks) {
    if (SIGNATURE.test(block.text.text)) to = null
    else if (to && block.quote < to.depth) answer(to.block, block)
    else if (block.quote > 0) {
      const found = known.get(keyOf(block))
      if (found) to = { block: found, depth: block.quote }
      else if (block.kind !== 'break') to = null
    }
  }
}
