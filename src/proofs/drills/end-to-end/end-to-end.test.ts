import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../../engine/create-world.ts'
import type { World } from '../../../engine/world.ts'
import { type Millis, travelClock } from '../../../kit/clock.ts'
import { MINUTE, SECOND } from '../../../kit/duration.ts'
import { silentLog } from '../../../kit/log.ts'
import { kindNamed, type Observation, parseSpec } from '../../../monitors/index.ts'
import { openStore } from '../../../store/open-store.ts'
import type { ReplicaPage } from '../../drill.ts'
import { playClock } from '../../play-clock.ts'
import type { ComposeReplica, Replica } from '../../replica.ts'
import { drillKind } from './index.ts'

const NOW = Date.UTC(2026, 0, 5, 12)
const EVERY = 30 * SECOND

async function newWorld(now: Millis, drill: string | null): Promise<World> {
  const store = await openStore({ directory: ':memory:', now })
  const clock = travelClock(now)
  return createWorld({ clock, store, log: silentLog, instance: 'test', publicUrl: 'http://localhost', drill })
}

interface Route {
  after: Millis
  person: string
}

/** A Tocsin reduced to its arithmetic: pages each person of the route so long after the second bad check. */
function paging(route: Route[], seen: Observation[] = [], calm?: Route): ComposeReplica {
  return async (_live, { runId, monitorId, startAt }) => {
    const world = await newWorld(startAt, runId)
    const clock = world.clock as ReturnType<typeof travelClock>
    const pages: ReplicaPage[] = []
    const page = (person: string) => {
      pages.push({ at: clock.now(), personId: person, channel: 'sms', step: 'first', monitorId })
    }
    let bad = 0
    const replica: Replica = {
      world,
      async observe(observation) {
        seen.push(observation)
        if (observation.verdict === 'up' && calm) page(calm.person)
        if (observation.verdict === 'up') bad = 0
        else if (++bad === 2) for (const { after, person } of route) clock.after(after, () => page(person))
      },
      adopt: () => assert.fail('this drill folds nothing'),
      travelTo: async (at) => clock.moveTo(at),
      pages: () => pages,
      close: () => world.store.close(),
    }
    return replica
  }
}

async function play(settings: object, composeReplica: ComposeReplica, spec: object = {}) {
  const live = await newWorld(NOW, null)
  try {
    const kind = kindNamed('tls')
    return await drillKind.play({
      live,
      runId: 'run-1',
      playedBefore: [],
      monitor: {
        id: 'docs',
        kind,
        spec: parseSpec(kind, { target: 'docs.example.org:443', timeout: '300ms', ...spec }),
        everyMs: EVERY,
        confirm: 2,
        retryMs: 10 * SECOND,
        recover: 1,
      },
      settings: drillKind.schema.parse(settings),
      clock: playClock(live.clock),
      composeReplica,
    })
  } finally {
    await live.store.close()
  }
}

const ANA = { expect: { paged: 'ana', within: '5m' } }
const CHAIN = [
  { after: 0, person: 'bo' },
  { after: 3 * MINUTE, person: 'ana' },
]

test('the right person in time, counted from an onset just after a good check, with every page as evidence', async () => {
  const { outcome, reason, summary, evidence } = await play(ANA, paging(CHAIN))
  assert.deepEqual([outcome, reason], ['passed', 'reached-in-time'])
  assert.equal(summary, 'ana was paged by sms after 3m 40s; 5m is allowed.')
  assert.equal(evidence.onset, '2026-01-05T12:01:00.000Z')
  assert.deepEqual(
    evidence.pages!.map(({ at, afterMs, person }) => [at, afterMs, person]),
    [
      ['2026-01-05T12:01:40.000Z', EVERY + 10 * SECOND, 'bo'],
      ['2026-01-05T12:04:40.000Z', 3 * MINUTE + EVERY + 10 * SECOND, 'ana'],
    ],
  )
})

test('too late, the wrong person, and nobody', async () => {
  const within = (within: string) => ({ expect: { paged: 'ana', within } })
  assert.equal((await play(within('3m39s'), paging(CHAIN))).reason, 'wrong-person')
  assert.equal((await play(within('3m40s'), paging(CHAIN))).reason, 'reached-in-time')
  assert.equal((await play(ANA, paging([]))).reason, 'nobody-paged')
  assert.equal((await play({ expect: { within: '1m' } }, paging(CHAIN))).reason, 'reached-in-time')
})

test('the virtual day can be another one than today', async () => {
  const { evidence } = await play({ ...ANA, at: '2026-12-25T03:00:00+01:00' }, paging(CHAIN))
  assert.equal(evidence.onset, '2026-12-25T02:01:00.000Z')
})

test('with a fault, the replica is fed what the copy of the monitor really saw', async () => {
  const seen: Observation[] = []
  const { outcome, evidence } = await play({ ...ANA, fault: 'certificate-expired' }, paging(CHAIN, seen))
  assert.equal(outcome, 'passed')
  assert.deepEqual(
    seen.slice(0, 5).map((one) => one.reason),
    ['ok', 'ok', 'ok', 'certificate.expired', 'certificate.expired'],
  )
  assert.equal(evidence.faults![0]!.result, 'caught')
  assert.equal(evidence.control!.verdict, 'up')
})

test('a monitor that does not notice the fault fails before anybody could be paged', async () => {
  const never: ComposeReplica = () => assert.fail('no replica is needed')
  const settings = { ...ANA, fault: 'certificate-expired' }
  const { outcome, reason, evidence } = await play(settings, never, { expect: { accept: 'any' } })
  assert.deepEqual([outcome, reason], ['failed', 'not-noticed'])
  assert.match(evidence.faults![0]!.remedy!, /accept: any/)
})

test('a fault that does not apply proves nothing', async () => {
  const never: ComposeReplica = () => assert.fail('no replica is needed')
  assert.equal((await play({ ...ANA, fault: 'http-500' }, never)).reason, 'nothing-applies')
})

test('a replica that pages while all is well proves nothing', async () => {
  const { outcome, reason } = await play(ANA, paging(CHAIN, [], { after: 0, person: 'bo' }))
  assert.deepEqual([outcome, reason], ['inconclusive', 'control-failed'])
})

test('a replica that is not marked as a drill, or shares the live store, is refused', async () => {
  const unmarked: ComposeReplica = (live, options) => paging(CHAIN)(live, { ...options, runId: 'another' })
  await assert.rejects(play(ANA, unmarked), /not marked as this drill/)
  const shared: ComposeReplica = async (live, options) => {
    const replica = await paging(CHAIN)(live, options)
    return { ...replica, world: { ...replica.world, store: live.store } }
  }
  await assert.rejects(play(ANA, shared), /shares the store/)
})
