import { findAlert } from '../alerts/index.ts'
import { captureChannels } from '../channels/index.ts'
import { travelTo } from '../engine/runner.ts'
import { type Millis, travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { adoptTurn, neverChecked, recordObservation } from '../monitors/index.ts'
import { findPageByKey } from '../oncall/index.ts'
import type { ComposeReplica, ReplicaPage } from '../proofs/index.ts'
import { copyTables } from '../store/copy-tables.ts'
import { openStore } from '../store/open-store.ts'
import type { Schema } from '../store/schema.ts'
import { composeTocsin } from './compose.ts'

// What is configured, by file or by people. What happens — alerts, pages, incidents — begins empty.
const CONFIGURED: (keyof Schema)[] = [
  'teams',
  'services',
  'service_dependencies',
  'people',
  'team_members',
  'contacts',
  'monitors',
  'maintenance',
  'silences',
  'schedules',
  'overrides',
  'policies',
  'oncall_keys',
  'incident_settings',
  'status_page_settings',
  'monitor_states',
]

/** Composes a replica of a live Tocsin in memory: today's configuration, a virtual clock, captured channels. */
export const composeReplica: ComposeReplica = async (live, options) => {
  const { runId, monitorId, monitorIds = [monitorId], startAt, fresh = false } = options
  const store = await openStore({ directory: ':memory:', now: startAt })
  await copyTables(live.store, store, CONFIGURED)
  await store.transaction(async (db) => {
    // The silence of the other monitors must page nobody.
    const others = db.deleteFrom('monitors')
    await (monitorIds.length === 0 ? others : others.where('id', 'not in', monitorIds)).execute()
    // Nobody signs in to a replica: what opens the live one stays there.
    await db.updateTable('people').set({ password_hash: null }).execute()
    if (fresh) await db.updateTable('monitor_states').set(unknownSince(startAt)).execute()
  })
  const clock = travelClock(startAt)
  const capture = captureChannels()
  const replica = composeTocsin({
    clock,
    store,
    log: silentLog,
    instance: `drill-${runId}`,
    publicUrl: live.publicUrl,
    // Its checks are handed in; a replica never opens a connection.
    network: { check: null, channels: capture.channels },
    publicDirectory: null,
    composeReplica: async () => {
      throw new Error('a replica composes no replica')
    },
    drill: runId,
    rehearses: true,
  })
  await replica.start()
  const pages: ReplicaPage[] = []
  let read = 0
  const readPages = async () => {
    for (; read < capture.sent.length; read++) {
      const { message, at, kind } = capture.sent[read]!
      const page = await findPageByKey(store.read, message.key)
      if (page?.kind !== 'page') continue
      const alert = await findAlert(store.read, page.alertId)
      pages.push({
        at,
        personId: page.personId,
        channel: kind,
        step: page.stepName,
        monitorId: alert?.monitorId ?? null,
      })
    }
  }
  const settle = async () => {
    await replica.engine.drain()
    await readPages()
  }
  return {
    world: replica.world,
    async observe(observation, of = monitorId) {
      await recordObservation(replica.world, { monitorId: of, observation })
      await settle()
    },
    async adopt(of, turn) {
      await adoptTurn(replica.world, of, turn)
      await settle()
    },
    async travelTo(at) {
      await travelTo(replica.engine, clock, at)
      await readPages()
    },
    pages: () => pages,
    close: () => store.close(),
  }
}

function unknownSince(at: Millis) {
  const { verdict, reason, summary, since } = neverChecked(at)
  const nothing = {
    candidate_verdict: null,
    candidate_reason: null,
    candidate_since: null,
    candidate_count: 0,
  }
  const unseen = {
    checked_at: null,
    next_at: null,
    took_ms: null,
    last: null,
    certificate: null,
    fingerprint: null,
  }
  return { verdict, reason, summary, since, in_maintenance: 0, ...nothing, ...unseen }
}
