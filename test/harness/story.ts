/**
 * A whole Tocsin with a travelled clock, scripted targets and captured channels. A story says what happens and who
 * must hear of it when; a message that nobody expected fails it.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Alert, listAlerts } from '../../src/alerts/index.ts'
import { composeTocsin, type Tocsin } from '../../src/app/compose.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { composeReplica } from '../../src/app/replica.ts'
import { verifyContact } from '../../src/catalog/index.ts'
import {
  type Capture,
  type CapturedMessage,
  type ChannelMap,
  captureChannels,
  type Delivery,
} from '../../src/channels/index.ts'
import { type Fact, factsAfter } from '../../src/engine/facts.ts'
import { travelTo } from '../../src/engine/runner.ts'
import { type Actor, systemActor } from '../../src/engine/world.ts'
import { type TravelClock, travelClock } from '../../src/kit/clock.ts'
import { formatDuration, parseDuration } from '../../src/kit/duration.ts'
import { silentLog } from '../../src/kit/log.ts'
import type { Observation } from '../../src/monitors/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'

export const PUBLIC_URL = 'https://tocsin.lab.example'

/** Two people, one service, one monitor that is checked every minute and believed at the second bad check. */
export const USUAL = `
people:
  ana: { name: Ana, email: ana@lab.example }
  bo: { name: Bo, email: bo@lab.example, role: editor }
  cy: { name: Cy, email: cy@lab.example, role: administrator }
teams: { web: { members: [ana, bo], schedule: week, policy: usual } }
services: { docs: { name: Documentation, owner: web, audience: public } }
oncall: { week: { rotation: weekly, from: "2026-01-05T09:00", timezone: Europe/Paris, order: [ana, bo] } }
policies:
  usual:
    default: true
    steps:
      - { notify: [{ schedule: week }], wait: 5m }
      - { notify: [{ person: bo }], wait: 10m }
    lastResort: { people: [cy], every: 15m }
monitors:
  docs-port: { service: docs, type: tcp, target: "docs.lab.example:443", every: 60s, confirm: 2, retryEvery: 30s }
`

export const DOWN: Observation = {
  verdict: 'down',
  reason: 'connect.refused',
  summary: 'nothing listens there',
  tookMs: 3,
  values: {},
}
export const UP: Observation = { verdict: 'up', reason: 'ok', summary: 'it answers', tookMs: 3, values: {} }

export interface StoryOptions {
  config?: string
  /** RFC 3339; by default a Wednesday in Ana's week. */
  start?: string
  store?: () => Promise<Store>
  /** Where messages leave by; captured by default. What leaves by others cannot be expected here. */
  channels?: ChannelMap
  /** Contacts are verified at the start, unless a story is about that. */
  verify?: boolean
}

export interface Message {
  to: string
  channel: string
  subject: string
  text: string
  link: string | null
  key: string
  at: number
}

export interface Story {
  clock: TravelClock
  /** The Tocsin of now: another one after a restart. */
  tocsin(): Tocsin
  store: Store
  publicDirectory: string
  /** What a monitor sees from now on. */
  see(monitorId: string, observation: Observation): void
  /** Lets time pass: `30m`. */
  travel(duration: string): Promise<void>
  /** Everything due now happens. */
  settle(): Promise<void>
  /** Takes the earliest message to this address that is not taken yet; fails when there is none. */
  expectMessage(to: string, subject: RegExp): Message
  /** Takes the earliest messages to this address, whichever of them came first. */
  expectMessages(to: string, subjects: readonly RegExp[]): void
  /** No message waits to be taken. */
  expectSilence(): void
  /** What channels answer from now on. */
  answer(how: (kind: string, to: string) => Delivery): void
  /** The process dies here and another one starts over the same store. */
  restart(): Promise<void>
  apply(config: string): Promise<void>
  alerts(): Promise<Alert[]>
  facts(type?: string): Promise<Fact[]>
  as(personId: string, role?: Actor['role']): Actor
}

function messageOf({ kind, address, message, at }: CapturedMessage): Message {
  return {
    to: String(address.email ?? address.url),
    channel: kind,
    subject: message.subject,
    text: message.text,
    link: message.link?.url ?? null,
    key: message.key,
    at,
  }
}

/** Plays a story; afterwards no message may be left that it did not expect. */
export async function story(options: StoryOptions, play: (story: Story) => Promise<void>): Promise<void> {
  const start = Date.parse(options.start ?? '2026-01-07T10:00:00Z')
  const clock = travelClock(start)
  const store = options.store ? await options.store() : await openStore({ directory: ':memory:', now: start })
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-story-'))
  const publicDirectory = join(folder, 'public')
  const seen = new Map<string, Observation>()
  const inbox: Message[] = []
  let instance = 0
  let capture: Capture
  let answer: (kind: string, to: string) => Delivery = () => ({ result: 'sent' })
  let tocsin: Tocsin
  let config = options.config ?? USUAL

  const gather = () => {
    for (const sent of capture.sent.splice(0)) inbox.push(messageOf(sent))
  }
  const settle = async () => {
    await tocsin.engine.drain()
    gather()
  }
  const apply = async (text: string) => {
    config = text
    const read = readConfiguration(text, { env: {}, folder })
    assert.ok(read.ok, `the story's configuration is not valid: ${JSON.stringify(read, null, 1)}`)
    await tocsin.apply(read.value)
    await settle()
  }
  const open = async () => {
    capture = captureChannels()
    capture.answer = (kind, address) => answer(kind, String(address.email ?? address.url))
    tocsin = composeTocsin({
      clock,
      store,
      log: silentLog,
      instance: `story-${instance++}`,
      publicUrl: PUBLIC_URL,
      network: {
        check: async (monitor) => seen.get(monitor.id) ?? UP,
        channels: options.channels ?? capture.channels,
      },
      publicDirectory,
      composeReplica,
    })
    await apply(config)
    await tocsin.start()
  }
  const told = (message: Message) =>
    `${formatDuration(message.at - start)} after the start, to ${message.to}: ${message.subject}`

  await open()
  if (options.verify !== false) {
    await settle()
    for (const message of inbox.splice(0)) {
      const secret = /\/verify\/([\w.-]+)/.exec(`${message.link} ${message.text}`)?.[1]
      assert.ok(secret, `the first messages ask for verification: ${message.subject}`)
      await verifyContact(tocsin!.world, secret)
    }
  }
  try {
    await play({
      clock,
      tocsin: () => tocsin,
      store,
      publicDirectory,
      see: (monitorId, observation) => void seen.set(monitorId, observation),
      async travel(duration) {
        await travelTo(tocsin.engine, clock, clock.now() + parseDuration(duration)!)
        gather()
      },
      settle,
      expectMessage(to, subject) {
        const index = inbox.findIndex((message) => message.to === to)
        assert.notEqual(index, -1, `no message to ${to}; there are: ${inbox.map(told).join(' · ') || 'none'}`)
        const [message] = inbox.splice(index, 1)
        assert.match(message!.subject, subject)
        return message!
      },
      expectMessages(to, subjects) {
        const sent = inbox.filter((message) => message.to === to).slice(0, subjects.length)
        for (const subject of subjects) {
          const index = sent.findIndex((message) => subject.test(message.subject))
          assert.notEqual(
            index,
            -1,
            `no ${subject} to ${to}; there are: ${inbox.map(told).join(' · ') || 'none'}`,
          )
          const [message] = sent.splice(index, 1)
          inbox.splice(inbox.indexOf(message!), 1)
        }
      },
      expectSilence() {
        assert.deepEqual(inbox.map(told), [], 'nobody should have been told anything')
      },
      answer: (how) => {
        answer = how
      },
      async restart() {
        gather()
        await open()
      },
      apply,
      alerts: async () => (await listAlerts(store.read, { limit: 100 })).items,
      async facts(type) {
        const all = await factsAfter(store.read, 0, 10_000)
        return type ? all.filter((fact) => fact.type === type) : all
      },
      as: (personId, role = 'responder') => ({
        ...systemActor('story'),
        id: `person:${personId}`,
        name: personId,
        role,
        personId,
      }),
    })
    await settle()
    assert.deepEqual(inbox.map(told), [], 'a message that the story did not expect')
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
