import type { Reader } from '../../store/store.ts'
import type { Mark } from './record.ts'
import { markKey } from './similar.rules.ts'

/** How many records there are. */
export async function countRecords(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('learning_records')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many records say each of these words; those that none says are left out. */
export async function wordFrequencies(db: Reader, words: readonly string[]): Promise<Map<string, number>> {
  if (words.length === 0) return new Map()
  const rows = await db
    .selectFrom('learning_words')
    .select((eb) => ['word', eb.fn.countAll<number>().as('count')])
    .where('word', 'in', [...words])
    .groupBy('word')
    .execute()
  return new Map(rows.map(({ word, count }) => [word, Number(count)]))
}

/** How many records have each of these marks. */
export async function markFrequencies(db: Reader, marks: readonly Mark[]): Promise<Map<string, number>> {
  if (marks.length === 0) return new Map()
  const rows = await db
    .selectFrom('learning_marks')
    .select((eb) => ['kind', 'value', eb.fn.countAll<number>().as('count')])
    .where((eb) => eb.or(marks.map(({ kind, value }) => eb.and({ kind, value }))))
    .groupBy(['kind', 'value'])
    .execute()
  return new Map(rows.map((row) => [markKey(row), Number(row.count)]))
}

/** Which other records say these words; with `among`, of those alone. */
export async function recordsWithWords(
  db: Reader,
  words: readonly string[],
  but: string,
  among?: readonly string[],
): Promise<{ recordId: string; word: string; count: number }[]> {
  if (words.length === 0 || among?.length === 0) return []
  return db
    .selectFrom('learning_words')
    .select(['record_id as recordId', 'word', 'count'])
    .where('word', 'in', [...words])
    .where('record_id', '!=', but)
    .$if(among !== undefined, (q) => q.where('record_id', 'in', [...among!]))
    .execute()
}

/** Which other records have these marks. */
export async function recordsWithMarks(
  db: Reader,
  marks: readonly Mark[],
  but: string,
): Promise<{ recordId: string; kind: Mark['kind']; value: string }[]> {
  if (marks.length === 0) return []
  return db
    .selectFrom('learning_marks')
    .select(['record_id as recordId', 'kind', 'value'])
    .where((eb) => eb.or(marks.map(({ kind, value }) => eb.and({ kind, value }))))
    .where('record_id', '!=', but)
    .execute()
}
