import type { Fact } from '../engine/facts.ts'
import type { Tx } from '../engine/world.ts'
import { verdictChanged } from '../monitors/index.ts'
import { TOLD_TYPES, troubleStreak } from './describe-fact.rules.ts'
import type { LinkedAlert } from './incident.ts'
import { factsNaming, newestFactsAbout } from './timeline.rows.ts'
import { tellFact } from './write-entry.ts'

const ABOUT_ALERTS = TOLD_TYPES.filter((type) => type !== verdictChanged.type)

/** The verdict changes that led to an alert, oldest first, and when the impact began as far as they tell. */
export async function troubleBefore(
  tx: Tx,
  alert: Pick<LinkedAlert, 'monitorId' | 'openedAt'>,
): Promise<{ facts: Fact[]; impactStart: number | null }> {
  if (alert.monitorId === null) return { facts: [], impactStart: null }
  const newest = (await newestFactsAbout(tx.db, alert.monitorId, verdictChanged.type))
    .filter((fact) => !fact.drill)
    .filter(verdictChanged.is)
  const { length, impactStart } = troubleStreak(newest.map((fact) => fact.data))
  return { facts: newest.slice(0, length).reverse(), impactStart }
}

/**
 * Tells what happened before the alert came to the incident: the verdicts behind it, and its own story up to a
 * fact — the listener that hears them goes on from there by itself — or up to now.
 */
export async function backfillAlert(
  tx: Tx,
  incidentId: string,
  alert: LinkedAlert,
  upToSeq?: number,
): Promise<void> {
  const { facts } = await troubleBefore(tx, alert)
  for (const fact of facts) await tellFact(tx, incidentId, fact, happenedAt(fact))
  const [opened] = await newestFactsAbout(tx.db, alert.alertId, 'alert.opened')
  if (!opened) return
  for (const fact of await factsNaming(tx.db, ABOUT_ALERTS, [opened.seq, upToSeq], alert.alertId))
    if (!fact.drill && (fact.data as { alertId?: unknown }).alertId === alert.alertId)
      await tellFact(tx, incidentId, fact)
}

/** A verdict holds since its first sign, which the monitor names; all else happened when the fact says. */
export function happenedAt(fact: Fact): number {
  return verdictChanged.is(fact) ? Math.min(fact.data.since, fact.at) : fact.at
}
