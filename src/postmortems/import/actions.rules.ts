import type { Block } from './block.ts'
import {
  entryText,
  isIntroductory,
  type ListEntry,
  listEntries,
  placeOf,
  withoutLead,
} from './lists.rules.ts'
import { cut, oneLine, type Placed, spanOf, trim } from './placed-text.ts'
import type { Found, ReadAction, ReadStatus } from './reading.ts'
import { ticketsIn } from './references.rules.ts'
import { readTimeAt } from './time/read-time.ts'
import { found, isLeftIn, isTemplate, said, sentencesOf } from './values.ts'

const WORDS: Record<ReadStatus, string> = {
  done: 'done|completed?|closed|fixed|resolved|finished|implemented|merged|deployed|shipped|released|delivered|live|erledigt|fait|terminé',
  in_progress:
    'in[ _-]?progress|wip|work in progress|ongoing|on-going|doing|started|under ?way|in review|in development|in work|active|partially done|partial|being worked on|en cours|in arbeit',
  open: 'open|to ?-?do|not started|planned|pending|proposed|new|backlog|accepted|scheduled|unassigned|blocked|deferred|on hold|not done|offen|à faire',
}
const STATUS_WORD = (Object.entries(WORDS) as [ReadStatus, string][]).map(
  ([status, words]) => [status, new RegExp(`^(?:${words})$`, 'i')] as const,
)
const ANY = `(?:${Object.values(WORDS).join('|')})`
const LEAD = new RegExp(
  `^[\\s*_~]*(?:[[(]\\s*(${ANY})\\s*[\\])]\\s*[:–—-]?|(${ANY})\\s*[:–—]|(${ANY})\\s+-)\\s*`,
  'i',
)
const TAIL = new RegExp(
  `\\s*(?:[[(]\\s*(?:status:?\\s*)?(${ANY})\\s*[\\])]|[-–—|]\\s*(?:status:?\\s*)?(${ANY})|status:\\s*(${ANY}))[\\s.]*$`,
  'i',
)
/** Facts in brackets at the end: "(in progress, owner: Ada, due: 1 May)". */
const FACTS = new RegExp(
  `\\s*[(]((?:${ANY}|owner: [^(),]{1,60}|due: [^(),]{1,40})(?:, (?:owner: [^(),]{1,60}|due: [^(),]{1,40})){0,3})[)]\\s*$`,
  'i',
)
const MARKS: readonly (readonly [ReadStatus, RegExp])[] = [
  ['done', /^(?:✅|✔️?|☑️?|✓|🎉|:white_check_mark:|:heavy_check_mark:|:check:|\[x\])\s*/iu],
  ['in_progress', /^(?:🚧|⏳|🔄|🏗️?|🟡|:construction:|:hourglass\w*:|\[~\]|\[-\])\s*/iu],
  ['open', /^(?:❌|⬜|◻️?|☐|🔲|📝|🔴|:x:|:white_large_square:|\[ \]|\[\])\s*/iu],
]
const OWNER =
  /\b(?:(?:owner|assignee|responsible|dri|who|lead)s?\s*[:=]|owned by|assigned to|(?:done|taken) by)\s*\**\s*(@?[\p{L}][\p{L}\p{N}_.'@-]{0,40}(?: [\p{Lu}][\p{L}'-]{1,30}){0,2})/iu
const OWNER_AT_END =
  /[[(]\s*(@[\p{L}\p{N}_.-]{2,40}|[\p{Lu}][\p{L}'-]{1,20}(?: [\p{Lu}][\p{L}'-]{1,20}){1,2})\s*[\])]\s*\.?\s*$/u
const HANDLE = /(?:^|[\s(,[])(@[\p{L}][\p{L}\p{N}_.-]{1,38})/u
const DUE = /\b(?:due(?: (?:date|by|on))?|by|deadline|eta|until|target(?: date)?|before)\s*[:=]?\s*/gi
const QUARTER =
  /^(?:Q[1-4](?: ?\d{4})?|end of (?:the )?(?:week|month|quarter|year|Q[1-4])|next (?:week|month|quarter|sprint))\b/i

/** The actions of a section; `taken` where its heading says that they were taken. */
export function readActions(blocks: readonly Block[], taken: boolean): ReadAction[] {
  const actions: ReadAction[] = []
  const rows = readRows(blocks.filter(({ kind }) => kind === 'row'))
  const firstRow = blocks.findIndex(({ kind }) => kind === 'row')
  const rowsFirst = !blocks.slice(0, Math.max(firstRow, 0)).some(({ kind }) => kind === 'item')
  if (rowsFirst) for (const action of rows) actions.push(action)
  const others = blocks.filter(({ kind }) => kind !== 'row')
  const items = others.some(({ kind }) => kind === 'item')
  for (const run of byHeading(others)) {
    const listed = run.some(({ kind }) => kind === 'item')
    const marked = run.some(isMarked)
    if (listed) {
      for (const entry of listEntries(run)) push(actions, readAction(entry, 0.92, taken))
      for (const block of run)
        if (block.kind === 'paragraph' && block.level === 0) {
          if (isMarked(block)) push(actions, readAction({ block, parts: [] }, 0.8, taken))
          else pushProse(actions, block, true)
        }
    } else
      for (const block of run) {
        if (block.kind !== 'paragraph' && block.kind !== 'definition') continue
        if (isIntroduction(block, items) || (isIntroductory(block) && !isMarked(block))) continue
        // Beside lists a paragraph is an action only when it says so, or stands among such.
        if (
          items &&
          !marked &&
          !isOrder(block.text.text) &&
          !INTENT.test(block.text.text) &&
          !UNDER_WAY.test(block.text.text)
        )
          continue
        if (isProse(block)) pushProse(actions, block, false)
        else push(actions, readAction({ block, parts: [] }, items ? 0.6 : 0.75, taken))
      }
  }
  if (!rowsFirst) for (const action of rows) actions.push(action)
  return actions
}

/** Each run of blocks below one heading. */
function byHeading(blocks: readonly Block[]): Block[][] {
  const runs: Block[][] = [[]]
  for (const block of blocks) {
    if (block.kind === 'heading') runs.push([])
    else runs.at(-1)!.push(block)
  }
  return runs.filter((run) => run.length > 0)
}

function push(actions: ReadAction[], action: ReadAction | null): void {
  if (action) actions.push(action)
}

const isIntroduction = (block: Block, items: boolean) =>
  (/[:：]\s*$/.test(block.text.text) && !LEAD.test(block.text.text)) ||
  (items && block.text.text.length < 25) ||
  block.text.text.split(/\s+/).length < 2

/** Its beginning says in what state it is. */
const isMarked = ({ text, checked }: Block) =>
  LEAD.test(text.text) || checked !== undefined || MARKS.some(([, mark]) => mark.test(text.text))

/** Several sentences, none of which is an order, are a narrative with actions somewhere in it. */
function isProse(block: Block): boolean {
  const { text } = block.text
  if (isMarked(block)) return false
  const sentences = sentencesOf(block.text)
  if (sentences.length < 2 || isOrder(sentences[0]!.text)) return false
  return (
    text.length > 260 ||
    sentences.some((sentence) => INTENT.test(sentence.text) || UNDER_WAY.test(sentence.text))
  )
}

const VERBS =
  'add|adopt|adjust|allow|alert|analy[sz]e|archive|assess|audit|automate|avoid|backport|block|build|change|check|clarify|clean|close|collect|communicate|configure|consider|consolidate|contact|continue|convert|create|decide|decommission|define|deploy|deprecate|detect|determine|develop|disable|discuss|document|drop|educate|enable|encourage|enforce|engage|ensure|establish|evaluate|expand|experiment|explore|extend|figure|file|find|finish|fix|follow|formali[sz]e|get|give|harden|hold|identify|implement|improve|include|increase|inform|install|instrument|integrate|introduce|investigate|isolate|keep|limit|link|look|lower|maintain|make|measure|merge|migrate|modify|monitor|move|notify|open|optimi[sz]e|order|patch|perform|pin|plan|practice|prepare|prevent|prioriti[sz]e|propose|provide|publish|purge|raise|rebuild|reconfigure|reduce|refactor|refine|release|remove|rename|repair|replace|report|request|require|research|restore|restrict|review|revise|revisit|rewrite|rotate|run|schedule|send|separate|set|share|simplify|split|standardi[sz]e|start|stop|store|streamline|strengthen|switch|test|track|train|trigger|try|tune|turn|update|upgrade|use|validate|verify|work|write'
const ORDER = new RegExp(
  `^(?:please |also |first,? |then |finally,? |perhaps |maybe |possibly )?(?:re-?)?(?:${VERBS})(?:ing)?\\b`,
  'i',
)
const isOrder = (text: string) => ORDER.test(text.replace(/^[^\p{L}]+/u, ''))
const WE =
  "(?:we|I|our (?:\\w+ )?team|the (?:\\w+ ){0,2}team|engineering|operations|they)(?:['’](?:re|ll|ve|m))?"
// Where a clause begins: "difficulties that we need to address" is none.
const CLAUSE =
  '(?:^|[,;:.)]\\s+|\\b(?:so|and|but|then|therefore|while|time|end|future|result|addition|also|finally)[,]?\\s+)'
const UNDER_WAY = new RegExp(
  `${CLAUSE}${WE}\\s+(?:(?:are|am|is|have been)\\s+)?(?:(?:currently|also|now|already|actively|continuously|still|in the (?:\\w+ ){0,3}(?:stages?|process|middle) of)\\s+)*(?:\\w+ing\\b|have (?:already )?(?:started|begun)|has (?:already )?(?:started|begun)|in the (?:\\w+ ){0,4}(?:stages?|process|middle) of)`,
  'i',
)
const PROGRESSIVE = new RegExp(
  `\\b${WE}(?:\\s+(?:are|am|is|have been))?(?:\\s+(?:currently|also|now|already|actively|still))*\\s+(?!having\\b|being\\b|using\\b|seeing\\b|relying\\b|sorry\\b|talking\\b|looking at a\\b)\\w{3,}ing\\b`,
  'i',
)
const STATING =
  /\b(?:are|am|is|'re|’re|'m|’m|have (?:already )?(?:started|begun)|has (?:already )?(?:started|begun)|have been)\b|['’](?:re|m)\b/i
const INTENT = new RegExp(
  `${CLAUSE}${WE}\\s+(?:(?:also|now|then|therefore)\\s+)?(?:will|shall|plan to|intend to|aim to|are going to|need to|must|should|want to|propose to|would like to|have to|hope to|have decided to)\\s+(?!be able|not\\b|see\\b|continue to see|expect)`,
  'i',
)
const NO_ACTION =
  /\b(?:will be (?:more|a lot|much)|would have|should have|could have|had been|were|was not|lucky|apologi[sz]e|sorry|you can expect|customers can expect|if you)\b/i

/** Sentences of a narrative that say what is being done or will be done. */
function pushProse(actions: ReadAction[], block: Block, beside: boolean): void {
  for (const sentence of sentencesOf(block.text)) {
    const { text } = sentence
    if (text.length < 20 || /[:：?]\s*$/.test(text)) continue
    const underWay = UNDER_WAY.test(text) && STATING.test(text) && PROGRESSIVE.test(text.slice(0, 260))
    const started = /\b(?:have|has)(?: already)? (?:started|begun)\b/i.test(text) && UNDER_WAY.test(text)
    const stage =
      /\bin the (?:\w+ ){0,4}(?:stages?|process) of (?!doing\b)\w+ing/i.test(text) &&
      !/\b(?:was|were)\b/i.test(text)
    const intent = !beside && INTENT.test(text) && !NO_ACTION.test(text)
    if (
      (!underWay && !started && !stage && !intent) ||
      (NO_ACTION.test(text) && !underWay && !started && !stage)
    )
      continue
    if (
      underWay &&
      !started &&
      !stage &&
      /\b(?:were|was|had|due to)\b.{0,20}\bwhich\b|\bare aware\b/i.test(text)
    )
      continue
    const action = readAction(
      { block: { ...block, text: sentence, links: [], bold: 0 }, parts: [] },
      0.55,
      false,
    )
    if (!action) continue
    if ((underWay || started || stage) && (action.status?.confidence ?? 0) < 0.85)
      action.status = said('in_progress', action.text.span, 0.6)
    actions.push(action)
  }
}

/** One action out of an item or paragraph: its text without its marks, and what the marks say. */
function readAction(entry: ListEntry, confidence: number, taken: boolean): ReadAction | null {
  const { block, parts } = entry
  let text = block.text
  let status: Found<ReadStatus> | null = null
  if (block.checked !== undefined) status = said(block.checked ? 'done' : 'open', spanOf(text), 0.95)
  // Struck out: done, or given up when its box says that it is not done.
  if (block.struck) status = block.checked === false ? null : said('done', spanOf(text), 0.8)
  for (const [value, mark] of MARKS) {
    const marked = withoutLead(text, mark)
    if (marked) {
      status = said(value, spanOf(marked.lead), 0.95)
      text = marked.text
    }
  }
  const lead = LEAD.exec(text.text)
  if (lead) {
    const word = lead[1] ?? lead[2] ?? lead[3]!
    status = said(statusOf(word)!, placeOf(text, lead[0].indexOf(word), word.length), 0.95)
    text = trim(cut(text, lead[0].length))
  }
  let owner: Found<string> | null = null
  let due: Found<string> | null = null
  const facts = FACTS.exec(text.text.slice(-200))
  if (facts) {
    const from = Math.max(0, text.text.length - 200) + facts.index
    for (const m of facts[1]!.matchAll(/\s*(?:(owner|due): )?([^,]+)/gi)) {
      const at = text.text.indexOf(facts[1]!, from) + m.index + m[0].length - m[2]!.length
      const value = found(cut(text, at, at + m[2]!.length), 0.9)
      if (/^owner$/i.test(m[1] ?? '')) owner = value
      else if (/^due$/i.test(m[1] ?? '')) due = value
      else if (value && statusOf(value.value)) status ??= { ...value, value: statusOf(value.value)! }
    }
    text = trim(cut(text, 0, from))
  }
  const tail = TAIL.exec(text.text.slice(-120))
  if (tail) {
    const word = tail[1] ?? tail[2] ?? tail[3]!
    const at = Math.max(0, text.text.length - 120) + tail.index
    status ??= said(statusOf(word)!, placeOf(text, text.text.indexOf(word, at), word.length), 0.9)
    text = trim(cut(text, 0, at))
  }
  if (
    isLeftIn({ text, finished: block.finished }) ||
    !/\p{L}{2}/u.test(text.text) ||
    oneLine(text.text).split(' ').length < 2
  )
    return null
  const value = entryText({ block: { ...block, text }, parts }, confidence)
  if (!value) return null
  const whole = [text, ...parts.map((part) => part.text)]
  status = replied(block) ?? status ?? statusSaid(text, taken)
  return {
    text: value,
    status,
    owner: owner ?? first(whole, ownerIn),
    due: due ?? first(whole, dueIn),
    tickets: whole.flatMap((part) => ticketsIn(part, true)),
  }
}

function first<T>(texts: readonly Placed[], read: (text: Placed) => T | null): T | null {
  for (const text of texts) {
    const value = read(text)
    if (value !== null) return value
  }
  return null
}

function statusOf(word: string): ReadStatus | null {
  const plain = word.trim().replace(/[.!]$/, '')
  return STATUS_WORD.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}

const DONE_SAID =
  /\b(?:is|are|was|were|been|has been|have been|got|now|already|part is|consider(?:ed)?(?: this)?)\s+(?:\w+ly )?(?:done|fixed|closed|completed?|deployed|merged|implemented|in place|resolved|finished|shipped|live)\b|^(?:done|fixed|closed|completed?|merged|deployed|resolved)\b|[,;–-]\s*(?:done|fixed|closed|completed|merged|deployed)[.!]?$/i
const WORKING_SAID =
  /\b(?:I am|I'm|we are|we're|I’m|we’re|I will|I'll)\s+(?:currently |now |already |going to )?(?:work\w*|investigat\w*|look\w*|fix\w*|tak\w*|check\w*|writ\w*|test\w*|implement\w*)\b|\b(?:in progress|under way|work has started|looking into|working on|started)\b/i
const DENIED = /\b(?:not|n't|never|isn't|nobody|no one|still needs?|yet to|todo)\b/i

/** What replies say of the action that they follow. The last one that says something counts. */
function replied(block: Block): Found<ReadStatus> | null {
  let status: Found<ReadStatus> | null = null
  for (const reply of block.replies ?? [])
    for (const sentence of sentencesOf(reply)) {
      const { text } = sentence
      if (/\bnot (?:yet )?(?:done|fixed|closed|started|deployed|finished)\b/i.test(text))
        status = said('open', spanOf(sentence), 0.8)
      else if (DONE_SAID.test(text)) status = said(DENIED.test(text) ? 'open' : 'done', spanOf(sentence), 0.8)
      else if (WORKING_SAID.test(text) && !DENIED.test(text))
        status = said('in_progress', spanOf(sentence), 0.7)
    }
  return status
}

/** The status that its wording tells: "has been tested", "we are adding". */
function statusSaid(text: Placed, taken: boolean): Found<ReadStatus> | null {
  const line = text.text.slice(0, 400)
  const sentence = sentencesOf(cut(text, 0, 400))[0] ?? text
  const span = spanOf(sentence)
  if (/\b(?:has|have) been \w+(?:ed|t)\b/i.test(line) && /\bwill (?:be|follow)\b/i.test(line))
    return said('in_progress', span, 0.6)
  if (PROGRESSIVE.test(line.slice(0, 160)) && STATING.test(line)) return said('in_progress', span, 0.65)
  const past =
    /^(?:we |I |have |has |already |immediately,? )*(?:\p{L}+(?:ed|lt|nt)|sent|made|built|wrote|took|began|brought|found|gave|held|ran) (?!to be\b)/iu.test(
      line.replace(/^[^\p{L}]+/u, ''),
    )
  const passive =
    /\b(?:was|were|has been|have been|had been|now acts?|now works?|is now|are now|now)\b/i.test(
      sentence.text,
    )
  if (past && !isOrder(line)) return said('done', span, taken ? 0.7 : 0.55)
  if (taken && passive) return said('done', span, 0.65)
  return null
}

function ownerIn(text: Placed): Found<string> | null {
  for (const [pattern, confidence] of [
    [OWNER, 0.9],
    [OWNER_AT_END, 0.75],
    [HANDLE, 0.6],
  ] as const) {
    const m = pattern.exec(text.text)
    if (m)
      return said(
        m[1]!.replace(/[.,;]$/, ''),
        placeOf(text, m.index + m[0].lastIndexOf(m[1]!), m[1]!.replace(/[.,;]$/, '').length),
        confidence,
      )
  }
  return null
}

function dueIn(text: Placed): Found<string> | null {
  for (const m of text.text.matchAll(DUE)) {
    const at = m.index + m[0].length
    const quarter = QUARTER.exec(text.text.slice(at, at + 40))
    if (quarter) return said(quarter[0], placeOf(text, at, quarter[0].length), 0.7)
    const time = readTimeAt(text.text, at)
    if (time && (time.start.day !== null || time.start.either !== null || time.start.month !== null))
      return found(cut(text, time.startFrom, time.startTo), 0.8)
  }
  return null
}

/** A state in capitals, in whatever column. */
const SHOUTED = /\b(?:DONE|TODO|FIXED|CLOSED|COMPLETED?|OPEN|WIP|IN PROGRESS)\b/

const COLUMNS = {
  text: /\b(?:actions?|items?|tasks?|descriptions?|what|follow[- ]?ups?|todo|summary|improvement|measure|recommendation|title|next steps?)\b/i,
  status: /\b(?:status|state|done|progress)\b/i,
  owner: /\b(?:owner|assignee|who|responsible|dri|assigned)\b/i,
  due: /\b(?:due|deadline|eta|when|target|date)\b/i,
  ticket: /\b(?:tickets?|issues?|bugs?|jira|links?|tracking|reference|id|pr)\b/i,
}

function readRows(rows: readonly Block[]): ReadAction[] {
  const head = rows[0]
  if (!head) return []
  const named =
    head.header ||
    (head.cells ?? []).some(({ text }) => COLUMNS.status.test(text) || COLUMNS.owner.test(text))
  const at: Partial<Record<keyof typeof COLUMNS, number>> = {}
  if (named)
    for (const key of ['status', 'owner', 'due', 'text', 'ticket'] as const) {
      const index = (head.cells ?? []).findIndex(
        ({ text }, i) => COLUMNS[key].test(text) && !Object.values(at).includes(i),
      )
      if (index >= 0) at[key] = index
    }
  return rows.slice(named ? 1 : 0).flatMap((row) => {
    const cells = row.cells ?? []
    const longest = cells.reduce(
      (best, cell, i) => (cell.text.length > (cells[best]?.text.length ?? 0) ? i : best),
      0,
    )
    const text = cells[at.text ?? longest] ?? cells[longest]
    if (!text) return []
    const action = readAction({ block: { ...row, kind: 'paragraph', text }, parts: [] }, 0.9, false)
    if (!action) return []
    const cell = (key: keyof typeof COLUMNS) => (at[key] === undefined ? undefined : cells[at[key]])
    const state = cell('status') ?? cells.find((one) => one !== text && SHOUTED.test(one.text))
    if (state) {
      const value =
        statusOf(state.text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')) ??
        statusOf(SHOUTED.exec(state.text)?.[0] ?? '') ??
        MARKS.find(([, mark]) => mark.test(state.text))?.[0]
      if (value) action.status = said(value, spanOf(state), 0.95)
    }
    const owner = cell('owner')
    if (owner && !isTemplate(owner.text)) action.owner = found(owner, 0.95)
    const due = cell('due')
    if (due && !isTemplate(due.text)) action.due = found(due, 0.9)
    const ticket = cell('ticket')
    if (ticket) action.tickets.push(...ticketsIn(ticket, true))
    return [action]
  })
}
