import type { DetectedBy } from '../../contract/learning.ts'
import { PROMPT, type SectionName, splitSections } from '../sections.rules.ts'
import {
  CLASS_PATTERNS,
  DENIED,
  DETECTION_PATTERNS,
  FACTOR_PATTERNS,
  type Patterns,
  TRIGGER_PATTERNS,
} from './patterns.rules.ts'
import type { Mark } from './record.ts'

/** A text by its parts; a part that nobody wrote is empty. */
export interface Parts {
  title: string
  section(name: SectionName): string
  /** Written without the usual headings. */
  rest: string
}

const PROMPTS = new RegExp(`${PROMPT}[^\\n]*`, 'g')

// Whoever writes more than this in one section has said what it is about before.
const LONGEST = 20_000

/** The parts of a post-mortem. */
export function partsOf(title: string, body: string): Parts {
  const sections = new Map(
    splitSections(body).map((one) => [
      one.title.toLowerCase(),
      one.body.replaceAll(PROMPTS, '').trim().slice(0, LONGEST),
    ]),
  )
  const firstHeading = /^ {0,3}##[ \t]/m.exec(body)?.index ?? body.length
  return {
    title,
    section: (name) => sections.get(name.toLowerCase()) ?? '',
    rest: body.slice(0, Math.min(firstHeading, LONGEST)).replaceAll(PROMPTS, '').trim(),
  }
}

type Weighed = readonly [text: string, weight: number][]

interface Likely<Id extends string> {
  id: Id
  score: number
  because: string
}

// Each different wording counts once: a word that is repeated says no more than one that is said.
function weigh<Id extends string>(patterns: Patterns<Id>, texts: Weighed): Likely<Id>[] {
  const found: Likely<Id>[] = []
  for (const [id, pattern] of Object.entries(patterns) as [Id, RegExp][]) {
    let score = 0
    const said = new Set<string>()
    for (const [text, weight] of texts)
      for (const match of text.matchAll(pattern)) {
        const words = match[0].replaceAll(/\s+/g, ' ').toLowerCase()
        if (said.has(words) || DENIED.test(text.slice(Math.max(0, match.index - 30), match.index))) continue
        said.add(words)
        score += weight
      }
    if (score > 0) found.push({ id, score, because: [...said].slice(0, 3).join(', ') })
  }
  return found.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}

const MOST_CLASSES = 3
const MOST_FACTORS = 6
/** A class must be said with more weight than one word somewhere. */
const ENOUGH = 2

/** What a text is about, with the words that say so; nothing where it does not say. */
export function deriveMarks({ title, section, rest }: Parts): Mark[] {
  const factors = section('Contributing factors')
  const classes = weigh(CLASS_PATTERNS, [
    [title, 3],
    [section('Root cause'), 2],
    [section('Trigger'), 2],
    [section('Summary'), 1.5],
    [rest, 1],
    [factors, 1],
    [section('Impact'), 1],
  ]).filter(({ score }, place) => (place === 0 ? score >= ENOUGH : score > ENOUGH))
  const best = classes[0]?.score ?? 0
  const trigger = weigh(
    TRIGGER_PATTERNS,
    section('Trigger') !== ''
      ? [[section('Trigger'), 3]]
      : [
          [title, 1.5],
          [section('Root cause'), 2],
          [section('Summary'), 1],
          [rest, 1],
        ],
  )[0]
  const because = weigh(FACTOR_PATTERNS, [
    [factors, 2],
    [section('What went wrong'), 2],
    [section('Root cause'), 1],
    [section('Where we got lucky'), 1],
    [section('Detection'), 1],
    [rest, 1],
  ])
  const text = (kind: Mark['kind']) => (one: { id: string; because: string }) =>
    ({ kind, value: one.id, origin: 'text', because: one.because }) as const
  return [
    ...classes
      .filter(({ score }) => score * 2.5 >= best)
      .slice(0, MOST_CLASSES)
      .map(text('class')),
    ...(trigger ? [trigger] : []).map(text('trigger')),
    ...because.slice(0, MOST_FACTORS).map(text('factor')),
  ]
}

/** Who noticed, as the text tells it; null where it does not. */
export function deriveDetection(
  { section, rest }: Parts,
  detected = '',
): { value: DetectedBy; because: string } | null {
  const detection = section('Detection')
  const [found] = [
    [detection],
    // Where nobody wrote how it was noticed, the moment at which it was.
    [detected],
    [section('Summary'), rest],
    [section('Timeline')],
  ].flatMap((texts) =>
    weigh(
      DETECTION_PATTERNS,
      texts.map((text) => [text, 1] as const),
    ).slice(0, 1),
  )
  return found ? { value: found.id, because: found.because } : null
}

const WORD_START = '(?<![\\p{L}\\p{N}])'
const WORD_END = '(?![\\p{L}\\p{N}])'

/** Services of the catalogue that are named where a text says what was hit. */
export function deriveServices(
  { title, section, rest }: Parts,
  services: readonly { id: string; name: string }[],
): Mark[] {
  const where = [title, section('Summary'), section('Impact'), rest].join('\n')
  return services.flatMap(({ id, name }): Mark[] => {
    for (const said of new Set([name, id])) {
      if (said.length < 4) continue
      const escaped = said.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      const match = new RegExp(WORD_START + escaped + WORD_END, 'iu').exec(where)
      if (match) return [{ kind: 'service', value: id, origin: 'text', because: match[0] }]
    }
    return []
  })
}
