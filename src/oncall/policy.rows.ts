import type { Tx } from '../engine/world.ts'
import { parseJson } from '../kit/json.ts'
import type { PoliciesTable } from '../store/schema/oncall.ts'
import type { Reader } from '../store/store.ts'
import type { Policy } from './policy.ts'

function readPolicy(row: PoliciesTable): Policy {
  return {
    id: row.id,
    name: row.name,
    spec: parseJson(row.spec),
    isDefault: row.is_default === 1,
    managedBy: row.managed_by as Policy['managedBy'],
  }
}

/** Every policy, in the order of the configuration. */
export async function listPolicies(db: Reader): Promise<Policy[]> {
  const rows = await db.selectFrom('policies').selectAll().orderBy('position').orderBy('id').execute()
  return rows.map(readPolicy)
}

/** One policy, or null. */
export async function findPolicy(db: Reader, id: string): Promise<Policy | null> {
  const row = await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readPolicy(row) : null
}

/** The policy marked as default, else the first, else null. */
export async function defaultPolicy(db: Reader): Promise<Policy | null> {
  const row = await db
    .selectFrom('policies')
    .selectAll()
    .orderBy('is_default', 'desc')
    .orderBy('position')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ? readPolicy(row) : null
}

/** Writes or replaces a policy. */
export async function putPolicy(tx: Tx, policy: Policy, position: number): Promise<void> {
  const values = {
    name: policy.name,
    spec: JSON.stringify(policy.spec),
    is_default: policy.isDefault ? 1 : 0,
    managed_by: policy.managedBy,
    position,
    changed_at: tx.now,
  }
  await tx.db
    .insertInto('policies')
    .values({ id: policy.id, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
}

/** Takes a policy away; escalations that run keep their copy. */
export async function deletePolicy(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('policies').where('id', '=', id).execute()
}
