import type { Tx, World } from '../engine/world.ts'
import { parseJson } from '../kit/json.ts'
import type { EscalationsTable } from '../store/schema/oncall.ts'
import { type Reader, touched } from '../store/store.ts'
import type { Escalation, EscalationPhase, EscalationStatus } from './escalation.ts'
import type { PolicySpec } from './policy.ts'

/** An escalation with its own copy of the policy. */
export interface StoredEscalation extends Escalation {
  policy: PolicySpec | null
}

function readEscalation(row: EscalationsTable): StoredEscalation {
  return {
    id: row.id,
    alertId: row.alert_id,
    policyId: row.policy_id,
    policy: row.policy === null ? null : parseJson(row.policy),
    status: row.status as EscalationStatus,
    phase: row.phase as EscalationPhase,
    round: row.round,
    step: row.step,
    paging: row.paging,
    waitingUntil: row.waiting_until,
    reason: row.reason,
    startedAt: row.started_at,
    changedAt: row.changed_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    version: row.version,
  }
}

/** The escalation of an alert, or null. */
export async function findEscalation(db: Reader, alertId: string): Promise<StoredEscalation | null> {
  const row = await db
    .selectFrom('escalations')
    .selectAll()
    .where('alert_id', '=', alertId)
    .executeTakeFirst()
  return row ? readEscalation(row) : null
}

/** The escalations of these alerts, by alert. */
export async function escalationsOf(
  db: Reader,
  alertIds: readonly string[],
): Promise<Map<string, StoredEscalation>> {
  const found = new Map<string, StoredEscalation>()
  // Both databases limit the parameters of one statement.
  for (let i = 0; i < alertIds.length; i += 1_000) {
    const some = alertIds.slice(i, i + 1_000)
    const rows = await db.selectFrom('escalations').selectAll().where('alert_id', 'in', some).execute()
    for (const row of rows) found.set(row.alert_id, readEscalation(row))
  }
  return found
}

/** The escalation of an alert, held against other transactions until this one ends. */
export async function lockEscalation(
  tx: Tx,
  world: World,
  alertId: string,
): Promise<StoredEscalation | null> {
  const row = await tx.db
    .selectFrom('escalations')
    .selectAll()
    .where('alert_id', '=', alertId)
    .$if(world.store.dialect === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  return row ? readEscalation(row) : null
}

type Stored = Omit<StoredEscalation, 'version' | 'changedAt'>

function columns(escalation: Stored, now: number) {
  return {
    policy_id: escalation.policyId,
    policy: escalation.policy === null ? null : JSON.stringify(escalation.policy),
    status: escalation.status,
    phase: escalation.phase,
    round: escalation.round,
    step: escalation.step,
    paging: escalation.paging,
    waiting_until: escalation.waitingUntil,
    reason: escalation.reason,
    ended_at: escalation.endedAt,
    end_reason: escalation.endReason,
    changed_at: now,
  }
}

/** Writes a new escalation; answers false when the alert has one already. */
export async function insertEscalation(tx: Tx, escalation: Stored): Promise<boolean> {
  const result = await tx.db
    .insertInto('escalations')
    .values({
      ...columns(escalation, tx.now),
      id: escalation.id,
      alert_id: escalation.alertId,
      started_at: escalation.startedAt,
      version: 1,
    })
    .onConflict((c) => c.column('alert_id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Writes an escalation where it still is as it was read; answers whether it was. */
export async function updateEscalation(tx: Tx, escalation: StoredEscalation): Promise<boolean> {
  const result = await tx.db
    .updateTable('escalations')
    .set({ ...columns(escalation, tx.now), version: escalation.version + 1 })
    .where('id', '=', escalation.id)
    .where('version', '=', escalation.version)
    .executeTakeFirst()
  return touched(result) > 0
}
