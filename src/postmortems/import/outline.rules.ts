import type { Block } from './block.ts'
import { labelOf, sectionOf, type Topic } from './headings.rules.ts'
import { cut, type Placed, trim } from './placed-text.ts'
import { leadingTime } from './timeline.rules.ts'

/** A part of the document under one heading or label; parts follow each other without gaps. */
export interface Section {
  /** Null before the first heading that we know, and under headings that say nothing. */
  topic: Topic | null
  /** 1 to 6 of headings, more of labels. */
  level: number
  heading: Block | null
  /** Headings of its own that name no other section stand among them. */
  blocks: Block[]
}

/** Sections that are lists: labels in them are part of their entries. */
const LISTS: readonly Topic[] = ['timeline', 'actions', 'wentWell', 'wentWrong', 'lucky']
const isList = (topic: Topic | null) => topic !== null && LISTS.includes(topic)
/** Topics that a label may name within a section that has a heading of its own. */
const NOT_IN_SECTIONS: readonly Topic[] = ['facts', 'people', 'other', 'references', 'agenda']

const PARAGRAPH_LABEL = 7
const ITEM_LABEL = 8

const startsWithTime = (block: Block) => leadingTime(block.text.text) !== null

interface Open {
  topic: Topic | null
  level: number
}

/** Sorts the blocks under the sections that their headings and labels name. */
export function outline(blocks: readonly Block[]): Section[] {
  const sections: Section[] = [{ topic: null, level: 0, heading: null, blocks: [] }]
  let stack: Open[] = []
  const current = () => sections.at(-1)!
  const begin = (topic: Topic | null, level: number, heading: Block | null) => {
    stack = stack.filter((open) => open.level < level)
    stack.push({ topic, level })
    sections.push({ topic, level, heading, blocks: [] })
  }
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'heading') {
      const name = sectionOf(block.text.text)
      stack = stack.filter((open) => open.level < block.level)
      const parent = stack.at(-1) ?? null
      if (name && mayBegin(name.topic, parent, block, blocks[i + 1])) {
        begin(name.topic, block.level, block)
        continue
      }
      if (!parent && current().topic === 'timeline' && startsWithTime(block)) {
        current().blocks.push(block)
        stack.push({ topic: 'timeline', level: block.level })
        continue
      }
      if (parent && parent.topic !== null && parent.level > 0) {
        // A sub-heading that names nothing belongs to its section.
        if (current().topic !== parent.topic) begin(parent.topic, parent.level, null)
        current().blocks.push(block)
        stack.push({ topic: parent.topic, level: block.level })
        continue
      }
      begin(null, block.level, block)
      continue
    }
    const label = labelWithin(block, stack.at(-1)?.topic ?? null, stack.at(-1)?.level ?? 0)
    if (label) {
      begin(label.topic, label.level, { ...block, kind: 'heading', text: label.name })
      if (label.rest.text !== '')
        current().blocks.push({
          ...block,
          kind: 'paragraph',
          text: label.rest,
          links: moved(block, label.from),
          bold: 0,
        })
      continue
    }
    // An item beside a labelled item is no part of it.
    if (block.kind === 'item') {
      const open = stack.at(-1)
      if (open && open.level >= ITEM_LABEL && block.level <= open.level - ITEM_LABEL) {
        stack = stack.filter(({ level }) => level < ITEM_LABEL + block.level)
        const parent = stack.at(-1)
        sections.push({ topic: parent?.topic ?? null, level: parent?.level ?? 0, heading: null, blocks: [] })
      }
    }
    current().blocks.push(block)
  }
  return sections.filter(({ blocks, heading }) => blocks.length > 0 || heading !== null)
}

/** Below a list, headings like "Detection" or "Resolution" group its entries; with a paragraph they are what they say. */
function mayBegin(topic: Topic, parent: Open | null, heading: Block, next: Block | undefined): boolean {
  if (!parent || !isList(parent.topic)) return true
  if (
    parent.topic === 'actions' &&
    topic === 'resolution' &&
    next?.kind === 'paragraph' &&
    !/\s/.test(heading.text.text.trim())
  )
    return true
  return isList(topic) || topic === 'references' || topic === 'lessons'
}

interface LabelHere {
  topic: Topic
  level: number
  name: Placed
  rest: Placed
  from: number
}

/** The section that a paragraph or item begins by its label: "**Impact**: nobody could log in". */
function labelWithin(block: Block, topic: Topic | null, level: number): LabelHere | null {
  if (block.kind !== 'paragraph' && block.kind !== 'item') return null
  const { text } = block.text
  let to = -1
  let from = -1
  if (block.bold && block.bold <= 70) {
    to = block.bold
    const colon = /^\s*[:：–-]?\s*/.exec(text.slice(to))!
    const ended =
      /[:：?]\s*$/.test(text.slice(0, to)) ||
      /[:：\n–-]/.test(colon[0]) ||
      to + colon[0].length >= text.length
    if (!ended) to = -1
    from = to + colon[0].length
  } else {
    const label = labelOf(text)
    if (label) ({ to, rest: from } = label)
    else if (block.kind === 'paragraph' && text.length < 60 && /[:：]$/.test(text)) to = from = text.length
  }
  if (to < 0) return null
  const name = sectionOf(text.slice(0, to), !block.bold)
  if (!name || name.several) return null
  const isItem = block.kind === 'item'
  const alone = text.slice(from).trim() === ''
  const sibling = level >= PARAGRAPH_LABEL && (!isItem || level === ITEM_LABEL + block.level)
  if (!sibling && topic !== null) {
    if (name.topic === topic && !(topic === 'actions' && !alone)) return null
    if (
      isList(topic) &&
      !(isList(name.topic) && (alone || name.topic === 'actions') && (!isItem || block.level === 0))
    )
      return null
    if (isList(topic) && isItem && name.topic !== 'actions' && !alone) return null
    if (NOT_IN_SECTIONS.includes(name.topic) && topic !== 'facts' && topic !== 'other' && topic !== 'people')
      return null
  }
  if (isItem && isList(topic) && !sibling && name.topic === 'actions' && !alone) return null
  return {
    topic: name.topic,
    level: isItem ? ITEM_LABEL + block.level : PARAGRAPH_LABEL,
    name: trim(cut(block.text, 0, to)),
    rest: trim(cut(block.text, from)),
    from: from + (text.slice(from).length - text.slice(from).trimStart().length),
  }
}

function moved(block: Block, by: number): Block['links'] {
  return block.links
    .filter(({ from }) => from >= by)
    .map((link) => ({ ...link, from: link.from - by, to: link.to - by }))
}

const CORE: readonly Topic[] = [
  'summary',
  'impact',
  'rootCause',
  'timeline',
  'actions',
  'resolution',
  'detection',
  'wentWrong',
  'trigger',
]

/** Splits the sections of a document where a second incident begins: where the same core sections come again. */
export function splitIncidents(sections: readonly Section[]): Section[][] {
  const parts: Section[][] = []
  const top = topLevel(sections)
  let from = 0
  let seen = new Set<Topic>()
  for (let i = 0; i < sections.length; i++) {
    const { topic, heading } = sections[i]!
    if (topic === null || heading === null || !CORE.includes(topic)) continue
    const again = seen.has(topic) && (topic === 'summary' || topic === 'timeline' || topic === 'impact')
    if (again && seen.size >= 3 && coreFrom(sections, i) >= 3 && sections[i]!.level <= top) {
      const start = backToTitle(sections, i, from)
      parts.push(sections.slice(from, start))
      from = start
      seen = new Set()
    }
    seen.add(topic)
  }
  parts.push(sections.slice(from))
  return parts.filter((part) => part.length > 0)
}

/** How many different core sections follow before one of them comes again. */
function coreFrom(sections: readonly Section[], from: number): number {
  const seen = new Set<Topic>()
  for (const { topic, heading } of sections.slice(from, from + 60))
    if (topic !== null && heading !== null && CORE.includes(topic)) seen.add(topic)
  return seen.size
}

function topLevel(sections: readonly Section[]): number {
  const levels = sections
    .filter(({ topic, heading }) => topic !== null && heading !== null && CORE.includes(topic))
    .map(({ level }) => level)
  return levels.reduce((least, level) => Math.min(least, level), 99) + 1
}

/** A heading of no topic right before, which stands above the section, is the title of what follows. */
function backToTitle(sections: readonly Section[], at: number, least: number): number {
  let start = at
  while (start - 1 > least) {
    const before = sections[start - 1]!
    if (before.topic !== null && before.topic !== 'facts' && before.topic !== 'people') break
    if (before.heading === null || before.level >= sections[at]!.level + (before.topic === null ? 0 : 9))
      break
    start--
  }
  return start
}
