import type { PostmortemDocument } from '../../contract/postmortem-document.ts'
import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { Reader } from '../../store/store.ts'
import type { Made } from './carried.rules.ts'

/** What a post-mortem brought along from another Tocsin, and what was made of it here. */
export interface Carried {
  document: PostmortemDocument
  made: Made
}

/** Keeps what a post-mortem brought along. */
export async function insertCarried(
  tx: Tx,
  { document, made }: Carried,
  from: { name: string; actor: string; actorName: string },
): Promise<void> {
  await tx.db
    .insertInto('postmortem_origins')
    .values({
      postmortem_id: document.id,
      name: from.name,
      document: JSON.stringify(document),
      made: canonicalJson(made),
      imported_at: tx.now,
      actor: from.actor,
      actor_name: from.actorName,
    })
    .execute()
}

/** What a post-mortem brought along; null where it was written here. */
export async function findCarried(db: Reader, postmortemId: string): Promise<Carried | null> {
  const row = await db
    .selectFrom('postmortem_origins')
    .select(['document', 'made'])
    .where('postmortem_id', '=', postmortemId)
    .executeTakeFirst()
  return row ? { document: parseJson(row.document), made: parseJson(row.made) } : null
}
