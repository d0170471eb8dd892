import { listServices } from '../../catalog/index.ts'
import { DETECTED_BY, FACTORS, TRIGGERS } from '../../contract/learning.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { characteristicWords } from './characteristic-words.rules.ts'
import { partsOf } from './derive-marks.rules.ts'
import type { LearningRecord } from './record.ts'
import { findRecord, readRecords } from './records.rows.ts'
import { readDueRecords } from './refresh-records.ts'
import {
  countRecords,
  markFrequencies,
  recordsWithMarks,
  recordsWithWords,
  wordFrequencies,
} from './similar.rows.ts'
import {
  compareRecords,
  type Frequencies,
  isAlike,
  markKey,
  rarestWithin,
  rarity,
  type Shared,
} from './similar.rules.ts'

/** So many rows of the index are looked at; the rarest words and marks first, which say the most. */
const ROWS = 2_000
const COMPARED = 40

export interface Similar {
  record: LearningRecord
  likeness: number
  why: { kind: Shared['kind']; text: string; weight: number }[]
}

/** The records that are most like one, and what they share with it. */
export async function findSimilar(
  world: World,
  actor: Actor,
  input: { id: string; limit: number; classTitle: (id: string) => string },
): Promise<Similar[]> {
  authorize(actor, 'viewer')
  await readDueRecords(world)
  const db = world.store.read
  const record = await findRecord(db, input.id)
  if (!record) throw notFound('incident or post-mortem', input.id)
  const body = record.postmortemId ? ((await findPostmortem(db, record.postmortemId))?.body ?? '') : ''
  const own = characteristicWords(partsOf(record.title, body))
  const mine = { record, words: new Map([...own].map(([word, { count }]) => [word, count])) }
  const [records, wordCounts, markCounts] = await Promise.all([
    countRecords(db),
    wordFrequencies(db, [...own.keys()]),
    markFrequencies(db, record.marks),
  ])
  const frequencies: Frequencies = { records, words: wordCounts, marks: markCounts }
  const candidates = await candidatesFor(db, mine, frequencies)
  const [said, others, services] = await Promise.all([
    recordsWithWords(db, [...own.keys()], record.id, candidates),
    readRecords(db, candidates),
    listServices(db, { removed: true }),
  ])
  const words = Map.groupBy(said, ({ recordId }) => recordId)
  const alike = others
    .map((other) => {
      const theirs = new Map((words.get(other.id) ?? []).map(({ word, count }) => [word, count]))
      return { record: other, ...compareRecords(mine, { record: other, words: theirs }, frequencies) }
    })
    .filter(isAlike)
    .toSorted(
      (a, b) =>
        b.score - a.score ||
        b.record.happenedAt - a.record.happenedAt ||
        (a.record.id < b.record.id ? 1 : -1),
    )
    .slice(0, input.limit)
  const names = new Map(services.map(({ id, name }) => [id, name]))
  const say = sayShared({
    class: input.classTitle,
    service: (id) => names.get(id) ?? id,
    words: (root) => own.get(root)?.said ?? root,
    rare: (root) => (frequencies.words.get(root) ?? 1) <= Math.max(5, frequencies.records / 4),
  })
  return alike.map(({ record: other, likeness, shared }) => ({
    record: other,
    likeness: Math.min(likeness, 100),
    why: shared.map((one) => ({ kind: one.kind, text: say(one), weight: Number(one.weight.toFixed(2)) })),
  }))
}

async function candidatesFor(
  db: Reader,
  { record, words }: { record: LearningRecord; words: ReadonlyMap<string, number> },
  of: Frequencies,
): Promise<string[]> {
  const scores = new Map<string, number>()
  const add = (id: string, weight: number) => scores.set(id, (scores.get(id) ?? 0) + weight)
  const rare = rarestWithin(of.words, ROWS)
  const rareMarks = new Set(rarestWithin(of.marks, ROWS))
  const marks = record.marks.filter((mark) => rareMarks.has(markKey(mark)))
  const [withWords, withMarks] = await Promise.all([
    recordsWithWords(db, rare, record.id),
    recordsWithMarks(db, marks, record.id),
  ])
  for (const { recordId, word, count } of withWords)
    add(recordId, rarity(of.records, of.words.get(word)!) * Math.min(1, count / (words.get(word) ?? 1)))
  for (const mark of withMarks) add(mark.recordId, 2 * rarity(of.records, of.marks.get(markKey(mark))!))
  return [...scores]
    .toSorted(([a, one], [b, two]) => two - one || (a < b ? 1 : -1))
    .slice(0, COMPARED)
    .map(([id]) => id)
}

const titled = (list: readonly { id: string; title: string }[]) => {
  const titles = new Map(list.map(({ id, title }) => [id, title]))
  return (id: string) => titles.get(id) ?? id
}

function sayShared(
  names: Record<'class' | 'service' | 'words', (id: string) => string> & { rare: (word: string) => boolean },
) {
  const words: Record<Shared['kind'], [one: string, many: string, name: (id: string) => string]> = {
    class: ['same failure class', 'same failure classes', names.class],
    trigger: ['same trigger', 'same triggers', titled(TRIGGERS)],
    factor: ['same contributing factor', 'same contributing factors', titled(FACTORS)],
    service: ['shares the service', 'shares the services', names.service],
    detection: ['noticed in the same way', 'noticed in the same way', titled(DETECTED_BY)],
    words: ['words in common', 'words in common', names.words],
  }
  return ({ kind, values }: Shared): string => {
    const [one, many, name] = words[kind]
    // Where nothing rare is shared, nothing is called rare.
    const rare = kind === 'words' ? values.filter(names.rare) : []
    if (rare.length > 0) return `rare words in common: ${rare.map(name).join(', ')}`
    return `${values.length > 1 ? many : one}: ${values.map(name).join(kind === 'words' ? ', ' : '; ')}`
  }
}
