import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { Reader } from '../../store/store.ts'

/** A text of a post-mortem that the public was given. */
export interface Publication {
  id: string
  postmortemId: string
  documentId: string
  /** Of the text. */
  version: number
  title: string
  sections: string[]
  namesKept: string[]
  /** SHA-256 of what became public. */
  hash: string
  publishedAt: number
  actor: string
  actorName: string
}

export async function insertPublication(tx: Tx, publication: Publication): Promise<void> {
  await tx.db
    .insertInto('postmortem_publications')
    .values({
      id: publication.id,
      postmortem_id: publication.postmortemId,
      document_id: publication.documentId,
      version: publication.version,
      title: publication.title,
      sections: canonicalJson(publication.sections),
      names_kept: canonicalJson(publication.namesKept),
      hash: publication.hash,
      published_at: publication.publishedAt,
      actor: publication.actor,
      actor_name: publication.actorName,
    })
    .execute()
}

/** What the public was given last; null where it never was given anything. */
export async function newestPublication(db: Reader, postmortemId: string): Promise<Publication | null> {
  const row = await db
    .selectFrom('postmortem_publications')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    postmortemId: row.postmortem_id,
    documentId: row.document_id,
    version: row.version,
    title: row.title,
    sections: parseJson(row.sections),
    namesKept: parseJson(row.names_kept),
    hash: row.hash,
    publishedAt: row.published_at,
    actor: row.actor,
    actorName: row.actor_name,
  }
}
