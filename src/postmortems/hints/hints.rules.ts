import { SECTIONS, type SectionName, splitSections } from '../sections.rules.ts'
import { CAUSE, type HintKind, MACHINES, PEOPLE, SAID, WORDS_TOO } from './hint-words.rules.ts'

/** A place in a text that reads as blame, why, and what to write instead. */
export interface Hint {
  kind: HintKind
  /** UTF-16 units in the text, `to` being the first after it. */
  from: number
  to: number
  /** Counted from 1. */
  line: number
  section: string | null
  text: string
  why: string
  instead: string
}

/** Who is known by name, and what bears such a name without being a person. */
export interface KnownNames {
  people: readonly { name: string; id?: string }[]
  things?: readonly string[]
}

/** A record of who did what when, and of who will: names and wishes belong there. */
const LEFT_ALONE: readonly SectionName[] = ['Timeline', 'Actions']
/** Every sentence in these says why. */
const CAUSES: readonly SectionName[] = ['Trigger', 'Root cause', 'Contributing factors', 'What went wrong']
/** To name who helped is praise, not blame. */
const NAMES_WELCOME: readonly SectionName[] = ['What went well', 'Resolution']

const nameOf = (title: string) => SECTIONS.find((name) => name.toLowerCase() === title.toLowerCase())

/**
 * Points at what reads as blame: names in statements of cause, and sentences that tell what did not happen. What is
 * quoted and what is code is left alone; and so is a machine that did not do what it was made for.
 */
export function findHints(body: string, known: KnownNames): Hint[] {
  const masked = maskQuoted(body)
  const names = namePattern(known)
  const hints: (Hit & { section: string | null })[] = []
  for (const part of partsOf(body)) {
    const section = part.title === null ? undefined : nameOf(part.title)
    if (section !== undefined && LEFT_ALONE.includes(section)) continue
    for (const sentence of sentencesOf(masked, part.from, part.to)) {
      const text = masked.slice(sentence.from, sentence.to)
      const found = [
        ...phraseHits(text, section, names),
        ...(namesCount(text, section) ? nameHits(text, names) : []),
      ]
      for (const { kind, from, to } of found)
        hints.push({ kind, from: sentence.from + from, to: sentence.from + to, section: part.title })
    }
  }
  return withoutOverlaps(hints)
    .slice(0, MOST)
    .map(({ kind, from, to, section }) => ({
      ...{ kind, from, to, section },
      line: body.slice(0, from).split('\n').length,
      text: body.slice(from, to),
      ...SAID[kind],
    }))
}

interface Hit {
  kind: HintKind
  from: number
  to: number
}

function withoutOverlaps<H extends Hit>(hints: readonly H[]): H[] {
  const kept: H[] = []
  for (const hint of hints.toSorted((a, b) => a.from - b.from || b.to - a.to))
    if (hint.from >= (kept.at(-1)?.to ?? 0)) kept.push(hint)
  return kept
}

/** What comes before the first heading, and each section, as places in the text. */
function partsOf(body: string): { title: string | null; from: number; to: number }[] {
  const starts = [0]
  for (const match of body.matchAll(/\n/g)) starts.push(match.index + 1)
  const sections = splitSections(body)
  const edges = [...sections.map(({ line }) => starts[line] ?? body.length), body.length]
  return [
    { title: null, from: 0, to: edges[0]! },
    ...sections.map(({ title, line }, i) => ({
      title,
      from: Math.min(starts[line + 1] ?? body.length, body.length),
      to: edges[i + 1]!,
    })),
  ]
}

const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ')

/** The text with everything blanked that are not the author's own words; places stay what they were. */
export function maskQuoted(body: string): string {
  return body
    .replaceAll(
      /^ {0,3}(`{3,}|~{3,})(?![`~])[^\n]*\n[\s\S]*?(?:\n {0,3}\1[`~]*[ \t]*(?=\n|$)|$(?![\s\S]))/gm,
      blank,
    )
    .replaceAll(/<!--[\s\S]*?(?:-->|$(?![\s\S]))/g, blank)
    .replaceAll(/^[ \t]*>.*$/gm, blank)
    .replaceAll(/^ {0,3}#{1,6}[ \t].*$/gm, blank)
    .replaceAll(/_Not yet written:.*$/gm, blank)
    .replaceAll(/(?<!`)(`{1,4})(?!`)[^\n]{1,300}?(?<!`)\1(?!`)/g, blank)
    .replaceAll(/"[^"\n]{1,400}"|“[^”\n]{1,400}”|«[^»\n]{1,400}»/g, blank)
    .replaceAll(/\]\([^)\n]{0,300}\)/g, blank)
    .replaceAll(/\bhttps?:\/\/\S+/g, blank)
}

function sentencesOf(text: string, from: number, to: number): { from: number; to: number }[] {
  const sentences: { from: number; to: number }[] = []
  const edge = /[.!?]+(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)]|\|)[ \t])/g
  let start = from
  for (const match of text.slice(from, to).matchAll(edge)) {
    const end = from + match.index + match[0].length
    sentences.push({ from: start, to: end })
    start = end
  }
  sentences.push({ from: start, to })
  return sentences.filter((one) => text.slice(one.from, one.to).trim() !== '')
}

const edgeBefore = String.raw`(?<![\p{L}\p{N}_])`
const edgeAfter = String.raw`(?![\p{L}\p{N}_])`
const literally = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Every way in which the people are named; null where nobody is known. */
function namePattern({ people, things = [] }: KnownNames): string | null {
  const taken = new Set(things.map((thing) => thing.toLowerCase()))
  const forms = new Set<string>()
  for (const { name, id } of people) {
    const words = name.trim().split(/\s+/)
    if (words.length > 1) forms.add(name.trim())
    for (const word of new Set([words[0]!, words.at(-1)!]))
      if (/^\p{Lu}\p{L}+/u.test(word) && (words.length === 1 || !WORDS_TOO.has(word))) forms.add(word)
    if (id) forms.add(`@${id}`)
  }
  const all = [...forms].filter((form) => !taken.has(form.toLowerCase()))
  if (all.length === 0) return null
  return `(?:${all
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map(literally)
    .join('|')})`
}

function namesCount(sentence: string, section: SectionName | undefined): boolean {
  if (section !== undefined && CAUSES.includes(section)) return true
  return (section === undefined || !NAMES_WELCOME.includes(section)) && CAUSE.test(sentence)
}

function nameHits(text: string, names: string | null): Hit[] {
  if (names === null) return []
  const found = text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_.-])${names}${edgeAfter}`, 'gu'))
  return [...found].map((match) => ({
    kind: 'name',
    from: match.index,
    to: match.index + match[0].length,
  }))
}

/** How far around a phrase its sentence is looked at: a text of one endless sentence must not take endless time. */
const CONTEXT = 300
/** More than anybody would read at once. */
const MOST = 200

/** Where one thought ends and the next begins. */
const CLAUSE =
  /[,;:()—–]|\b(?:and|but|because|so|that|when|while|as|if|although|since|until|before|after)\b/gi

/** What does it: the words before, back to where the clause begins. */
function subjectOf(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - CONTEXT), at)
  const last = [...before.matchAll(CLAUSE)].at(-1)
  const subject = last ? before.slice(last.index + last[0].length) : before
  return subject.trim() === '' ? before : subject
}

const PERSON = new RegExp(`${edgeBefore}${PEOPLE}${edgeAfter}`, 'iu')
const MACHINE = new RegExp(`${edgeBefore}${MACHINES}${edgeAfter}`, 'iu')
const NOBODY = /\b(?:nobody|no[ -]one|none)\s*$/i

type Judge = (hit: {
  subject: string
  after: string
  person: boolean
  section?: SectionName | undefined
}) => boolean

/** In the passive somebody is hidden, unless it is said that a machine does it. */
const byMachine = (after: string) =>
  /^[^.;,]*\bautomatically\b/i.test(after) ||
  new RegExp(`^[^.;,]*\\bby (?:(?:the|a|an|its|our) )?(?:[\\w-]+ )?${MACHINES}${edgeAfter}`, 'iu').test(after)
const byPerson = (after: string) =>
  new RegExp(`^[^.;,]*\\bby (?:(?:the|a|an|our) )?(?:[\\w-]+ )?${PEOPLE}${edgeAfter}`, 'iu').test(after)
const isPassive = (after: string) => /^\s+(?:\w+ly )?been\b/i.test(after)
const AVOIDED =
  /^\s+been (?:\w+ly )?(?:avoided|prevented|caught|detected|noticed|found|seen|fixed|mitigated|resolved)\b/i
const OMITTED =
  /^\s+(?:notice|check|follow|test|verify|communicate|escalate|document|update|read|act|respond|react|review|recogni[sz]e|reali[sz]e|understand|tell|inform)\b/i

const PHRASES: readonly { kind: HintKind; pattern: RegExp; judge: Judge }[] = [
  {
    kind: 'should-have',
    pattern:
      /\b(?:should(?:n't| not| never| also| already| at least)? have|should(?:n't)?'ve|ought (?:not )?to have)\b/gi,
    // What a machine was made for is not blame: "should have been drained automatically" tells of a promise that it broke.
    judge: ({ subject, after, person }) => {
      if (isPassive(after)) return byPerson(after) || !byMachine(after)
      return person || !MACHINE.test(subject)
    },
  },
  {
    kind: 'could-have',
    pattern: /\b(?:could|might)(?:n't| not| also)? have\b|\bcould've\b/gi,
    // What might have come is the very point where we tell of luck.
    judge: ({ subject, after, person, section }) =>
      section !== 'Where we got lucky' &&
      !NOBODY.test(subject) &&
      (isPassive(after) ? AVOIDED.test(after) : person),
  },
  { kind: 'failed-to', pattern: /\bfail(?:ed|s|ing)? to\b/gi, judge: ({ person }) => person },
  {
    kind: 'failed-to',
    pattern: /\bfailure to\b/gi,
    judge: ({ subject, after }) => OMITTED.test(after) && !MACHINE.test(subject),
  },
  { kind: 'if-only', pattern: /\bif only\b/gi, judge: () => true },
  {
    kind: 'blame',
    pattern:
      /\b(?:(?:human|operator|user|pilot) errors?|careless(?:ly|ness)?|negligen(?:t|tly|ce)|slopp(?:y|ily|iness)|laz(?:y|ily|iness)|incompeten(?:t|ce)|stupid(?:ly|ity)?|idiot(?:s|ic)?|inattenti(?:ve|on)|complacen(?:t|cy)|reckless(?:ly|ness)?|forgot(?:ten)? to|neglected to|(?:is|are|was|were) to blame|blamed? (?:on|for))\b/gi,
    judge: () => true,
  },
  {
    kind: 'blame',
    pattern:
      /\b(?:violated|ignored|disregarded|(?:did not|didn't) follow) (?:the |our |a )?(?:procedures?|process|polic(?:y|ies)|runbooks?|instructions?|checklists?|rules?|warnings?)\b/gi,
    judge: ({ person, subject }) => person || !MACHINE.test(subject),
  },
  {
    kind: 'blame',
    pattern: /\b(?:mistakenly|by mistake|(?:did not|didn't) (?:bother|care|think|pay attention))\b/gi,
    judge: ({ person }) => person,
  },
  { kind: 'hindsight', pattern: /\b(?:obvious(?:ly)?|(?:in|with) hindsight)\b/gi, judge: () => true },
]

function phraseHits(text: string, section: SectionName | undefined, names: string | null): Hit[] {
  const named = names === null ? null : new RegExp(`${edgeBefore}${names}${edgeAfter}`, 'u')
  const hits: Hit[] = []
  for (const { kind, pattern, judge } of PHRASES)
    for (const match of text.matchAll(pattern)) {
      const subject = subjectOf(text, match.index)
      const end = match.index + match[0].length
      const after = text.slice(end, end + CONTEXT)
      const person = PERSON.test(subject) || named?.test(subject) === true
      if (judge({ subject, after, person, section })) hits.push({ kind, from: match.index, to: end })
    }
  return [...hits, ...wishes(text, names)]
}

/** "Had we known …, it would …" and "if the operator had looked …". */
function wishes(text: string, names: string | null): Hit[] {
  const who = `(?:(?:the|an?|our) (?:[\\w-]+ )?)?(?:${PEOPLE}${names === null ? '' : `|${names}`})`
  const patterns = [
    new RegExp(`${edgeBefore}had ${who}${edgeAfter}(?=[^.!?]{0,300}\\b(?:would|could|might)\\b)`, 'giu'),
    new RegExp(`${edgeBefore}if ${who}${edgeAfter} (?:had|would have)(?!\\s+to)${edgeAfter}`, 'giu'),
  ]
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      kind: 'if-only' as const,
      from: match.index,
      to: match.index + match[0].length,
    })),
  )
}
