/** A month is replayed in seconds because most of it is folded; what is told must be what the store would tell. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { composeReplica } from '../../src/app/replica.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/kit/duration.ts'
import {
  allMonitors,
  firstDelay,
  foldAtPace,
  type Monitor,
  neverChecked,
  type SeenAt,
  verdictChanged,
} from '../../src/monitors/index.ts'
import { hashOf, readEvents, replaySignals } from '../../src/proofs/replay/replay-signals.ts'
import type { Signal } from '../../src/proofs/replay/signal.ts'
import { syntheticSignal } from '../../src/proofs/replay/synthetic-signal.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const CONFIG =
  `${USUAL}  docs-page: { service: docs, type: http, url: "https://docs.lab.example/", every: 60s, confirm: 3, recover: 2, retryEvery: 20s }
  mail-port: { service: mail, type: tcp, target: "mail.lab.example:25", every: 30s, confirm: 1 }
`.replace('services: {', 'services: { mail: { name: Mail, owner: web }, ') +
  `maintenance:
  patching: { name: Patching, services: [mail], from: "2026-01-07T10:20:00Z", to: "2026-01-07T10:40:00Z" }
  tuesday: { name: Often, monitors: [docs-page], cron: "0 * * * *", duration: 10m, timezone: UTC }
`
const FROM = Date.parse('2026-01-07T10:00:00Z')
const IDS = ['docs-page', 'docs-port', 'mail-port'] as const

const SEEN = [
  UP,
  UP,
  UP,
  DOWN,
  { ...DOWN, reason: 'connect.timed-out', summary: 'no answer' },
  { ...UP, verdict: 'degraded' as const, reason: 'latency.high', summary: 'slow' },
  { ...UP, verdict: 'unknown' as const, reason: 'check.crashed', summary: 'we broke' },
].map(({ verdict, reason, summary }) => ({ verdict, reason, summary }))

async function monitorsOf(s: Story): Promise<Map<string, Monitor>> {
  return new Map((await allMonitors(s.store.read)).map((monitor) => [monitor.id, monitor]))
}

interface Turned {
  from: string
  to: string
  since: number
  reason: string
}
// A window that ends tells the same verdict again; that is no turn.
const isTurn = ({ from, to }: Turned) => from !== to

function begin(s: Story, from = FROM) {
  return composeReplica(s.tocsin().world, {
    runId: 'replay',
    monitorId: IDS[0],
    monitorIds: IDS,
    startAt: from,
    fresh: true,
  })
}

const recorded = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 400 }), seen: fc.nat(SEEN.length - 1) }), {
    maxLength: 25,
  })
  .map((all) => {
    let at = FROM
    return all.map(({ gap, seen }): SeenAt => {
      at += gap * SECOND
      return { at, seen: SEEN[seen]! }
    })
  })

describe('a replay', () => {
  it('tells what the same observations tell when each goes through the store by itself', () =>
    story({ config: CONFIG }, async (s) => {
      const monitors = await monitorsOf(s)
      const until = FROM + 4 * HOUR
      let told = 0
      await fc.assert(
        fc.asyncProperty(fc.tuple(recorded, recorded, recorded), async (signals) => {
          const fast = await begin(s)
          const slow = await begin(s)
          try {
            const outcome = await replaySignals(
              fast,
              signals.map((all, i): Signal => ({ monitorId: IDS[i]!, recorded: all })),
              monitors,
              { from: FROM, until },
            )
            const one = signals.flatMap((all, i) => all.map((seen) => ({ ...seen, monitorId: IDS[i]! })))
            one.sort((a, b) => a.at - b.at || (a.monitorId < b.monitorId ? -1 : 1))
            for (const { at, seen, monitorId } of one) {
              await slow.travelTo(at)
              await slow.observe({ ...seen, tookMs: 0, values: {} }, monitorId)
            }
            await slow.travelTo(until)
            assert.deepEqual(outcome.events, await readEvents(slow))
            assert.equal(outcome.observations, one.length)
            told += outcome.events.length
          } finally {
            await fast.close()
            await slow.close()
          }
        }),
        { numRuns: 8, seed: 7 },
      )
      assert.ok(told > 150, `the inputs were about something: ${told} events`)
    }))

  it('looks when the scheduler would look, and turns when it would turn', () =>
    story({ config: CONFIG }, async (s) => {
      const monitors = await monitorsOf(s)
      // Who would be told of it is another story's matter.
      s.answer(() => ({ result: 'refused', reason: 'nobody is to hear of this' }))
      // Trouble that begins and ends between two looks, at odd seconds.
      const bad = [
        [311, 500],
        [701, 719],
        [1_003, 1_100],
      ] as const
      const start = s.clock.now()
      // What a look finds was set at the last whole second before it.
      const sightAt = (at: number) => {
        const second = Math.ceil((at - start) / SECOND) - 1
        return bad.some(([from, to]) => second >= from && second < to) ? DOWN : UP
      }
      for (let second = 0; second < 1_500; second++) {
        for (const id of IDS) s.see(id, sightAt(s.clock.now() + 1))
        await s.travel('1s')
      }
      for (const monitorId of IDS) {
        const monitor = monitors.get(monitorId)!
        const lived = (await s.facts(verdictChanged.type))
          .filter((fact) => fact.subject === monitorId && isTurn(fact.data as Turned))
          .map((fact) => [fact.writtenAt, (fact.data as Turned).to, (fact.data as Turned).since])
        const first = start + firstDelay(monitorId, monitor.every, IDS.length)
        const until = s.clock.now()
        const { turns } = foldAtPace(neverChecked(start), sightAt, { first, until }, monitor)
        const folded = turns.map(({ at, step }) => [at, step.state.verdict, step.state.since])
        assert.ok(lived.length >= 3, `${monitorId} turned`)
        assert.deepEqual(folded, lived, monitorId)
      }
    }))

  it('of the same seed gives the same bytes, of another seed others', () =>
    story({ config: CONFIG }, async (s) => {
      const monitors = await monitorsOf(s)
      const stretch = { from: FROM, until: FROM + DAY }
      const play = async (seed: string) => {
        const replica = await begin(s)
        const trouble = { outages: 40, lastsMs: 15 * MINUTE, blips: 2 }
        const signals = IDS.map((id) => syntheticSignal(id, seed, stretch, trouble))
        const outcome = await replaySignals(replica, signals, monitors, stretch)
        await replica.close()
        return outcome
      }
      const first = await play('one')
      assert.equal(hashOf(await play('one')), hashOf(first))
      assert.notEqual(hashOf(await play('two')), hashOf(first))
      const whats = new Set(first.events.map(({ what }) => what))
      assert.deepEqual([...whats].sort(), ['alert', 'incident', 'page', 'update', 'verdict'])
      assert.equal(first.observations > 1440 * 4, true)
      s.expectSilence()
    }))

  it('leaves nothing behind and tells nobody outside', () =>
    story({ config: CONFIG }, async (s) => {
      const before = await s.facts()
      const replica = await begin(s)
      const stretch = { from: FROM, until: FROM + 2 * HOUR }
      const down: Signal = { monitorId: 'docs-port', look: () => SEEN[3]! }
      const { events } = await replaySignals(replica, [down], await monitorsOf(s), stretch)
      assert.deepEqual(
        [...new Set(events.filter(({ what }) => what === 'page').map(({ state }) => state))],
        ['ana', 'bo', 'cy'],
      )
      await replica.close()
      assert.deepEqual(await s.facts(), before)
      s.expectSilence()
    }))
})
