import { readActions } from './actions.rules.ts'
import type { Block, Piece } from './block.ts'
import { documentTimes } from './document-times.rules.ts'
import { resolveEntries } from './entries.rules.ts'
import { timelineSteps } from './find-timeline.rules.ts'
import type { Topic } from './headings.rules.ts'
import { readList } from './lists.rules.ts'
import { contradictedMoments } from './moments.rules.ts'
import type { Section } from './outline.rules.ts'
import { cut, oneLine, spanOf } from './placed-text.ts'
import type { Finding, Found, ReadAction, ReadIncident, SectionKind } from './reading.ts'
import { readReferences } from './references.rules.ts'
import type { Day } from './time/resolve-time.ts'
import type { Step } from './timeline.rules.ts'
import { isOnlyTime, titleOf } from './titles.rules.ts'
import { found, hull, isLeftIn, isPrompt, saysNothing, textOf } from './values.ts'

type Noted = Omit<Finding, 'incident'>

export interface Context {
  piece: Piece
  /** All sections of the piece: what holds for the document is looked for in all of them. */
  whole: readonly Section[]
  name: string
  today: Day
  /** More than one incident is told in the piece. */
  several: boolean
}

/** Reads one incident out of its sections. */
export function readIncident(
  sections: readonly Section[],
  context: Context,
): { incident: ReadIncident; findings: Noted[] } {
  const times = documentTimes(
    context.piece,
    context.several ? [...sections, ...context.whole] : context.whole,
    context.name,
    context.today,
  )
  const steps = timelineSteps(sections)
  const { entries, findings } = resolveEntries(steps, times.setting, times.setting.zone)
  const blocksOf = (...topics: Topic[]) =>
    sections.filter(({ topic }) => topic !== null && topics.includes(topic)).flatMap(({ blocks }) => blocks)
  const actionBlocks = blocksOf('actions')
  const taken = blocksOf('remediation')
  const actions: ReadAction[] = sections.flatMap(({ topic, blocks }) =>
    topic === 'actions'
      ? readActions(blocks, false)
      : topic === 'remediation'
        ? readActions(blocks.filter(isListed), true)
        : [],
  )
  const all = sections.flatMap(({ heading, blocks }) => (heading ? [heading, ...blocks] : blocks))
  const referenced = sections
    .filter(({ topic }) => topic !== 'other' && topic !== 'agenda')
    .flatMap(({ heading, blocks }) => (heading ? [heading, ...blocks] : blocks))
  const texts = sectionTexts(sections, steps)
  const incident: ReadIncident = {
    title: titleOf(sections, context),
    sections: texts,
    timeline: entries,
    wentWell: readList(blocksOf('wentWell')),
    wentWrong: readList(blocksOf('wentWrong')),
    lucky: readList(blocksOf('lucky')),
    actions: dropDoubles(actions),
    references: readReferences([...headOf(context), ...referenced], new Set([...actionBlocks, ...taken])),
    severity: severityOf(sections),
    span: hull(all.filter(({ text }) => text.runs.length > 0).map(({ text }) => spanOf(text))),
  }
  const template = sections
    .flatMap(({ topic, blocks }) => blocks.filter((block) => isLeftover(block, topic)))
    .at(0)
  return {
    incident,
    findings: [
      ...times.findings,
      ...findings,
      ...contradictedMoments(sections, entries, times.setting),
      ...(template
        ? [
            {
              code: 'template-text' as const,
              message: 'Text of the template is left in: it is not read as content.',
              span: spanOf(template.text),
            },
          ]
        : []),
    ],
  }
}

/** Text of a template that stands where content should. */
function isLeftover(block: Block, topic: Topic | null): boolean {
  if (
    block.kind === 'code' ||
    block.kind === 'break' ||
    block.text.text.length <= 6 ||
    saysNothing(block.text.text)
  )
    return false
  return isLeftIn(block) || (topic !== 'actions' && isPrompt(block))
}

const isListed = (block: Block) =>
  block.kind === 'item' || block.kind === 'heading' || block.kind === 'row' || block.checked !== undefined

function headOf({ piece, several }: Context): Block[] {
  if (several || !piece.title) return []
  return [{ kind: 'heading', text: piece.title, level: 1, links: [], quote: 0 }]
}

/** What stands under the headings; the introduction is the summary where none is named. */
function sectionTexts(sections: readonly Section[], steps: readonly Step[]): ReadIncident['sections'] {
  const texts: ReadIncident['sections'] = {}
  const put = (kind: SectionKind, value: Found<string> | null) => {
    // A time alone is a fact, no text.
    if (value && !texts[kind] && !isOnlyTime(value.value)) texts[kind] = value
  }
  const of = (topic: Topic) => sections.filter((section) => section.topic === topic)
  // Rows and items that are read as the timeline are not told twice.
  const told = new Set(
    steps.flatMap((step) =>
      'entry' in step && step.entry.time && step.entry.via !== 'paragraph' ? [step.entry.block] : [],
    ),
  )
  const left = (blocks: readonly Block[]) =>
    blocks.filter(
      (block, i) =>
        !told.has(block) &&
        !(block.kind === 'row' && block.header && blocks[i + 1] && told.has(blocks[i + 1]!)),
    )

  for (const kind of [
    'impact',
    'trigger',
    'rootCause',
    'contributing',
    'detection',
    'resolution',
    'lessons',
    'summary',
  ] as const) {
    const blocks = of(kind).flatMap(({ blocks }, i) => (i > 0 && blocks.length === 0 ? [] : blocks))
    put(kind, textOf(left(blocks), 0.93) ?? textOf(blocks, 0.8))
  }
  const remediation = of('remediation').flatMap(({ blocks }) => blocks)
  put(
    'resolution',
    textOf(
      remediation.filter((block) => !isListed(block)),
      0.7,
    ),
  )
  if (!texts.summary) put('summary', introduction(sections))
  // What narrates, under a heading that asks for faults, tells what happened.
  if (!texts.rootCause && texts.contributing) texts.rootCause = { ...texts.contributing, confidence: 0.75 }
  return texts
}

function introduction(sections: readonly Section[]): Found<string> | null {
  const blocks: Block[] = []
  for (const [i, section] of sections.entries()) {
    if (section.topic === null && section.level > 1 && i > 0 && blocks.length > 0) break
    if (section.topic !== null) {
      if (section.topic === 'facts' || section.topic === 'people' || section.topic === 'agenda') continue
      break
    }
    for (const block of section.blocks.slice(0, 200)) blocks.push(block)
  }
  const told = blocks.filter(
    (block) =>
      block.kind === 'paragraph' &&
      oneLine(block.text.text).split(' ').length >= 8 &&
      !isOnlyTime(/^.*/.exec(block.text.text)![0]) &&
      !/^(?:note|authors?|written by)\b.{0,80}$/i.test(block.text.text),
  )
  return textOf(told.slice(0, 6), 0.6)
}

const SEVERITY = /^\W{0,4}(?:severity|priority)(?: level)?\s*[:|-]\s*([^\n|]{1,60})/i

function severityOf(sections: readonly Section[]): Found<string> | null {
  for (const { heading, blocks } of sections) {
    if (
      heading &&
      /^\W*(?:severity|priority)(?: level)?\W*$/i.test(heading.text.text) &&
      blocks[0] &&
      blocks[0].text.text.length <= 60
    )
      return found(blocks[0].text, 0.9)
    for (const { text } of blocks) {
      const m = SEVERITY.exec(text.text)
      if (!m) continue
      const at = m[0].lastIndexOf(m[1]!)
      return found(cut(text, at, at + m[1]!.length), 0.9)
    }
  }
  for (const { heading, topic, blocks } of sections)
    for (const block of topic === null || topic === 'summary' || topic === 'facts'
      ? [...(heading ? [heading] : []), ...blocks]
      : []) {
      const word = /\b(?:SEV[- ]?[0-5]|P[0-4])\b(?![-.]?\d)/.exec(block.text.text.slice(0, 300))
      if (word && block.kind !== 'code')
        return found(cut(block.text, word.index, word.index + word[0].length), 0.6)
    }
  return null
}

/** The same action may stand in a list and, cut to a title, in a table: the fuller text is kept, with what both say. */
function dropDoubles(actions: readonly ReadAction[]): ReadAction[] {
  const kept: { key: string; action: ReadAction }[] = []
  const byKey = new Map<string, ReadAction>()
  for (const action of actions) {
    const key = keyOf(action)
    const cut = action.text.value.endsWith('…')
    const known = byKey.get(key) ?? (cut ? kept.find((one) => one.key.startsWith(key))?.action : undefined)
    if (known) {
      known.status ??= action.status
      known.owner ??= action.owner
      known.due ??= action.due
      continue
    }
    byKey.set(key, action)
    kept.push({ key, action })
  }
  return kept.map(({ action }) => action)
}

const keyOf = ({ text }: ReadAction) =>
  text.value
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Whether the sections say anything of an incident. */
export function saysSomething({ timeline, sections, actions, wentWell, wentWrong }: ReadIncident): boolean {
  return (
    timeline.length + actions.length + wentWell.length + wentWrong.length > 0 ||
    Object.keys(sections).length > 0
  )
}
