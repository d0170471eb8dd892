import type { Tx } from '../../engine/world.ts'
import { canonicalJson, parseJson } from '../../kit/json.ts'
import type { CasesTable } from '../../store/schema/proofs.ts'
import { type Reader, touched } from '../../store/store.ts'
import type { CaseConfig, IncidentCase } from './case.ts'

export interface StoredCase {
  id: string
  definition: CaseConfig
  managedBy: 'file' | 'api'
  postmortemId: string | null
}

const read = (row: CasesTable): IncidentCase => ({
  ...parseJson<CaseConfig>(row.definition),
  id: row.id,
  origin: row.managed_by === 'file' ? 'file' : 'people',
  postmortemId: row.postmortem_id,
})

/** Cases of the configuration and those that people wrote, by id. */
export async function listStoredCases(db: Reader): Promise<IncidentCase[]> {
  const rows = await db
    .selectFrom('cases')
    .selectAll()
    .where('retired_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(read)
}

/** One of them, or null. */
export async function findStoredCase(db: Reader, id: string): Promise<IncidentCase | null> {
  const row = await db
    .selectFrom('cases')
    .selectAll()
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return row ? read(row) : null
}

/** The case that was made of a post-mortem, or null. */
export async function caseOfPostmortem(db: Reader, postmortemId: string): Promise<IncidentCase | null> {
  const row = await db
    .selectFrom('cases')
    .selectAll()
    .where('postmortem_id', '=', postmortemId)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return row ? read(row) : null
}

/** Writes a case as it shall be; false where nothing changed. */
export async function putCase(tx: Tx, one: StoredCase): Promise<boolean> {
  const definition = canonicalJson(one.definition)
  const before = await tx.db.selectFrom('cases').selectAll().where('id', '=', one.id).executeTakeFirst()
  if (
    before &&
    before.retired_at === null &&
    before.definition === definition &&
    before.managed_by === one.managedBy &&
    before.postmortem_id === one.postmortemId
  )
    return false
  const values = {
    definition,
    managed_by: one.managedBy,
    postmortem_id: one.postmortemId,
    updated_at: tx.now,
    retired_at: null,
  }
  await tx.db
    .insertInto('cases')
    .values({ id: one.id, created_at: tx.now, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
  return true
}

export async function retireCaseRow(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.db
    .updateTable('cases')
    .set({ retired_at: tx.now, updated_at: tx.now })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}
