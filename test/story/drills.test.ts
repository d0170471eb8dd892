/** Would we notice it today, how soon, and who would know? And nobody is woken by the asking. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSilence } from '../../src/alerts/index.ts'
import { createDrill, runDrill, viewDrill, viewRun } from '../../src/proofs/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, USUAL } from '../harness/story.ts'

const WAKES_ANA = { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'ana', within: '5m' } }

/** Adds a drill and plays it; answers the run as the API shows it. */
async function play(s: Story, settings: object, id = 'wakes-ana') {
  const { world } = s.tocsin()
  await createDrill(world, s.as('cy', 'administrator'), { id, settings })
  return replay(s, id)
}

async function replay(s: Story, id = 'wakes-ana') {
  const { world } = s.tocsin()
  const run = await runDrill(world, s.as('bo'), id)
  await s.settle()
  return viewRun(world.store.read, run.id)
}

interface PageSeen {
  person: string
  channel: string
  afterMs: number
}

const pagesOf = (run: { evidence: Record<string, unknown> }) =>
  (run.evidence.pages as PageSeen[]).map(({ person, channel, afterMs }) => [person, channel, afterMs / 1000])

onEveryStore('end-to-end drills', ({ open }) => {
  it('Ana is on call: she would be paged ninety seconds after the onset, and nobody is', () =>
    story({ store: open }, async (s) => {
      const run = await play(s, WAKES_ANA)
      assert.equal(run.state, 'passed', run.reason)
      // The worst case: right after a good check, one interval and one confirmation.
      assert.deepEqual(pagesOf(run), [['ana', 'email', 90]])
      s.expectSilence()
      assert.deepEqual(await s.alerts(), [])
    }))

  it('next week it is Bo’s turn: the drill at that date says that Ana would not be reached', () =>
    story({ store: open }, async (s) => {
      const run = await play(s, { ...WAKES_ANA, at: '2026-01-14T03:00:00Z' })
      assert.equal(run.state, 'failed')
      assert.equal(run.reason, 'bo was paged, but not ana.')
      const anyone = { ...WAKES_ANA, expect: { within: '5m' }, at: '2026-01-14T03:00:00Z' }
      const reached = await play(s, anyone, 'wakes-anyone')
      assert.deepEqual([reached.state, pagesOf(reached)], ['passed', [['bo', 'email', 90]]])
    }))

  it('the escalation is played to the end: the last resort is reached after both steps', () =>
    story({ store: open }, async (s) => {
      const run = await play(s, { ...WAKES_ANA, expect: { paged: 'cy', within: '20m' } })
      assert.deepEqual(pagesOf(run), [
        ['ana', 'email', 90],
        ['bo', 'email', 390],
        ['cy', 'email', 990],
      ])
      const late = await play(s, { ...WAKES_ANA, expect: { paged: 'cy', within: '16m' } }, 'sooner')
      assert.equal(late.state, 'failed')
    }))

  it('a route that is changed is drilled again within a minute or so', () =>
    story({ store: open }, async (s) => {
      assert.equal((await play(s, { ...WAKES_ANA, every: '7d' })).state, 'passed')
      await s.apply(USUAL.replace('notify: [{ schedule: week }]', 'notify: [{ person: bo }]'))
      await s.travel('70s')
      const drill = await viewDrill(s.store.read, 'wakes-ana')
      assert.deepEqual([drill.state, drill.reason], ['failed', 'bo was paged, but not ana.'])
    }))

  it('what happens in the replica stays there, whatever is down in life', () =>
    story({ store: open }, async (s) => {
      s.see('docs-port', DOWN)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /critical/)
      const before = await s.facts()
      const run = await play(s, WAKES_ANA)
      assert.equal(run.state, 'passed', run.reason)
      const written = (await s.facts()).slice(before.length)
      assert.deepEqual(
        written.map((fact) => fact.type).filter((type) => !type.startsWith('drill.')),
        [],
      )
      assert.ok(written.every((fact) => !fact.drill))
      const story = run.evidence.story as { type: string }[]
      assert.ok(story.some((fact) => fact.type === 'alert.opened'))
    }))

  it('a fault is played over a real socket first, and the replica is fed what the monitor saw', () =>
    story({ store: open }, async (s) => {
      const refused = await play(s, { ...WAKES_ANA, fault: 'connection-refused' })
      assert.equal(refused.state, 'passed', refused.reason)
      assert.deepEqual(refused.caught, ['connection-refused'])
      // A port monitor without an expected answer does not see a frozen program.
      const frozen = await play(s, { ...WAKES_ANA, fault: 'tarpit' }, 'frozen')
      assert.deepEqual([frozen.state, frozen.missed], ['failed', ['tarpit']])
    }))
})

describe('a monitor that looks at no address', () => {
  const NIGHTLY = `${USUAL}
  nightly: { service: docs, type: heartbeat, schedule: "0 3 * * *", timezone: Europe/Paris }
`
  it('can be drilled from its verdict on: who would know that the nightly job failed', () =>
    story({ config: NIGHTLY }, async (s) => {
      const settings = { ...WAKES_ANA, monitor: 'nightly' }
      const run = await play(s, settings)
      assert.equal(run.state, 'passed', run.reason)
      const faults = await play(s, { kind: 'monitor-faults', monitor: 'nightly' }, 'job-faults')
      // Its job is played in time; that one run lasts ever longer is nothing that it was told to notice.
      assert.equal(faults.state, 'failed')
      assert.ok(faults.caught.includes('job-silent'), String(faults.caught))
      assert.ok(faults.missed.length > 0)
    }))
})

describe('what keeps a monitor quiet on purpose', () => {
  it('a silence proves nothing in either direction', () =>
    story({}, async (s) => {
      const until = s.clock.now() + 60 * 60_000
      const silence = { match: { monitorId: 'docs-port' }, until, reason: 'the building is dark today' }
      await createSilence(s.tocsin().world, s.as('bo'), silence)
      const run = await play(s, WAKES_ANA)
      assert.deepEqual([run.state, run.evidence.pages], ['inconclusive', []])
      assert.match(run.reason, /because of a silence/)
    }))

  it('nor does a maintenance window', () =>
    story(
      {
        config: `${USUAL}maintenance: { patches: { monitors: [docs-port], from: "2026-01-07T09:00:00Z", to: "2026-01-07T12:00:00Z" } }\n`,
      },
      async (s) => {
        const run = await play(s, WAKES_ANA)
        assert.equal(run.state, 'inconclusive', run.reason)
        assert.match(run.reason, /because of a maintenance window/)
        const later = await play(s, { ...WAKES_ANA, at: '2026-01-07T13:00:00Z' }, 'later')
        assert.equal(later.state, 'passed', later.reason)
      },
    ))
})
