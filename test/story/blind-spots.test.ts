/** The map from an outage to its proof, on every store: what has happened, who said what, and what drills have shown. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  adoptCase,
  judgeBlindSpot,
  shippedCases,
  viewBlindSpot,
  viewBlindSpots,
  viewCase,
} from '../../src/proofs/index.ts'
import { examplesOf } from '../harness/case-company.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const CONFIG = `${USUAL.replace('docs: { name: Documentation,', 'docs: { name: Documentation, has: [tls, nightly-job],').replace('every: 60s', 'every: 30m')}
`

const cell = (s: Story, failureClass: string) =>
  viewBlindSpot(s.store.read, s.clock.now(), { service: 'docs', failureClass })

onEveryStore('the blind spots of a service', ({ open }) => {
  it('from declared to unseen, taken over and played', () =>
    story({ store: open, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const bo = s.as('bo', 'editor')
      const declared = await cell(s, 'certificate.expired')
      assert.equal(declared.state, 'unseen')
      assert.deepEqual(declared.exposure, ['It has a TLS endpoint: it is declared to have it.'])
      assert.ok(declared.mends.some(({ caseId }) => caseId === 'renewal-that-hangs'))

      const renewal = shippedCases().find(({ id }) => id === 'renewal-that-hangs')!
      const values = { docs: examplesOf(renewal) }
      await adoptCase(world, bo, { caseId: renewal.id, serviceIds: ['docs'], values })
      await s.settle()
      assert.equal((await cell(s, 'page.unanswered')).state, 'proved')
      // The certificate monitor was played with the faults of the case; the others of the class are still open.
      const played = await cell(s, 'certificate.expired')
      assert.equal(played.state, 'unproven', played.reason)
      assert.equal(played.faults.find(({ fault }) => fault === 'certificate-expired')!.result, 'caught')
      const { exposed } = await viewCase(s.store.read, s.clock.now(), renewal.id)
      assert.deepEqual(
        exposed.map(({ serviceId, drillId }) => [serviceId, drillId]),
        [['docs', 'docs-renewal-that-hangs']],
      )
    }))

  it('what a person says stands until it is taken back, and what has happened is told', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const said = { serviceId: 'docs', failureClass: 'job.hung', applies: false, reason: 'It has no jobs.' }
      await judgeBlindSpot(world, s.as('ana'), said)
      assert.deepEqual(
        [(await cell(s, 'job.hung')).state, (await cell(s, 'job.hung')).reason],
        ['not-applicable', 'ana: It has no jobs.'],
      )
      await s.travel('1s')
      await judgeBlindSpot(world, s.as('bo'), { ...said, applies: true, reason: 'It has one now.' })
      const back = await cell(s, 'job.hung')
      assert.deepEqual(
        back.judgements.map(({ by, applies }) => [by, applies]),
        [
          ['bo', true],
          ['ana', false],
        ],
      )
      assert.equal(back.state, 'not-exposed')

      s.see('docs-port', { ...DOWN, reason: 'heartbeat.late' })
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /critical/)
      s.see('docs-port', UP)
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /resolved/)
      const struck = await cell(s, 'job.hung')
      assert.equal(struck.state, 'unseen')
      assert.match(struck.exposure[0]!, /^It has happened here: heartbeat.late/)
      const { services, counts } = await viewBlindSpots(s.store.read, s.clock.now())
      assert.equal(services.length, 1)
      assert.ok(counts.unseen > 0)
    }))
})
