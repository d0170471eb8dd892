/** A place is cut off, in a replica of what is configured: what k of n places say, who is told, and what is then blind. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createDrill,
  type Evidence,
  runDrill,
  viewBlindSpot,
  viewDrill,
  viewRun,
} from '../../src/proofs/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

const shop = (places: string, quorum: number, more = '') =>
  `  shop: { service: docs, type: tcp, target: "shop.lab.example:443", every: 60s, confirm: 2, places: [${places}], quorum: ${quorum}${more} }\n`
const PROBE =
  '  berlin-probe: { service: docs, type: place, place: berlin, silence: 2m, every: 30s, confirm: 1 }\n'
const CONFIG = `${USUAL}${shop('here, berlin, tokyo', 2)}${PROBE}`
const DRILL = { kind: 'cut-off-a-place', monitor: 'berlin-probe' }

async function play(s: Story, settings: object = DRILL, id = 'cut') {
  const { world } = s.tocsin()
  await createDrill(world, s.as('cy', 'administrator'), { id, settings })
  const run = await runDrill(world, s.as('bo'), id)
  await s.settle()
  const { state, reason, evidence } = await viewRun(s.store.read, run.id)
  return { state, reason, evidence: evidence as Evidence }
}

onEveryStore('cutting a place off', ({ open }) => {
  it('raises no false alarm, is told to whoever is on call, and blinds nobody', () =>
    story({ store: open, config: CONFIG }, async (s) => {
      const { state, reason, evidence } = await play(s)
      assert.equal(state, 'passed', reason)
      assert.match(reason, /^ana was paged by email after \d/)
      const { silentAfterMs, monitors } = evidence.cut!
      // Two minutes of silence, and a look every thirty seconds.
      assert.ok(silentAfterMs! > 120_000 && silentAfterMs! <= 150_000, String(silentAfterMs))
      const [of, ...none] = monitors
      assert.deepEqual(none, [])
      assert.deepEqual([of!.verdict, of!.badAfterMs], ['up', null], 'two of three are enough to be sure')
      assert.equal(of!.outageSeenAfterMs, 80_000, 'a look every minute, confirmed a third of one later')
      assert.equal(of!.outsideSeenAfterMs, 80_000)
      assert.deepEqual(await s.alerts(), [], 'nothing of it is live')
      assert.equal((await s.facts('monitor.verdict-changed')).length, 0)
    }))
})

describe('cutting a place off', () => {
  const cases: [string, string, object, string, RegExp][] = [
    [
      'of two that have to agree leaves an outage unseen',
      `${USUAL}${shop('here, berlin', 2)}${PROBE}`,
      DRILL,
      'failed',
      /^Without berlin an outage would pass unseen: shop \(2 of 2\)\.$/,
    ],
    [
      'of two of which one is enough makes the verdict unknown and not down, and an outage is seen',
      `${USUAL}${shop('here, berlin', 1)}${PROBE}`,
      DRILL,
      'passed',
      /stayed calm/,
    ],
    [
      'that may blind a monitor says so',
      `${USUAL}${shop('here, berlin', 2)}${PROBE}`,
      { ...DRILL, except: ['shop'] },
      'passed',
      /stayed calm/,
    ],
    [
      'whose silence is allowed for an hour is noticed too late',
      CONFIG.replace('silence: 2m', 'silence: 1h'),
      DRILL,
      'failed',
      /^The silence of berlin was not noticed within 15m\.$/,
    ],
    [
      'is told to the wrong person',
      CONFIG,
      { ...DRILL, expect: { paged: 'cy' } },
      'failed',
      /^ana, bo were paged, but not cy\.$/,
    ],
    [
      'from which nothing is looked at is noticed all the same',
      `${USUAL}${PROBE}`,
      DRILL,
      'passed',
      /No monitor is looked at from there/,
    ],
    [
      'needs a monitor of a place',
      CONFIG,
      { ...DRILL, monitor: 'docs-port' },
      'inconclusive',
      /"docs-port" is no monitor of a place/,
    ],
  ]
  for (const [what, config, settings, state, says] of cases)
    it(what, () =>
      story({ config }, async (s) => {
        const run = await play(s, settings)
        assert.match(run.reason, says)
        assert.equal(run.state, state)
      }),
    )

  it('with one enough of two, nobody knows: neither down nor up', () =>
    story({ config: `${USUAL}${shop('here, berlin', 1)}${PROBE}` }, async (s) => {
      const { evidence } = await play(s)
      assert.equal(evidence.cut!.monitors[0]!.verdict, 'unknown')
    }))

  it('is played again when a monitor that is looked at from there changes', () =>
    story({ config: CONFIG }, async (s) => {
      assert.equal((await play(s)).state, 'passed')
      await s.apply(CONFIG.replace('quorum: 2', 'quorum: 3'))
      await s.travel('70s')
      const { state, reason } = await viewDrill(s.store.read, 'cut')
      assert.deepEqual(
        [state, reason],
        ['failed', 'Without berlin an outage would pass unseen: shop (3 of 3).'],
      )
    }))
})

describe('the blind spot of a view from inside only', () => {
  const PUBLIC = CONFIG.replace('audience: public', 'audience: public, has: [web]')
  const cell = (s: Story) =>
    viewBlindSpot(s.store.read, s.clock.now(), { service: 'docs', failureClass: 'view.inside-only' })

  it('opens onto the drill in one click, is proved by it, and lost with the place', () =>
    story({ config: PUBLIC }, async (s) => {
      const before = await cell(s)
      assert.equal(before.state, 'unproven')
      assert.match(before.reason, /^shop looks from berlin, tokyo too; no drill has shown/)
      const [mend] = before.mends
      assert.equal(mend!.kind, 'create-drill')
      // As the button does it: with the id and the settings of the mend.
      const run = await play(s, mend!.settings!, mend!.drillId!)
      assert.equal(run.state, 'passed', run.reason)
      const proved = await cell(s)
      assert.equal(proved.state, 'proved', proved.reason)
      assert.match(
        proved.reason,
        /^shop turned bad when the drill berlin-cut-off broke it for everybody outside/,
      )
      assert.deepEqual([proved.mends[0]!.kind, proved.mends[0]!.drillId], ['run-drill', 'berlin-cut-off'])
      await s.apply(PUBLIC.replace('places: [here, berlin, tokyo], quorum: 2', 'places: [here], quorum: 1'))
      assert.equal((await cell(s)).state, 'unseen')
    }))
})
