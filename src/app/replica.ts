import { captureChannels } from '../channels/index.ts'
import { travelTo } from '../engine/runner.ts'
import { travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { recordObservation } from '../monitors/index.ts'
import { listPages } from '../oncall/index.ts'
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
  'monitor_states',
]

/** Composes a replica of a live Tocsin in memory: today's configuration, a virtual clock, captured channels. */
export const composeReplica: ComposeReplica = async (live, { runId, monitorId, startAt }) => {
  const store = await openStore({ directory: ':memory:', now: startAt })
  await copyTables(live.store, store, CONFIGURED)
  await store.transaction(async (db) => {
    // The silence of the other monitors must page nobody.
    await db.deleteFrom('monitors').where('id', '!=', monitorId).execute()
    // Nobody signs in to a replica: what opens the live one stays there.
    await db.updateTable('people').set({ password_hash: null }).execute()
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
  })
  await replica.start()
  const pages: ReplicaPage[] = []
  let read = 0
  const readPages = async () => {
    for (; read < capture.sent.length; read++) {
      const { message, at, kind } = capture.sent[read]!
      const page = (await listPages(store.read, { limit: 500 })).items.find(
        (item) => item.key === message.key,
      )
      if (page) pages.push({ at, personId: page.personId, channel: kind, monitorId })
    }
  }
  return {
    world: replica.world,
    async observe(observation) {
      await recordObservation(replica.world, { monitorId, observation })
      await replica.engine.drain()
      await readPages()
    },
    async travelTo(at) {
      await travelTo(replica.engine, clock, at)
      await readPages()
    },
    pages: () => pages,
    close: () => store.close(),
  }
}
