import { factsAfter } from '../engine/facts.ts'
import { factParked } from '../engine/listeners.ts'
import { type Listener, on } from '../engine/room.ts'
import { systemActor } from '../engine/world.ts'
import { hasNotBegun, monitorConfigured, verdictChanged } from '../monitors/index.ts'
import type { Reader } from '../store/store.ts'
import { findOpenAlert } from './alert.rows.ts'
import { alertFromVerdict, monitorKey } from './alert-from-verdict.rules.ts'
import { openAlertIn } from './open-alert.ts'
import { resolveAlertIn } from './resolve-alert.ts'

const actor = systemActor('alerts')
const LISTENER = 'alerts'

const STANDS = {
  up: 'is up',
  degraded: 'is degraded',
  down: 'is down',
  unknown: 'is not being checked',
} as const

// A room that breaks on alerts breaks on the alert about it too: telling of that would never end.
async function isAbout(db: Reader, seq: number, alertId: string): Promise<boolean> {
  const [fact] = await factsAfter(db, seq - 1, 1)
  return fact !== undefined && (fact.data as { alertId?: unknown } | null)?.alertId === alertId
}

/** What alerts/ hears: verdicts of monitors, and facts that a room could not digest. */
export const alertsListener: Listener = {
  name: LISTENER,
  hears: [
    on(verdictChanged, async (tx, world, { data }) => {
      const dedupKey = monitorKey(data.monitorId)
      const { to, maintenance, reason } = data
      const begins = hasNotBegun({ verdict: to, reason })
      const decided = alertFromVerdict({ to, maintenance, begins }, await findOpenAlert(tx.db, dedupKey))
      if (decided.outcome === 'resolve')
        await resolveAlertIn(tx, world, actor, { dedupKey, reason: decided.reason })
      if (decided.outcome !== 'raise') return
      await openAlertIn(tx, world, actor, {
        dedupKey,
        title: `${data.monitorName} ${STANDS[data.to]}`,
        summary: [data.summary, data.target].filter(Boolean).join(' — '),
        severity: decided.severity,
        reason: data.reason,
        serviceId: data.serviceId,
        monitorId: data.monitorId,
        source: 'monitor',
        since: data.since,
      })
    }),
    on(monitorConfigured, async (tx, world, { data }) => {
      // Nobody will ever say that a monitor which is gone has recovered.
      if (data.change !== 'removed' && data.enabled !== false) return
      const reason = data.change === 'removed' ? 'monitor-removed' : 'monitor-disabled'
      await resolveAlertIn(tx, world, actor, { dedupKey: monitorKey(data.monitorId), reason })
    }),
    on(factParked, async (tx, world, { data }) => {
      // Were this very alert what cannot be digested, raising it again would never end.
      if (data.listener === LISTENER && data.factType === factParked.type) {
        world.log.error(data, 'an alert about an undigested fact could not be raised')
        return
      }
      const dedupKey = `engine:${data.listener}`
      const open = await findOpenAlert(tx.db, dedupKey)
      if (open && (await isAbout(tx.db, data.seq, open.id))) {
        world.log.error(data, 'what an undigested fact told of the alert about undigested facts is no news')
        return
      }
      await openAlertIn(tx, world, actor, {
        dedupKey,
        title: `Tocsin could not digest a fact: ${data.listener} goes on without it`,
        summary: `Fact ${data.seq} (${data.factType}): ${data.error}`,
        severity: 'critical',
        reason: 'fact-parked',
        serviceId: null,
        monitorId: null,
        source: 'engine',
      })
    }),
  ],
}
