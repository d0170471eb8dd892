/** What would come of these signals today, and how would that incident go? Nobody is woken by the asking. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { changeIncident, openIncident } from '../../src/incidents/index.ts'
import { importPostmortem } from '../../src/postmortems/index.ts'
import { createDrill, type Evidence, runDrill, viewRun } from '../../src/proofs/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

let drills = 0

async function play(s: Story, settings: object) {
  const { world } = s.tocsin()
  const id = `replay-${drills++}`
  await createDrill(world, s.as('cy', 'administrator'), { id, settings })
  const run = await runDrill(world, s.as('bo'), id)
  await s.settle()
  const seen = await viewRun(world.store.read, run.id)
  return { state: seen.state, reason: seen.reason, ...(seen.evidence as Evidence) }
}

const SIGNALS = {
  kind: 'signals',
  monitor: 'docs-port',
  signals: {
    'docs-port': [
      { after: '10m', see: 'down', reason: 'connect.refused' },
      { after: '1h', see: 'up' },
    ],
  },
}

onEveryStore('signals in virtual time', ({ open }) => {
  it('verdict, alert, incident, update and page come by their deadlines, and the evidence says when', () =>
    story({ store: open }, async (s) => {
      const run = await play(s, {
        ...SIGNALS,
        expect: [
          { verdict: 'down', monitor: 'docs-port', within: '2m' },
          { alert: 'opened', within: '2m' },
          { incident: 'SEV2', within: '2m' },
          { update: 'investigating', within: '2m' },
          { page: 'ana', within: '2m' },
          { page: 'bo', within: '8m' },
          { page: 'cy', within: '20m' },
          { verdict: 'up', within: '52m' },
          { never: 'page', monitor: 'another' },
        ],
      })
      assert.equal(run.state, 'passed', run.reason)
      const { replay } = run
      assert.equal(
        replay!.expectations.every(({ met }) => met),
        true,
      )
      assert.ok(replay!.expectations.slice(0, 8).every(({ afterMs }) => afterMs! > 0))
      assert.match(replay!.hash, /^[0-9a-f]{64}$/)
      assert.ok(replay!.observations > 120 && replay!.wouldBe.length > 8 && replay!.left === 0)
      s.expectSilence()
      assert.deepEqual(await s.alerts(), [])
      assert.deepEqual(await s.facts('incident.opened'), [], 'the incidents of a replica stay in it')
      assert.deepEqual(await s.facts('update.published'), [])
    }))

  it('what is late, missing or unwanted fails for that reason; where nothing is wrong, nothing is proved', () =>
    story({ store: open }, async (s) => {
      const say = async (...expect: object[]) => {
        const { state, reason } = await play(s, { ...SIGNALS, expect })
        return [state, reason]
      }
      assert.deepEqual((await say({ page: 'ana', within: '30s' }))[0], 'failed')
      assert.match((await say({ page: 'ana', within: '30s' }))[1]!, /^Too late: ana is paged after /)
      assert.deepEqual(await say({ page: 'dora', within: '5m' }), [
        'failed',
        'It never came: dora is paged, within 5m.',
      ])
      assert.match(
        (await say({ page: 'ana', within: '5m' }, { never: 'incident' }))[1]!,
        /^There should be no incident/,
      )
      const calm = await play(s, {
        ...SIGNALS,
        signals: { 'docs-port': [{ after: '10m', see: 'up' }] },
        expect: [{ never: 'page' }],
      })
      assert.deepEqual(
        [calm.state, calm.reason],
        ['inconclusive', 'The signals hold no trouble, so nothing is proved.'],
      )
      const gone = await play(s, {
        ...SIGNALS,
        signals: { gone: [{ after: '1m', see: 'down' }] },
        expect: [{ never: 'page' }],
      })
      assert.equal(gone.state, 'failed')
    }))

  it('a longer interval, more confirmation or another route is seen by the same drill', () =>
    story({ store: open }, async (s) => {
      const expect = [{ page: 'ana', within: '2m' }]
      assert.equal((await play(s, { ...SIGNALS, expect })).state, 'passed')
      await s.apply(USUAL.replace('confirm: 2, retryEvery: 30s', 'confirm: 5, retryEvery: 60s'))
      assert.match((await play(s, { ...SIGNALS, expect })).reason, /^Too late: ana/)
      await s.apply(USUAL.replace('notify: [{ schedule: week }]', 'notify: [{ person: bo }]'))
      assert.match((await play(s, { ...SIGNALS, expect })).reason, /^It never came: ana/)
    }))

  it('the same seed gives the same bytes, in a drill as in a test', () =>
    story({ store: open }, async (s) => {
      const settings = (seed: string) => ({
        kind: 'signals',
        monitor: 'docs-port',
        signals: { 'docs-port': { seed, outages: 100, lasts: '10m' } },
        lasts: '1d',
        at: '2026-02-02T00:00:00Z',
        expect: [{ page: 'anyone', within: '1d' }],
      })
      const hashes = []
      for (const seed of ['a', 'a', 'b']) hashes.push((await play(s, settings(seed))).replay!.hash)
      assert.equal(hashes[0], hashes[1])
      assert.notEqual(hashes[0], hashes[2])
    }))

  it('what was really seen is judged anew by the thresholds of today', () =>
    story({ store: open }, async (s) => {
      const from = new Date(s.clock.now()).toISOString()
      await s.travel('5m')
      s.see('docs-port', DOWN)
      await s.travel('65s')
      s.see('docs-port', UP)
      await s.travel('5m')
      const recorded = {
        kind: 'signals',
        monitor: 'docs-port',
        signals: { 'docs-port': { recorded: { from, until: new Date(s.clock.now()).toISOString() } } },
        expect: [{ page: 'ana', within: '5m' }],
      }
      const asConfigured = await play(s, recorded)
      await s.apply(USUAL.replace('confirm: 2', 'confirm: 9'))
      const patient = await play(s, recorded)
      await s.apply(USUAL.replace('confirm: 2', 'confirm: 1'))
      const hasty = await play(s, recorded)
      // One bad look was dismissed in life, and would be today.
      assert.equal(asConfigured.state, 'failed')
      assert.equal(patient.state, 'failed')
      assert.equal(hasty.state, 'passed')
      const none = await play(s, {
        ...recorded,
        signals: {
          'docs-port': { recorded: { from: '2020-01-01T00:00:00Z', until: '2020-01-02T00:00:00Z' } },
        },
      })
      assert.deepEqual(
        [none.state, none.reason],
        ['inconclusive', 'Nothing is kept of "docs-port" for that time.'],
      )
    }))
})

onEveryStore('an incident, as it would go today', ({ open }) => {
  it('of our own: the timeline as it was stands beside the timeline as it would be, with the minutes gained', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const began = s.clock.now() - 5 * 3_600_000
      const { id } = await openIncident(world, s.as('ana'), {
        title: 'Users see the wrong certificate',
        severity: 'SEV2',
        serviceIds: ['docs'],
        impactStart: began,
        detectedAt: began + 4 * 3_600_000,
      } as never)
      await s.settle()
      await s.travel('10m')
      await changeIncident(world, s.as('ana'), { incidentId: id, state: 'resolved' } as never)
      const run = await play(s, {
        kind: 'incident-replay',
        monitor: 'docs-port',
        of: { incident: id },
        expect: [{ page: 'anyone', within: '5m' }],
        sooner: '3h',
      })
      assert.equal(run.state, 'passed', run.reason)
      assert.match(run.reason, /It would be noticed 3h 5\dm.* sooner than in life\./)
      const [noticed, reached] = run.replay!.gained!
      assert.equal(noticed!.wasMs, 4 * 3_600_000)
      assert.ok(noticed!.wouldMs! <= 120_000)
      assert.equal(noticed!.gainedMs, noticed!.wasMs! - noticed!.wouldMs!)
      assert.deepEqual(
        [reached!.wasMs, reached!.gainedMs],
        [null, null],
        'what is not recorded is not counted',
      )
      assert.ok(run.replay!.asItWas!.length > 0 && run.replay!.wouldBe.length > 3)
      assert.match(run.changes![0]!, /Nothing is kept|did not see it/)
      s.expectSilence()
    }))

  it('as told, and of an imported document', () =>
    story({ store: open }, async (s) => {
      const told = {
        title: 'Renewal hung',
        began: '2025-11-20T02:00:00Z',
        noticed: '2025-11-20T07:10:00Z',
        reached: '2025-11-20T07:20:00Z',
        over: '2025-11-20T08:00:00Z',
        timeline: [{ at: '2025-11-20T07:10:00Z', text: 'Somebody asks in the chat.' }],
      }
      const run = await play(s, { kind: 'incident-replay', monitor: 'docs-port', of: { told } })
      assert.equal(run.state, 'passed', run.reason)
      assert.deepEqual(
        run.replay!.gained!.map(({ wasMs }) => wasMs! / 60_000),
        [310, 320],
      )
      const late = await play(s, {
        kind: 'incident-replay',
        monitor: 'docs-port',
        of: { told },
        sooner: '10h',
      })
      assert.deepEqual([late.state, late.reason.includes('10h sooner is asked for')], ['failed', true])
      const document = `# Certificate of the documentation expired

## Timeline (UTC)

- 2025-11-20 02:00 The certificate expires; users cannot reach the documentation.
- 2025-11-20 07:10 A user reports it in the chat; it is detected.
- 2025-11-20 08:00 The certificate is renewed by hand and the incident is resolved.
`
      const { world } = s.tocsin()
      const imported = await importPostmortem(world, s.as('ana', 'editor'), {
        name: 'expired.md',
        content: document,
      })
      const [postmortem] = imported.postmortemIds
      const replayed = await play(s, { kind: 'incident-replay', monitor: 'docs-port', of: { postmortem } })
      assert.equal(replayed.state, 'passed', replayed.reason)
      assert.equal(replayed.replay!.asItWas!.length, 3)
      assert.equal(replayed.onset, '2025-11-20T02:00:00.000Z')
      const none = await play(s, { kind: 'incident-replay', monitor: 'docs-port', of: { incident: 'none' } })
      assert.equal(none.state, 'inconclusive')
      s.expectSilence()
    }))
})
