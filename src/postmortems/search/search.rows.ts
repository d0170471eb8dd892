import { type RawBuilder, sql } from 'kysely'
import type { DetectedBy, Searched, Trigger } from '../../contract/learning.ts'
import { SEARCHED } from '../../contract/learning.ts'
import type { LearningRecordsTable } from '../../store/schema/learning.ts'
import type { DialectName } from '../../store/schema.ts'
import type { Reader } from '../../store/store.ts'
import { toFts, toTsquery } from './match.rules.ts'
import { type Search, sideBySide, type Term } from './parse-search.rules.ts'

/** What narrows a search; each is left out where it does not matter. */
export interface SearchFilter {
  kind?: Searched | undefined
  service?: string | undefined
  failureClass?: string | undefined
  trigger?: Trigger | undefined
  detectedBy?: DetectedBy | undefined
  severity?: LearningRecordsTable['severity'] | undefined
  from?: number | undefined
  to?: number | undefined
}

/** What was found, with its text and what it belongs to. */
export interface FoundDocument {
  kind: Searched
  ref: string
  at: number
  title: string
  body: string
  recordId: string | null
  incidentId: string | null
  postmortemId: string | null
  recordTitle: string | null
  severity: LearningRecordsTable['severity']
}

type Condition = RawBuilder<unknown>

// Whether a row matches.
function holds(dialect: DialectName, terms: readonly Term[], where: 'title' | 'anywhere'): Condition {
  if (dialect === 'postgres')
    return sql`${sql.ref(where === 'title' ? 'title_words' : 'words')} @@ ${toTsquery(terms)}::tsquery`
  const query = toFts(terms)
  const match = where === 'title' ? `{title} : (${query})` : query
  return sql`doc IN (SELECT rowid FROM search_index WHERE search_index MATCH ${match})`
}

// That a row holds none of these: the index tells those that do, which are fewer than all the others.
function holdsNone(dialect: DialectName, terms: readonly Term[]): Condition {
  if (dialect === 'postgres')
    return sql`doc NOT IN (SELECT doc FROM search_documents WHERE words @@ ${toTsquery(terms, '|')}::tsquery)`
  return sql`doc NOT IN (SELECT rowid FROM search_index WHERE search_index MATCH ${toFts(terms, 'OR')})`
}

function narrowed(filter: SearchFilter): Condition[] {
  const conditions: Condition[] = []
  const marked = (kind: string, value: string) =>
    conditions.push(
      sql`record_id IN (SELECT record_id FROM learning_marks WHERE kind = ${kind} AND value = ${value})`,
    )
  if (filter.kind) conditions.push(sql`kind = ${filter.kind}`)
  if (filter.from !== undefined) conditions.push(sql`at >= ${filter.from}`)
  if (filter.to !== undefined) conditions.push(sql`at < ${filter.to}`)
  if (filter.service) marked('service', filter.service)
  if (filter.failureClass) marked('class', filter.failureClass)
  if (filter.trigger) marked('trigger', filter.trigger)
  for (const [column, value] of [
    ['severity', filter.severity],
    ['detected_by', filter.detectedBy],
  ] as const)
    if (value)
      conditions.push(sql`record_id IN (SELECT id FROM learning_records WHERE ${sql.ref(column)} = ${value})`)
  return conditions
}

/**
 * One page of what matches and how much there is. What has the words in its title comes first, side by side before
 * apart; then by kind, then the newest. The order is the same on both databases.
 */
export async function findDocuments(
  db: Reader,
  dialect: DialectName,
  search: Search,
  filter: SearchFilter,
  page: { limit: number; offset: number },
): Promise<{ found: FoundDocument[]; total: number }> {
  const { all, none } = search
  const conditions = narrowed(filter)
  if (all.length > 0) conditions.push(holds(dialect, all, 'anywhere'))
  if (none.length > 0) conditions.push(holdsNone(dialect, none))
  const where = conditions.length > 0 ? sql.join(conditions, sql` AND `) : sql`1 = 1`
  const together = sideBySide(search)
  const tiers: [Condition, number][] = []
  if (together) tiers.push([holds(dialect, [together], 'title'), 0])
  if (all.length > 0) tiers.push([holds(dialect, all, 'title'), 1])
  if (together) tiers.push([holds(dialect, [together], 'anywhere'), 2])
  const tier =
    tiers.length === 0
      ? sql`3`
      : sql`CASE ${sql.join(
          tiers.map(([condition, place]) => sql`WHEN ${condition} THEN ${sql.lit(place)}`),
          sql` `,
        )} ELSE 3 END`
  const kinds = sql`CASE kind ${sql.join(
    SEARCHED.map((kind, place) => sql`WHEN ${sql.lit(kind)} THEN ${sql.lit(place)}`),
    sql` `,
  )} ELSE 9 END`
  const places = await fromIndex(
    db,
    dialect,
    sql<Place>`SELECT doc, COUNT(*) OVER () AS total FROM (
      SELECT doc, ref, at, ${tier} AS tier, ${kinds} AS place FROM search_documents WHERE ${where}
    ) AS matching ORDER BY tier, place, at DESC, ref DESC LIMIT ${page.limit} OFFSET ${page.offset}`,
  )
  const found = await readDocuments(
    db,
    places.map(({ doc }) => doc),
  )
  return { found, total: Number(places[0]?.total ?? 0) }
}

interface Place {
  doc: number
  total: number
}

// PostgreSQL counts what it costs to read the table, and not what it costs to unpack the words of each row: where many
// rows match it would do that for all of them, ten times slower than its index.
async function fromIndex(db: Reader, dialect: DialectName, query: RawBuilder<Place>): Promise<Place[]> {
  if (dialect === 'sqlite') return (await query.execute(db)).rows
  return db.transaction().execute(async (tx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(tx)
    return (await query.execute(tx)).rows
  })
}

async function readDocuments(db: Reader, docs: readonly number[]): Promise<FoundDocument[]> {
  if (docs.length === 0) return []
  const rows = await db
    .selectFrom('search_documents as d')
    .leftJoin('learning_records as r', 'r.id', 'd.record_id')
    .select(['d.doc', 'd.kind', 'd.ref', 'd.record_id', 'd.at', 'd.title', 'd.body'])
    .select(['r.incident_id', 'r.postmortem_id', 'r.title as record_title', 'r.severity'])
    .where('d.doc', 'in', [...docs])
    .execute()
  const byDoc = new Map(rows.map((row) => [row.doc, row]))
  return docs.map((doc) => {
    const row = byDoc.get(doc)!
    return {
      kind: row.kind,
      ref: row.ref,
      at: row.at,
      title: row.title,
      body: row.body,
      recordId: row.record_id,
      incidentId: row.incident_id,
      postmortemId: row.postmortem_id,
      recordTitle: row.record_title,
      severity: row.severity,
    }
  })
}
