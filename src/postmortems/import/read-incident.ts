import { readActions } from './actions.rules.ts'
import type { Block, Piece } from './block.ts'
import { documentTimes } from './document-times.rules.ts'
import { resolveEntries } from './entries.rules.ts'
import type { Topic } from './headings.rules.ts'
import { readList } from './lists.rules.ts'
import type { Section } from './outline.rules.ts'
import { cut, oneLine, type Placed, spanOf, trim } from './placed-text.ts'
import type { Finding, Found, ReadAction, ReadIncident, SectionKind } from './reading.ts'
import { readReferences, ticketsIn } from './references.rules.ts'
import type { Day } from './time/resolve-time.ts'
import { leadingTime, readSteps, type Step } from './timeline.rules.ts'
import { found, hull, isPrompt, isTemplate, textOf } from './values.ts'

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
  if (block.kind === 'code' || block.kind === 'break' || block.text.text.length <= 6) return false
  return isTemplate(block.text.text) || (topic !== 'actions' && isPrompt(block))
}

const isListed = (block: Block) =>
  block.kind === 'item' || block.kind === 'heading' || block.kind === 'row' || block.checked !== undefined

function headOf({ piece, several }: Context): Block[] {
  if (several || !piece.title) return []
  return [{ kind: 'heading', text: piece.title, level: 1, links: [], quote: 0 }]
}

const NO_TIMELINE: readonly (Topic | null)[] = [
  'actions',
  'references',
  'people',
  'agenda',
  'wentWell',
  'wentWrong',
  'lucky',
  'lessons',
  'facts',
]
const LEAST = 3

/** The timeline: what is called so, or else whatever part of the document goes from time to time. */
function timelineSteps(sections: readonly Section[]): Step[] {
  const named = sections.filter(({ topic }) => topic === 'timeline')
  const steps = named.flatMap(({ heading, blocks }) => [...headingNote(heading), ...readSteps(blocks)])
  const timed = steps.filter((step) => 'entry' in step && step.entry.time !== null).length
  if (timed > 0 && !onlyMoments(named)) return steps
  const stream: Block[] = []
  for (const { topic, heading, blocks } of sections) {
    if (
      NO_TIMELINE.includes(topic) ||
      topic === 'timeline' ||
      (heading && /\blogs?\b|transcript/i.test(heading.text.text))
    )
      continue
    // A title with a date begins no entry.
    if (heading && topic === null && heading.level > 1) stream.push(heading)
    else if (heading) stream.push({ ...heading, text: { text: '', runs: [] } })
    for (const block of blocks) stream.push(block)
  }
  const found = readSteps(stream.filter((block) => block.kind !== 'code')).filter(
    (step) => !('entry' in step) || step.entry.time !== null,
  )
  const clocks = found.filter(
    (step) =>
      'entry' in step && (step.entry.time!.start.hour !== null || step.entry.time!.start.day !== null),
  ).length
  if (clocks >= LEAST) return timed > 0 ? found : [...found]
  return steps
}

/** Only the moments of the incident, each once, with its name before its time: "Detected: 14:05". */
function onlyMoments(sections: readonly Section[]): boolean {
  const blocks = sections.flatMap(({ blocks }) => blocks)
  return (
    blocks.length > 0 &&
    blocks.every((block) => leadingTime(block.text.text) === null && block.kind === 'item')
  )
}

function headingNote(heading: Block | null): Step[] {
  if (!heading) return []
  const at = heading.text.text.search(/\d/)
  const time = at < 0 ? null : leadingTime(heading.text.text.slice(at))
  if (
    !time ||
    time.time.start.hour !== null ||
    (time.time.start.day === null && time.time.start.either === null)
  )
    return []
  const timeIn = cut(heading.text, at)
  return [{ note: { time: time.time, timeIn, zone: null } }]
}

/** What stands under the headings; the introduction is the summary where none is named. */
function sectionTexts(sections: readonly Section[], steps: readonly Step[]): ReadIncident['sections'] {
  const texts: ReadIncident['sections'] = {}
  const put = (kind: SectionKind, value: Found<string> | null) => {
    if (value && !texts[kind]) texts[kind] = value
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
      leadingTime(block.text.text) === null &&
      !/^(?:note|authors?|written by)\b.{0,80}$/i.test(block.text.text),
  )
  return textOf(told.slice(0, 6), 0.6)
}

/** The title: of the incident's own heading, of the document, of its first line. */
function titleOf(sections: readonly Section[], { piece, several, whole }: Context): Found<string> | null {
  const shared = piece.title ?? firstHeading(whole)
  if (several) {
    const own = ownTitle(sections, shared)
    if (own) return own
  }
  const heading = sections.find(
    ({ heading, topic, level }) =>
      heading !== null && topic === null && level <= 2 && !isOnlyTime(heading.text.text),
  )?.heading
  const first = sections.find(({ heading }) => heading !== null)
  if (heading && first?.heading === heading && (first.level === 1 || !piece.title))
    return found(heading.text, 0.95)
  if (piece.title) return found(piece.title, 0.9)
  const line =
    sections[0]?.topic === null
      ? sections[0].blocks.find(({ kind, text }) => kind === 'paragraph' && text.text.length <= 160)
      : undefined
  if (line && sections[0]!.blocks[0] === line) return found(line.text, 0.8)
  return heading && heading.level === 1 ? found(heading.text, 0.7) : null
}

/** "2020-11-17" and "10:30 UTC" name nothing. */
function isOnlyTime(text: string): boolean {
  const time = leadingTime(text)
  return time !== null && text.slice(time.rest).trim().length < 3
}

function firstHeading(sections: readonly Section[]): Placed | null {
  const line = sections[0]?.blocks.find(({ kind }) => kind === 'paragraph')
  return line && line.text.text.length <= 200 ? line.text : null
}

/** Of several incidents: the part of the title beside the ticket that this one's headings name. */
function ownTitle(sections: readonly Section[], shared: Placed | null): Found<string> | null {
  const plain = sections.find(({ heading, topic }) => heading !== null && topic === null)
  const named = sections.find(
    ({ heading }) => heading !== null && ticketsIn(heading.text, false).length > 0,
  )?.heading
  const ticket = named ? ticketsIn(named.text, false)[0]!.value : null
  if (ticket && shared) {
    const tickets = ticketsIn(shared, false)
    const at = tickets.findIndex(({ value }) => value === ticket)
    if (at >= 0 && tickets.length > 1) {
      const places = tickets.map(({ value }) => shared.text.indexOf(value))
      const leads = places[0]! < 3
      const from = leads ? places[at]! : at === 0 ? 0 : places[at - 1]! + tickets[at - 1]!.value.length
      const to = leads ? (places[at + 1] ?? shared.text.length) : places[at]! + ticket.length
      return found(trimSigns(cut(shared, from, to)), 0.8)
    }
  }
  const first = sections.find(({ heading }) => heading !== null)
  return plain?.heading && plain === first ? found(plain.heading.text, 0.9) : null
}

function trimSigns(placed: Placed): Placed {
  const { text } = placed
  const lead = /^[\s|:;,–—-]*/.exec(text)![0].length
  return trim(cut(placed, lead, text.replace(/[\s|:;,–—-]*$/, '').length))
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

function dropDoubles(actions: readonly ReadAction[]): ReadAction[] {
  const seen = new Set<string>()
  return actions.filter(({ text }) => {
    const key = `${text.span.from}-${text.value.toLowerCase()}`
    return !seen.has(key) && seen.add(key)
  })
}

/** Whether the sections say anything of an incident. */
export function saysSomething({ timeline, sections, actions, wentWell, wentWrong }: ReadIncident): boolean {
  return (
    timeline.length + actions.length + wentWell.length + wentWrong.length > 0 ||
    Object.keys(sections).length > 0
  )
}
