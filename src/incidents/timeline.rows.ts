import { type Fact, readFact } from '../engine/facts.ts'
import type { Tx } from '../engine/world.ts'
import { newId } from '../kit/ids.ts'
import type { Reader } from '../store/store.ts'
import type { EntryKind, TimelineEntry } from './incident.ts'

export interface NewEntry {
  incidentId: string
  happenedAt: number
  kind: EntryKind
  text: string
  actor: string
  actorName: string
  factSeq?: number | null
  corrects?: string | null
}

/** Adds an entry; a fact that the incident's timeline tells already is not told again (null). */
export async function insertEntry(tx: Tx, entry: NewEntry): Promise<TimelineEntry | null> {
  const id = newId(tx.now)
  const result = await tx.db
    .insertInto('timeline_entries')
    .values({
      id,
      incident_id: entry.incidentId,
      happened_at: entry.happenedAt,
      written_at: tx.now,
      kind: entry.kind,
      text: entry.text,
      actor: entry.actor,
      actor_name: entry.actorName,
      fact_seq: entry.factSeq ?? null,
      corrects: entry.corrects ?? null,
    })
    .onConflict((c) => c.columns(['incident_id', 'fact_seq']).doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows ?? 0n) === 0) return null
  return findEntry(tx.db, id)
}

/** One entry, or null. */
export async function findEntry(db: Reader, id: string): Promise<TimelineEntry | null> {
  const row = await db.selectFrom('timeline_entries').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    incidentId: row.incident_id,
    happenedAt: row.happened_at,
    writtenAt: row.written_at,
    kind: row.kind as EntryKind,
    text: row.text,
    actor: row.actor,
    actorName: row.actor_name,
    factSeq: row.fact_seq,
    corrects: row.corrects,
  }
}

/** The timeline in the order in which things happened, not in which they were written. */
export async function readTimeline(
  db: Reader,
  incidentId: string,
  page: { limit?: number; after?: { happenedAt: number; id: string } } = {},
): Promise<TimelineEntry[]> {
  const { after } = page
  const rows = await db
    .selectFrom('timeline_entries')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .$if(after !== undefined, (q) =>
      q.where((eb) =>
        eb.or([
          eb('happened_at', '>', after!.happenedAt),
          eb.and([eb('happened_at', '=', after!.happenedAt), eb('id', '>', after!.id)]),
        ]),
      ),
    )
    .orderBy('happened_at')
    .orderBy('id')
    .limit(page.limit ?? 5_000)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    incidentId: row.incident_id,
    happenedAt: row.happened_at,
    writtenAt: row.written_at,
    kind: row.kind as EntryKind,
    text: row.text,
    actor: row.actor,
    actorName: row.actor_name,
    factSeq: row.fact_seq,
    corrects: row.corrects,
  }))
}

const LOOK_BACK = 50

/** The newest facts of one type about a thing, the newest first: what a backfill begins with. */
export async function newestFactsAbout(db: Reader, subject: string, type: string): Promise<Fact[]> {
  const rows = await db
    .selectFrom('facts')
    .selectAll()
    .where('subject', '=', subject)
    .where('type', '=', type)
    .orderBy('seq', 'desc')
    .limit(LOOK_BACK)
    .execute()
  return rows.map((row) => readFact(row))
}

/** Facts of these types, between two places in the log, whose data names the id; the caller looks at the data again. */
export async function factsNaming(
  db: Reader,
  types: string[],
  [from, to]: [number, number | undefined],
  id: string,
): Promise<Fact[]> {
  const rows = await db
    .selectFrom('facts')
    .selectAll()
    .where('type', 'in', types)
    .where('seq', '>=', from)
    .$if(to !== undefined, (q) => q.where('seq', '<=', to!))
    .where('data', 'like', `%"${id.replaceAll(/[%_\\"]/g, '')}"%`)
    .orderBy('seq')
    .limit(1_000)
    .execute()
  return rows.map((row) => readFact(row))
}
