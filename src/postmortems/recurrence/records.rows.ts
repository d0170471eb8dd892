import { sql } from 'kysely'
import type { DetectedBy } from '../../contract/learning.ts'
import type { Actor, Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { LearningMarksTable, LearningRecordsTable } from '../../store/schema/learning.ts'
import type { DialectName } from '../../store/schema.ts'
import type { Reader } from '../../store/store.ts'
import type { ReadIncident } from '../import/reading.ts'
import type { Judgement, LearningRecord, Mark, Origin } from './record.ts'

const ONE_READER = 726_390

/** Takes changed records off the list, each once; whoever comes at the same moment waits and finds the others. */
export async function takeDueRecords(tx: Tx, dialect: DialectName, atMost: number): Promise<string[]> {
  if (dialect === 'postgres') await sql`SELECT pg_advisory_xact_lock(${sql.lit(ONE_READER)})`.execute(tx.db)
  const due = await tx.db
    .selectFrom('learning_due')
    .select('record_id')
    .distinct()
    .orderBy('record_id')
    .limit(atMost)
    .execute()
  const ids = due.map((row) => row.record_id)
  if (ids.length > 0) await tx.db.deleteFrom('learning_due').where('record_id', 'in', ids).execute()
  return ids
}

/** Whether a record changed since it was read. */
export async function hasDueRecords(db: Reader): Promise<boolean> {
  return (await db.selectFrom('learning_due').select('seq').limit(1).executeTakeFirst()) !== undefined
}

/** Makes a record due, as the database does where another table changes. */
export async function markDue(tx: Tx, recordId: string): Promise<void> {
  await tx.db.insertInto('learning_due').values({ record_id: recordId }).execute()
}

/** What was read in the document of an imported post-mortem; the document itself stays where it is. */
export async function readingOf(db: Reader, postmortemId: string): Promise<ReadIncident | null> {
  const row = await db
    .selectFrom('postmortem_readings')
    .select('reading')
    .where('postmortem_id', '=', postmortemId)
    .executeTakeFirst()
  return row ? parseJson<ReadIncident>(row.reading) : null
}

/** What people said of a record. */
export async function findJudgement(db: Reader, recordId: string): Promise<Judgement> {
  const row = await db
    .selectFrom('learning_judgements')
    .select('judgement')
    .where('record_id', '=', recordId)
    .executeTakeFirst()
  return row ? parseJson<Judgement>(row.judgement) : {}
}

export async function putJudgement(
  tx: Tx,
  recordId: string,
  judgement: Judgement,
  actor: Actor,
): Promise<void> {
  const row = { judgement: canonicalJson(judgement), actor: actor.id, actor_name: actor.name, at: tx.now }
  await tx.db
    .insertInto('learning_judgements')
    .values({ record_id: recordId, ...row })
    .onConflict((c) => c.column('record_id').doUpdateSet(row))
    .execute()
}

/** Writes a record with its marks and words over what was there. */
export async function putRecord(
  tx: Tx,
  record: LearningRecord,
  words: ReadonlyMap<string, { count: number }>,
): Promise<void> {
  const day = new Date(record.happenedAt)
  const row: Omit<LearningRecordsTable, 'id'> = {
    incident_id: record.incidentId,
    postmortem_id: record.postmortemId,
    title: record.title,
    happened_at: record.happenedAt,
    month: day.getUTCFullYear() * 12 + day.getUTCMonth(),
    severity: record.severity,
    detected_by: record.detectedBy?.value ?? null,
    detected_by_origin: record.detectedBy?.origin ?? '',
    detected_by_because: record.detectedBy?.because ?? '',
    impact_started_at: record.impactStartedAt,
    reported_at: record.reportedAt,
    detected_at: record.detectedAt,
    noticed_at: record.noticedAt,
    first_alert_at: record.firstAlertAt,
    declared_at: record.declaredAt,
    acknowledged_at: record.acknowledgedAt,
    mitigated_at: record.mitigatedAt,
    resolved_at: record.resolvedAt,
    words: words.size,
  }
  await tx.db
    .insertInto('learning_records')
    .values({ id: record.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
  await clear(tx, record.id)
  if (record.marks.length > 0)
    await tx.db
      .insertInto('learning_marks')
      .values(record.marks.map((mark) => ({ record_id: record.id, ...mark })))
      .onConflict((c) => c.doNothing())
      .execute()
  if (words.size > 0)
    await tx.db
      .insertInto('learning_words')
      .values([...words].map(([word, { count }]) => ({ word, record_id: record.id, count })))
      .execute()
}

async function clear(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('learning_marks').where('record_id', '=', id).execute()
  await tx.db.deleteFrom('learning_words').where('record_id', '=', id).execute()
}

/** Forgets a record of which neither incident nor post-mortem is left. */
export async function removeRecord(tx: Tx, id: string): Promise<void> {
  await clear(tx, id)
  await tx.db.deleteFrom('learning_records').where('id', '=', id).execute()
}

/** What is searched of a post-mortem: its text as people read it, at the time at which it happened. */
export async function putPostmortemDocument(
  tx: Tx,
  document: { postmortemId: string; at: number; title: string; body: string },
): Promise<void> {
  await tx.db
    .updateTable('search_documents')
    .set({ at: document.at, title: document.title, body: document.body })
    .where('kind', '=', 'post-mortem')
    .where('ref', '=', document.postmortemId)
    .execute()
}

function readRow(row: LearningRecordsTable, marks: readonly LearningMarksTable[]): LearningRecord {
  return {
    id: row.id,
    incidentId: row.incident_id,
    postmortemId: row.postmortem_id,
    title: row.title,
    happenedAt: row.happened_at,
    severity: row.severity,
    detectedBy:
      row.detected_by === null
        ? null
        : {
            value: row.detected_by as DetectedBy,
            origin: row.detected_by_origin as Origin,
            because: row.detected_by_because,
          },
    marks: marks.map(({ kind, value, origin, because }): Mark => ({ kind, value, origin, because })),
    impactStartedAt: row.impact_started_at,
    reportedAt: row.reported_at,
    detectedAt: row.detected_at,
    noticedAt: row.noticed_at,
    firstAlertAt: row.first_alert_at,
    declaredAt: row.declared_at,
    acknowledgedAt: row.acknowledged_at,
    mitigatedAt: row.mitigated_at,
    resolvedAt: row.resolved_at,
  }
}

/** Records by their ids, in the order of the ids; those that are not there are left out. */
export async function readRecords(db: Reader, ids: readonly string[]): Promise<LearningRecord[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('learning_records')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  const marks = await db
    .selectFrom('learning_marks')
    .selectAll()
    .where('record_id', 'in', [...ids])
    .orderBy('kind')
    .orderBy('value')
    .execute()
  const of = Map.groupBy(marks, (mark) => mark.record_id)
  const records = new Map(rows.map((row) => [row.id, readRow(row, of.get(row.id) ?? [])]))
  return ids.flatMap((id) => records.get(id) ?? [])
}

/** The record of an incident or of a post-mortem, by the id of either; null where there is none. */
export async function findRecord(db: Reader, id: string): Promise<LearningRecord | null> {
  const row = await db
    .selectFrom('learning_records')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', id), eb('postmortem_id', '=', id)]))
    .executeTakeFirst()
  return row ? ((await readRecords(db, [row.id]))[0] ?? null) : null
}

/** The services of these records, by record. */
export async function servicesOf(db: Reader, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('learning_marks')
    .select(['record_id', 'value'])
    .where('kind', '=', 'service')
    .where('record_id', 'in', [...new Set(ids)])
    .orderBy('value')
    .execute()
  const of = Map.groupBy(rows, (row) => row.record_id)
  return new Map([...of].map(([id, marks]) => [id, marks.map(({ value }) => value)]))
}
