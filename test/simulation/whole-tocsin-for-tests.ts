/** A whole Tocsin whose process can die at any transaction, over a store that stays. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeTocsin, type Tocsin } from '../../src/app/compose.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { composeReplica } from '../../src/app/replica.ts'
import { verifyContact } from '../../src/catalog/index.ts'
import { type Capture, captureChannels } from '../../src/channels/index.ts'
import { snapshotDirectory } from '../../src/comms/index.ts'
import { travelTo } from '../../src/engine/runner.ts'
import { type Actor, systemActor, type Tx } from '../../src/engine/world.ts'
import { type Clock, type TravelClock, travelClock } from '../../src/kit/clock.ts'
import { MINUTE } from '../../src/kit/duration.ts'
import { silentLog } from '../../src/kit/log.ts'
import type { Observation } from '../../src/monitors/index.ts'
import type { Store } from '../../src/store/store.ts'

export const PEOPLE = ['ana', 'bo', 'cy'] as const
export const MONITORS = ['docs-port', 'shop-port', 'mail-port'] as const
export const EVERY = 2 * MINUTE
export const LAST_RESORT_EVERY = 15 * MINUTE

/** Three ports and a nightly job, a policy of two steps and a last resort, incidents by rule, and a drill. */
export const CONFIG = `
people:
  ana: { name: Ana, email: ana@lab.example }
  bo: { name: Bo, email: bo@lab.example, role: editor }
  cy: { name: Cy, email: cy@lab.example, role: administrator }
teams: { web: { members: [ana, bo], schedule: week, policy: usual } }
services:
  docs: { name: Documentation, owner: web, audience: public }
  shop: { name: Shop, owner: web, dependsOn: [docs], audience: public }
oncall: { week: { rotation: weekly, from: "2026-01-05T09:00", timezone: Europe/Paris, order: [ana, bo] } }
policies:
  usual:
    default: true
    steps:
      - { notify: [{ schedule: week }], wait: 5m }
      - { notify: [{ person: bo }], wait: 5m }
    lastResort: { people: [cy], every: 15m }
monitors:
  docs-port: { service: docs, type: tcp, target: "docs.lab.example:443", every: 2m, confirm: 2, retryEvery: 30s }
  shop-port: { service: shop, type: tcp, target: "shop.lab.example:443", every: 2m, confirm: 1 }
  mail-port: { service: shop, type: tcp, target: "mail.lab.example:25", every: 2m, confirm: 1 }
  backup: { service: docs, type: heartbeat, every: 20m }
incidents: { rules: [{ severity: SEV2, when: { alertSeverity: critical } }] }
drills: { wakes-ana: { kind: end-to-end, monitor: docs-port, expect: { paged: ana, within: 5m } } }
`

/** The same without anybody on call: steps that reach nobody. */
export const NOBODY = CONFIG.replace('from: "2026-01-05T09:00"', 'from: "2030-01-07T09:00"')

export interface WholeTocsin {
  clock: TravelClock
  store: Store
  capture: Capture
  tocsin(): Tocsin
  seen: Map<string, Observation>
  /** The process dies now. */
  crash(): void
  /** It dies just before the commit of the nth transaction from now. */
  crashIn(transactions: number): void
  crashed(): boolean
  /** The next process over the same store; may itself be told to die. */
  restart(): Promise<void>
  /** Does something for somebody; a crash under way answers null, and the next process starts. */
  attempt<T>(work: (tocsin: Tocsin) => Promise<T>): Promise<T | null>
  /** Lets time pass; whoever dies on the way is started again. */
  travel(minutes: number): Promise<void>
  configure(config: string): void
  as(personId: string): Actor
  /** The public page as it stands on the disk; null before the first. */
  publicPage(): string | null
  close(): Promise<void>
}

export async function wholeTocsin(store: Store, start: number): Promise<WholeTocsin> {
  const clock = travelClock(start)
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-simulation-'))
  const publicDirectory = join(folder, 'public')
  const capture = captureChannels()
  const seen = new Map<string, Observation>()
  let config = CONFIG
  let life = { dead: false, left: Infinity }
  let lives = 0
  let tocsin: Tocsin

  async function boot(): Promise<void> {
    const mine = { dead: false, left: Infinity }
    life = mine
    // What a dead process had still to do it never does.
    const its: Clock = {
      now: clock.now,
      after: (ms, fn) => clock.after(ms, () => void (mine.dead || fn())),
    }
    tocsin = composeTocsin({
      clock: its,
      store,
      log: silentLog,
      instance: `life-${++lives}`,
      publicUrl: 'https://tocsin.lab.example',
      network: {
        check: async ({ id }) => seen.get(id) ?? observation('up'),
        channels: capture.channels,
      },
      publicDirectory,
      composeReplica,
    })
    const { world } = tocsin
    const { transact } = world
    world.transact = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      if (mine.dead) throw new Error('this process is dead')
      return transact(async (tx) => {
        const result = await work(tx)
        if (--mine.left <= 0) mine.dead = true
        if (mine.dead) throw new Error('this process died before the commit')
        return result
      })
    }
    const read = readConfiguration(config, { env: {}, folder })
    assert.ok(read.ok, JSON.stringify(read))
    await tocsin.apply(read.value)
    await tocsin.start()
  }

  const it: WholeTocsin = {
    clock,
    store,
    capture,
    seen,
    tocsin: () => tocsin,
    crash: () => {
      life.dead = true
    },
    crashIn: (transactions) => {
      life.left = transactions
    },
    crashed: () => life.dead,
    restart: async () => {
      life.dead = true
      await boot()
    },
    async attempt(work) {
      try {
        return await work(tocsin)
      } catch (error) {
        if (!life.dead) throw error
        return null
      } finally {
        if (life.dead) await boot()
      }
    },
    async travel(minutes) {
      const to = clock.now() + minutes * MINUTE
      for (let tries = 0; tries < 200; tries++) {
        const mine = life
        await it.attempt(({ engine }) => travelTo(engine, clock, Math.max(to, clock.now())))
        // Who died on arrival has not yet done what was due there.
        if (!mine.dead) return
      }
      assert.fail('it dies and dies')
    },
    configure: (text) => {
      config = text
    },
    as: (personId) => ({
      ...systemActor('simulation'),
      id: `person:${personId}`,
      name: personId,
      role: 'responder',
      personId,
    }),
    publicPage: () => {
      const file = join(snapshotDirectory(publicDirectory), 'index.html')
      return existsSync(file) ? readFileSync(file, 'utf8') : null
    },
    async close() {
      life.dead = true
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await boot()
  await it.travel(0)
  for (const { message } of capture.sent.splice(0)) {
    const secret = /\/verify\/([\w.-]+)/.exec(`${message.link?.url}`)?.[1]
    if (secret) await verifyContact(tocsin!.world, secret)
  }
  return it
}

export function observation(verdict: Observation['verdict']): Observation {
  const reason = { up: 'ok', degraded: 'slow', down: 'connect.refused', unknown: 'no-answer' }[verdict]
  return { verdict, reason, summary: `it looks ${verdict}`, tookMs: 3, values: {} }
}
