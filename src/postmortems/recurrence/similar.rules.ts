import type { LearningRecord, Mark, MarkKind } from './record.ts'

/** How rare something is: the rarer, the more it says that two records share it. */
export function rarity(records: number, having: number): number {
  return Math.log(1 + (Math.max(records, having) - having + 0.5) / (having + 0.5))
}

/** Said twice says more than once, but not twice as much. */
const often = (count: number) => count / (count + 1.5)

const WEIGHTS: Record<MarkKind, number> = { class: 3, service: 2, trigger: 1.5, factor: 1 }
const SAME_DETECTION = 0.3

/** How many records have a word or a mark. */
export interface Frequencies {
  records: number
  words: ReadonlyMap<string, number>
  marks: ReadonlyMap<string, number>
}

export const markKey = ({ kind, value }: Pick<Mark, 'kind' | 'value'>): string => `${kind} ${value}`

/** One thing that two records share, and how much it says. */
export interface Shared {
  kind: MarkKind | 'detection' | 'words'
  /** The marks, or the words. */
  values: string[]
  weight: number
}

type Words = ReadonlyMap<string, number>

const weightOfWord = (word: string, mine: number, theirs: number, of: Frequencies) =>
  rarity(of.records, of.words.get(word) ?? 1) * Math.min(often(mine), often(theirs))
const weightOfMark = (mark: Mark, of: Frequencies) =>
  WEIGHTS[mark.kind] * rarity(of.records, of.marks.get(markKey(mark)) ?? 1)

const MOST_WORDS = 8

/** What two records share, what says most first; `likeness` is 100 for one that shares everything with the first. */
export function compareRecords(
  mine: { record: LearningRecord; words: Words },
  theirs: { record: LearningRecord; words: Words },
  of: Frequencies,
): { shared: Shared[]; score: number; likeness: number } {
  let whole = mine.record.detectedBy ? SAME_DETECTION : 0
  const words: [string, number][] = []
  for (const [word, count] of mine.words) {
    whole += weightOfWord(word, count, count, of)
    const other = theirs.words.get(word)
    if (other !== undefined) words.push([word, weightOfWord(word, count, other, of)])
  }
  const other = new Set(theirs.record.marks.map(markKey))
  const marks = new Map<MarkKind, [string, number][]>()
  for (const mark of mine.record.marks) {
    const weight = weightOfMark(mark, of)
    whole += weight
    if (other.has(markKey(mark)))
      marks.set(mark.kind, [...(marks.get(mark.kind) ?? []), [mark.value, weight]])
  }
  const sum = (of: readonly [string, number][]) => of.reduce((total, [, weight]) => total + weight, 0)
  const shared: Shared[] = [...marks].map(([kind, values]) => ({
    kind,
    values: values.map(([value]) => value),
    weight: sum(values),
  }))
  if (words.length > 0)
    shared.push({
      kind: 'words',
      values: words
        .toSorted(([a, one], [b, two]) => two - one || (a < b ? -1 : 1))
        .slice(0, MOST_WORDS)
        .map(([word]) => word),
      weight: sum(words),
    })
  const by = mine.record.detectedBy?.value
  if (by !== undefined && by === theirs.record.detectedBy?.value)
    shared.push({ kind: 'detection', values: [by], weight: SAME_DETECTION })
  shared.sort((a, b) => b.weight - a.weight || (a.kind < b.kind ? -1 : 1))
  const score = shared.reduce((total, { weight }) => total + weight, 0)
  return { shared, score, likeness: whole === 0 ? 0 : Math.round((100 * score) / whole) }
}

const LEAST = 5

/** Whether a likeness is worth to be shown: more than a way of detection, a service, or one word in common. */
export function isAlike({ shared, likeness }: { shared: readonly Shared[]; likeness: number }): boolean {
  if (likeness < LEAST) return false
  return shared.some(
    ({ kind, values }) => kind === 'class' || kind === 'trigger' || (kind === 'words' && values.length > 1),
  )
}

/** The rarest, for as long as those who have them are no more than this. */
export function rarestWithin(frequencies: ReadonlyMap<string, number>, atMost: number): string[] {
  const chosen: string[] = []
  let sum = 0
  for (const [what, having] of [...frequencies].toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))) {
    // Nobody else has it.
    if (having < 2) continue
    if (sum + having > atMost && chosen.length > 0) break
    sum += having
    chosen.push(what)
  }
  return chosen
}
