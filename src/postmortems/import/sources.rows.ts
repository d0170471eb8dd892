import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { Reader } from '../../store/store.ts'
import type { Finding, ReadIncident } from './reading.ts'

/** A document that was imported, as it was read. */
export interface Source {
  id: string
  hash: string
  name: string
  format: string
  text: string
  findings: Finding[]
  importedAt: number
  actorName: string
}

/** Keeps a document; false when the same text is kept already. */
export async function insertSource(tx: Tx, source: Source, actor: string): Promise<boolean> {
  const result = await tx.db
    .insertInto('postmortem_sources')
    .values({
      id: source.id,
      hash: source.hash,
      name: source.name,
      format: source.format,
      text: source.text,
      findings: canonicalJson(source.findings),
      imported_at: source.importedAt,
      actor,
      actor_name: source.actorName,
    })
    .onConflict((c) => c.column('hash').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Keeps what was read of one incident with its places. */
export async function insertReading(
  tx: Tx,
  reading: { postmortemId: string; sourceId: string; incident: number; reading: ReadIncident },
): Promise<void> {
  await tx.db
    .insertInto('postmortem_readings')
    .values({
      postmortem_id: reading.postmortemId,
      source_id: reading.sourceId,
      incident: reading.incident,
      reading: canonicalJson(reading.reading),
    })
    .execute()
}

/** Whether this incident of a document is a post-mortem already. */
export async function hasReading(db: Reader, sourceId: string, incident: number): Promise<boolean> {
  const row = await db
    .selectFrom('postmortem_readings')
    .select('postmortem_id')
    .where('source_id', '=', sourceId)
    .where('incident', '=', incident)
    .executeTakeFirst()
  return row !== undefined
}

/** What became of a document with this hash: its post-mortems in their order; null when it is not known. */
export async function findImported(
  db: Reader,
  hash: string,
): Promise<{ sourceId: string; postmortemIds: string[] } | null> {
  const source = await db
    .selectFrom('postmortem_sources')
    .select('id')
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!source) return null
  const rows = await db
    .selectFrom('postmortem_readings')
    .select('postmortem_id')
    .where('source_id', '=', source.id)
    .orderBy('incident')
    .execute()
  return { sourceId: source.id, postmortemIds: rows.map((row) => row.postmortem_id) }
}

/** The newest document of this name, whatever its text. */
export async function findSourceNamed(
  db: Reader,
  name: string,
): Promise<{ id: string; importedAt: number } | null> {
  const row = await db
    .selectFrom('postmortem_sources')
    .select(['id', 'imported_at'])
    .where('name', '=', name)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ? { id: row.id, importedAt: row.imported_at } : null
}

/** The document of a post-mortem and what was read in it; null when it was not imported. */
export async function findReading(
  db: Reader,
  postmortemId: string,
): Promise<{ source: Source; incident: number; reading: ReadIncident } | null> {
  const row = await db
    .selectFrom('postmortem_readings')
    .innerJoin('postmortem_sources', 'postmortem_sources.id', 'postmortem_readings.source_id')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .executeTakeFirst()
  if (!row) return null
  return {
    source: {
      id: row.source_id,
      hash: row.hash,
      name: row.name,
      format: row.format,
      text: row.text,
      findings: parseJson(row.findings),
      importedAt: row.imported_at,
      actorName: row.actor_name,
    },
    incident: row.incident,
    reading: parseJson(row.reading),
  }
}
