/** The rooms that respond to an incident — alerts to post-mortems — on a travelled clock, each fact by hand. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type AlertSeverity,
  type AlertSource,
  acknowledgeAlertIn,
  alertsRoom,
  openAlertIn,
  resolveAlertIn,
} from '../../src/alerts/index.ts'
import { applyCatalogConfig, catalogConfig } from '../../src/catalog/index.ts'
import {
  applyStatusPageConfig,
  commsRoom,
  snapshotDirectory,
  statusPageConfig,
} from '../../src/comms/index.ts'
import { createWorld } from '../../src/engine/create-world.ts'
import { type Fact, factsAfter } from '../../src/engine/facts.ts'
import { assembleEngine, type Engine, travelTo } from '../../src/engine/runner.ts'
import { type Actor, systemActor, type World } from '../../src/engine/world.ts'
import { applyIncidentsConfig, incidentsConfig, incidentsRoom } from '../../src/incidents/index.ts'
import { type TravelClock, travelClock } from '../../src/kit/clock.ts'
import { parseDuration } from '../../src/kit/duration.ts'
import { silentLog } from '../../src/kit/log.ts'
import { type Verdict, verdictChanged } from '../../src/monitors/index.ts'
import { postmortemsRoom } from '../../src/postmortems/index.ts'
import type { Store } from '../../src/store/store.ts'

/** Thursday, 8 January 2026, 12:00 UTC. */
export const START = Date.parse('2026-01-08T12:00:00Z')

const CATALOG = {
  services: {
    docs: { name: 'Documentation', audience: 'public' },
    shop: { name: 'Shop', audience: 'public' },
    ledger: { name: 'Ledger db-07.internal' },
  },
  people: {
    ana: { name: 'Ana Secret', email: 'ana@example.org' },
    bo: { name: 'Bo', email: 'bo@example.org', role: 'editor' },
  },
}

export const tester = systemActor('test')

export interface ResponseOptions {
  drill?: string
  incidents?: object
  statusPage?: object
}

export interface ResponseWorld {
  clock: TravelClock
  store: Store
  world: World
  engine: Engine
  publicDirectory: string
  travel(duration: string): Promise<void>
  /** An alert opens, by its key; answers its id. */
  alert(
    key?: string,
    more?: {
      severity?: AlertSeverity
      serviceId?: string | null
      monitorId?: string | null
      source?: AlertSource
      title?: string
    },
  ): Promise<string>
  resolve(key?: string): Promise<void>
  acknowledge(alertId: string, by?: Actor): Promise<void>
  verdict(
    monitorId: string,
    from: Verdict,
    to: Verdict,
    more?: { serviceId?: string; since?: number },
  ): Promise<void>
  facts(type?: string): Promise<Fact[]>
  /** A published file. */
  published(path: string): string
  close(): Promise<void>
}

/** A person of the catalogue. */
export function person(id: string, role: Actor['role'] = 'responder'): Actor {
  return { id: `person:${id}`, name: id === 'ana' ? 'Ana Secret' : id, role, personId: id }
}

export async function responseWorld(store: Store, options: ResponseOptions = {}): Promise<ResponseWorld> {
  const clock = travelClock(START)
  const publicDirectory = mkdtempSync(join(tmpdir(), 'tocsin-public-'))
  const world = createWorld({
    clock,
    store,
    log: silentLog,
    instance: 'test',
    publicUrl: 'https://tocsin.example.org',
    drill: options.drill ?? null,
  })
  const rooms = [alertsRoom(), incidentsRoom(), commsRoom({ publicDirectory }), postmortemsRoom()]
  const engine = assembleEngine(world, rooms)
  await world.transact(async (tx) => {
    await applyCatalogConfig(tx, world, tester, catalogConfig.parse(CATALOG), {})
    await applyIncidentsConfig(tx, world, tester, incidentsConfig.parse(options.incidents ?? {}))
    await applyStatusPageConfig(tx, world, tester, statusPageConfig.parse(options.statusPage ?? {}))
  })
  for (const room of rooms) await room.start?.(world)
  await engine.drain()
  return {
    ...{ clock, store, world, engine, publicDirectory },
    travel: (duration) => travelTo(engine, clock, clock.now() + parseDuration(duration)!),
    async alert(key = 'k', more = {}) {
      const alertId = await world.transact((tx) =>
        openAlertIn(tx, world, tester, {
          dedupKey: key,
          title: more.title ?? `${key} is down`,
          summary: 'connection refused by db-07.internal',
          severity: more.severity ?? 'critical',
          reason: 'connect.refused',
          serviceId: more.serviceId === undefined ? 'docs' : more.serviceId,
          monitorId: more.monitorId ?? null,
          source: more.source ?? 'monitor',
        }),
      )
      await engine.drain()
      return alertId
    },
    async resolve(key = 'k') {
      await world.transact((tx) => resolveAlertIn(tx, world, tester, { dedupKey: key, reason: 'recovered' }))
      await engine.drain()
    },
    async acknowledge(alertId, by = person('ana')) {
      await world.transact((tx) => acknowledgeAlertIn(tx, world, by, { alertId, via: 'browser' }))
      await engine.drain()
    },
    async verdict(monitorId, from, to, more = {}) {
      await world.transact((tx) =>
        verdictChanged.append(tx, world, {
          subject: monitorId,
          actor: systemActor('monitors'),
          data: {
            monitorId,
            serviceId: more.serviceId ?? 'docs',
            monitorName: monitorId,
            ...{ from, to },
            reason: to === 'up' ? 'ok' : 'connect.refused',
            summary: `seen from probe-3.internal`,
            target: 'db-07.internal:443',
            since: more.since ?? tx.now,
            maintenance: false,
          },
        }),
      )
    },
    async facts(type) {
      const all = await factsAfter(store.read, 0, 10_000)
      return type === undefined ? all : all.filter((fact) => fact.type === type)
    },
    published: (path) => readFileSync(join(snapshotDirectory(publicDirectory), path), 'utf8'),
    async close() {
      await store.close()
      rmSync(publicDirectory, { recursive: true, force: true })
    },
  }
}

/** A run that passed, of the drill that is to prove the action: what the database asks for before it says proved. */
export async function passRun(it: ResponseWorld, actionId: string, runId: string): Promise<string> {
  const drillId = `drill-of-${actionId}`
  await it.world.transact(async ({ db, now }) => {
    await db
      .insertInto('action_proofs')
      .values({
        action_id: actionId,
        state: 'awaiting',
        drill_id: drillId,
        run_id: null,
        reason: 'claimed',
        concluded_at: null,
        proved_at: null,
        alerted: 0,
        since: now,
      })
      .onConflict((c) => c.doNothing())
      .execute()
    await db
      .insertInto('drill_runs')
      .values({
        id: runId,
        drill_id: drillId,
        monitor_id: 'docs',
        action_id: actionId,
        state: 'queued',
        cause: 'person',
        asked_by: 'test',
        asked_at: now,
        started_at: null,
        finished_at: null,
        reason: 'person',
        summary: null,
        evidence: null,
      })
      .onConflict((c) => c.doNothing())
      .execute()
    await db
      .updateTable('drill_runs')
      .set({ state: 'passed' })
      .where('id', '=', runId)
      .where('state', '=', 'queued')
      .execute()
  })
  return runId
}

/** A test in a world of its own, for every store: `playedIn(open)('what it shows', async (it) => …)`. */
export function playedIn(open: () => Promise<Store>) {
  return (what: string, body: (it: ResponseWorld) => Promise<void>): void =>
    void test(what, async () => {
      const it = await responseWorld(await open())
      try {
        await body(it)
      } finally {
        await it.close()
      }
    })
}
