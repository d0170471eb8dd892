import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { newId } from '../kit/ids.ts'
import { insertAlert, lockAlert, updateAlert } from './alert.rows.ts'
import type { Alert, AlertSeverity, AlertSource } from './alert.ts'
import { changeOf } from './change.rules.ts'
import { alertChanged, alertOpened } from './facts.ts'
import { silencesInForce } from './silence.rows.ts'
import { silenceOver } from './silence.rules.ts'

export interface OpenAlertInput {
  dedupKey: string
  title: string
  summary: string
  severity: AlertSeverity
  reason: string
  serviceId: string | null
  monitorId: string | null
  source: AlertSource
  policyId?: string | null
  /** When what it is about began; now, unless known to be earlier. */
  since?: number
}

const TITLE = 300
const SUMMARY = 4_000

/** Opens an alert, or changes the unresolved one with the same key; answers its id. */
export async function openAlertIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: OpenAlertInput,
): Promise<string> {
  authorize(actor, 'responder')
  const text = { ...input, title: input.title.slice(0, TITLE), summary: input.summary.slice(0, SUMMARY) }
  const open = await lockAlert(tx, world, { openKey: text.dedupKey })
  if (open) return change(tx, world, actor, open, text)
  const id = newId(tx.now)
  const silence = silenceOver(await silencesInForce(tx.db, tx.now), text, tx.now)
  const inserted = await insertAlert(tx, {
    id,
    open_key: text.dedupKey,
    dedup_key: text.dedupKey,
    title: text.title,
    summary: text.summary,
    severity: text.severity,
    reason: text.reason,
    state: 'open',
    service_id: text.serviceId,
    monitor_id: text.monitorId,
    source: text.source,
    policy_id: text.policyId ?? null,
    began_at: text.since ?? tx.now,
    opened_at: tx.now,
    changed_at: tx.now,
    acknowledged_at: null,
    acknowledged_by: null,
    acknowledged_name: null,
    acknowledged_via: null,
    resolved_at: null,
    resolved_by: null,
    resolved_reason: null,
    silence_id: silence?.id ?? null,
    version: 1,
  })
  // Another transaction opened it between the look and the insert.
  if (!inserted)
    return change(tx, world, actor, (await lockAlert(tx, world, { openKey: text.dedupKey }))!, text)
  await alertOpened.append(tx, world, {
    subject: id,
    actor,
    data: {
      alertId: id,
      dedupKey: text.dedupKey,
      title: text.title,
      summary: text.summary,
      severity: text.severity,
      reason: text.reason,
      serviceId: text.serviceId,
      monitorId: text.monitorId,
      source: text.source,
      silenced: silence !== null,
      policyId: text.policyId ?? null,
    },
  })
  return id
}

async function change(
  tx: Tx,
  world: World,
  actor: Actor,
  alert: Alert,
  next: Pick<OpenAlertInput, 'severity' | 'title' | 'summary' | 'reason'>,
): Promise<string> {
  const { outcome, reason, reopens } = changeOf(alert, next)
  if (outcome === 'nothing') return alert.id
  await updateAlert(tx, alert, {
    severity: next.severity,
    title: next.title,
    summary: next.summary,
    reason: next.reason,
    ...(reopens ? { state: 'open' } : {}),
  })
  await alertChanged.append(tx, world, {
    subject: alert.id,
    actor,
    data: { alertId: alert.id, reason, summary: next.summary, severity: next.severity, reopened: reopens },
  })
  return alert.id
}
