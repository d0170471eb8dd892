import type { Tx } from '../engine/world.ts'
import type { PublicDocumentsTable } from '../store/schema/comms.ts'
import { type Reader, touched } from '../store/store.ts'
import type { PageDocument } from './status-page.ts'

/** A longer text that stands, or stood, at a public incident. */
export interface PublicDocument extends PageDocument {
  id: string
  incidentId: string
  endedAt: number | null
  endedWhy: 'replaced' | 'withdrawn' | null
}

const read = (row: PublicDocumentsTable): PublicDocument => ({
  id: row.id,
  incidentId: row.incident_id,
  title: row.title,
  body: row.body,
  publishedAt: row.published_at,
  firstPublishedAt: row.first_published_at,
  endedAt: row.ended_at,
  endedWhy: row.ended_why,
})

/** One document, or null. */
export async function findDocument(db: Reader, id: string): Promise<PublicDocument | null> {
  const row = await db.selectFrom('public_documents').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? read(row) : null
}

/** What stands at these incidents now, by incident. */
export async function standingDocuments(
  db: Reader,
  incidentIds: readonly string[],
): Promise<Map<string, PublicDocument>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('public_documents')
    .selectAll()
    .where('incident_id', 'in', [...incidentIds])
    .where('ended_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.incident_id, read(row)]))
}

/** Writes a document; false when another one stands there already. */
export async function insertDocument(
  tx: Tx,
  document: Omit<PublicDocument, 'endedAt' | 'endedWhy'>,
): Promise<boolean> {
  const result = await tx.db
    .insertInto('public_documents')
    .values({
      id: document.id,
      incident_id: document.incidentId,
      title: document.title,
      body: document.body,
      published_at: document.publishedAt,
      first_published_at: document.firstPublishedAt,
      ended_at: null,
      ended_why: null,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Compare-and-set: it stands no longer; false when that was so already. */
export async function endDocument(tx: Tx, id: string, why: 'replaced' | 'withdrawn'): Promise<boolean> {
  const updated = await tx.db
    .updateTable('public_documents')
    .set({ ended_at: tx.now, ended_why: why })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return touched(updated) === 1
}
