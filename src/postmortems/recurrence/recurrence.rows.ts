import type { Incident } from '../../incidents/index.ts'
import type { LearningRecordsTable } from '../../store/schema/learning.ts'
import type { Reader } from '../../store/store.ts'
import type { MarkKind } from './record.ts'
import type { Marked } from './recurrence.rules.ts'

/** What narrows a view of what was learned. */
export interface RecordFilter {
  service?: string | undefined
  severity?: Incident['severity'] | undefined
  from?: number | undefined
  to?: number | undefined
}

function narrowed(db: Reader, filter: RecordFilter) {
  return db
    .selectFrom('learning_records as r')
    .$if(filter.severity !== undefined, (q) => q.where('r.severity', '=', filter.severity!))
    .$if(filter.from !== undefined, (q) => q.where('r.happened_at', '>=', filter.from!))
    .$if(filter.to !== undefined, (q) => q.where('r.happened_at', '<', filter.to!))
    .$if(filter.service !== undefined, (q) =>
      q.where('r.id', 'in', (eb) =>
        eb
          .selectFrom('learning_marks')
          .select('record_id')
          .where('kind', '=', 'service')
          .where('value', '=', filter.service!),
      ),
    )
}

/** How many records fall into each month. */
export async function recordsByMonth(db: Reader, filter: RecordFilter): Promise<Map<number, number>> {
  const rows = await narrowed(db, filter)
    .select((eb) => ['r.month', eb.fn.countAll<number>().as('count')])
    .groupBy('r.month')
    .orderBy('r.month')
    .execute()
  return new Map(rows.map(({ month, count }) => [month, Number(count)]))
}

/** How often each mark falls into each month. */
export async function marksByMonth(
  db: Reader,
  filter: RecordFilter,
): Promise<{ kind: MarkKind; value: string; month: number; count: number }[]> {
  const rows = await narrowed(db, filter)
    .innerJoin('learning_marks as m', 'm.record_id', 'r.id')
    .select((eb) => ['m.kind', 'm.value', 'r.month', eb.fn.countAll<number>().as('count')])
    .groupBy(['m.kind', 'm.value', 'r.month'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** How many records have a mark of each kind. */
export async function markedRecords(db: Reader, filter: RecordFilter): Promise<Map<MarkKind, number>> {
  const rows = await narrowed(db, filter)
    .innerJoin('learning_marks as m', 'm.record_id', 'r.id')
    .select((eb) => ['m.kind', eb.fn.count<number>('r.id').distinct().as('count')])
    .groupBy('m.kind')
    .execute()
  return new Map(rows.map(({ kind, count }) => [kind, Number(count)]))
}

type Timed = Pick<
  LearningRecordsTable,
  | 'id'
  | 'incident_id'
  | 'postmortem_id'
  | 'title'
  | 'happened_at'
  | 'detected_by'
  | 'impact_started_at'
  | 'reported_at'
  | 'detected_at'
  | 'noticed_at'
  | 'first_alert_at'
  | 'acknowledged_at'
  | 'mitigated_at'
  | 'resolved_at'
>

/** The times of every record, the newest first. */
export async function timesOfRecords(db: Reader, filter: RecordFilter): Promise<Timed[]> {
  return narrowed(db, filter)
    .select(['r.id', 'r.incident_id', 'r.postmortem_id', 'r.title', 'r.happened_at', 'r.detected_by'])
    .select(['r.impact_started_at', 'r.reported_at', 'r.detected_at', 'r.noticed_at', 'r.first_alert_at'])
    .select(['r.acknowledged_at', 'r.mitigated_at', 'r.resolved_at'])
    .orderBy('r.happened_at', 'desc')
    .orderBy('r.id', 'desc')
    .execute()
}

/** What an import notes of an action that its document calls done. */
const SAID_DONE = 'the document says that it is done'

/** An action that was closed, by a proof or by word, with what it was of. */
export interface ClosedAction {
  id: string
  title: string
  closed: 'proved' | 'stale' | 'claimed' | 'said-done'
  at: number
  recordId: string
}

/** Actions that were closed, the newest first. */
export async function closedActions(
  db: Reader,
  filter: RecordFilter,
  limit: number,
): Promise<ClosedAction[]> {
  const rows = await narrowed(db, filter)
    .innerJoin('postmortems as p', 'p.id', 'r.postmortem_id')
    .innerJoin('actions as a', 'a.postmortem_id', 'p.id')
    .select(['a.id', 'a.title', 'a.state', 'a.since', 'r.id as record_id', 'r.happened_at', 'r.resolved_at'])
    .where((eb) =>
      eb.or([
        eb('a.state', 'in', ['proved', 'stale', 'claimed']),
        eb.and([eb('a.state', '=', 'open'), eb('a.reason', '=', SAID_DONE)]),
      ]),
    )
    .orderBy('a.since', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    closed: row.state === 'open' ? 'said-done' : (row.state as 'proved' | 'stale' | 'claimed'),
    // The document does not say when: at the soonest when it was over.
    at: row.state === 'open' ? (row.resolved_at ?? row.happened_at) : row.since,
    recordId: row.record_id,
  }))
}

/** The records with any of these marks, the oldest first. */
export async function recordsMarked(
  db: Reader,
  kind: MarkKind,
  values: readonly string[],
): Promise<(Omit<Marked, 'services'> & { value: string })[]> {
  if (values.length === 0) return []
  return db
    .selectFrom('learning_marks as m')
    .innerJoin('learning_records as r', 'r.id', 'm.record_id')
    .select(['r.id', 'r.title', 'r.happened_at as happenedAt', 'm.value'])
    .select(['r.incident_id as incidentId', 'r.postmortem_id as postmortemId'])
    .where('m.kind', '=', kind)
    .where('m.value', 'in', [...values])
    .orderBy('r.happened_at')
    .orderBy('r.id')
    .execute()
}
