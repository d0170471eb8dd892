/**
 * The seven incidents as cases: with the monitors that there were, the drill fails for the right reason; after the case
 * is taken over it passes, and somebody is paged.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allMonitors, findMonitor } from '../../src/monitors/index.ts'
import { adoptCase, planCase, shippedCases, viewBlindSpots } from '../../src/proofs/index.ts'
import { adoptAndPlay, companyOf, examplesOf, playBefore } from '../harness/case-company.ts'
import { story, USUAL } from '../harness/story.ts'

/** What a drill with the monitors of that day must say. */
const BEFORE: Record<string, { reason: RegExp; missed: string[] }> = {
  'unconfigured-node': {
    reason: /^rdp-unconfigured-node passes certificate unseen; .*certificate-wrong-name/,
    missed: ['rdp-unconfigured-node', 'certificate-wrong-name'],
  },
  'leak-behind-restarts': {
    reason: /^No monitor looks where metric-limit-soon, .* there is port \(tcp\)/,
    missed: [],
  },
  'address-bound-to-nothing': {
    reason: /^No monitor looks where inventory-unbound-address, .* there is host \(tcp\)/,
    missed: [],
  },
  'renewal-that-hangs': {
    reason: /^certificate-expired passes port unseen; .*nobody looks where job-hangs/,
    missed: ['certificate-expired', 'certificate-expires-soon', 'certificate-renewal-overdue'],
  },
  'token-service-stands-still': {
    reason: /^tarpit passes port unseen; and nobody looks where oidc-keys-hang/,
    missed: ['tarpit'],
  },
  'chain-for-old-clients': {
    reason: /^certificate-cross-sign-expired passes certificate unseen/,
    missed: ['certificate-cross-sign-expired'],
  },
  'loud-tenant': {
    reason:
      /^No monitor looks where metric-tenant-spike and metric-backlog-aging are: there is load \(metric\)/,
    missed: [],
  },
}

describe('could this happen to us?', () => {
  for (const incident of shippedCases())
    it(incident.title, (t) =>
      story({ config: companyOf(incident) }, async (s) => {
        const { world } = s.tocsin()
        const before = await playBefore(s)
        assert.equal(before.state, 'failed', before.reason)
        assert.match(before.reason, BEFORE[incident.id]!.reason)
        assert.deepEqual(before.missed, BEFORE[incident.id]!.missed)

        const { plan, drill, run } = await adoptAndPlay(s, incident)
        for (const { id, state } of plan.monitors) {
          assert.equal(state, 'create')
          assert.equal((await findMonitor(world.store.read, id))?.managedBy, 'api')
        }
        assert.deepEqual([plan.drill!.state, drill.id], ['create', `hit-${incident.id}`])
        assert.equal(drill.state, 'passed', drill.reason)
        assert.deepEqual(run.missed, [])
        const plays = run.evidence.plays as { fault: string; pages: { person: string }[] }[]
        const wanted = [...new Set(plan.monitors.flatMap(({ sees }) => sees))].sort()
        assert.deepEqual(plays.map(({ fault }) => fault).sort(), wanted)
        assert.ok(plays.every(({ pages }) => pages[0]!.person === 'ana'))
        t.diagnostic(`${incident.id}: ${before.reason} → ${drill.reason}`)

        // And the map says so: nothing of the main class is unseen any more.
        const { services } = await viewBlindSpots(world.store.read, world.clock.now())
        const cell = services[0]!.cells.find(({ failureClass }) => failureClass === incident.classes[0])
        assert.notEqual(cell!.state, 'unseen', cell!.reason)
        s.expectSilence()
        assert.deepEqual(await s.alerts(), [])
      }),
    )
})

describe('a case that is taken over', () => {
  const renewal = shippedCases().find(({ id }) => id === 'renewal-that-hangs')!
  const values = { docs: examplesOf(renewal) }
  const input = { caseId: renewal.id, serviceIds: ['docs'], values }

  it('is shown before anything is created, and refused as a whole where a value is missing', () =>
    story({}, async (s) => {
      const { world } = s.tocsin()
      const bo = s.as('bo', 'editor')
      const there = (await allMonitors(world.store.read)).length
      const [plan] = await planCase(world, bo, { ...input, values: {} })
      assert.deepEqual([plan!.ready, plan!.values], [false, { host: 'docs.lab.example' }])
      await assert.rejects(adoptCase(world, bo, { ...input, values: {} }), /values.docs.schedule/)
      await assert.rejects(planCase(world, s.as('ana'), input), /takes the role editor|may not|role/)
      assert.equal((await allMonitors(world.store.read)).length, there)
      assert.deepEqual(await s.facts('case.adopted'), [])
    }))

  it('leaves a monitor alone that sees it already, and adds nothing the second time', () =>
    story(
      {
        config: `${USUAL}
  docs-tls: { service: docs, type: tls, target: "docs.lab.example:443", every: 12h, expect: { renewal: { policy: two-thirds } } }
`,
      },
      async (s) => {
        const { world } = s.tocsin()
        const bo = s.as('bo', 'editor')
        const [first] = await adoptCase(world, bo, input)
        assert.deepEqual(
          first!.monitors.map(({ id, state }) => [id, state]),
          [
            ['docs-tls', 'present'],
            ['docs-renewal', 'create'],
          ],
        )
        await s.settle()
        const [again] = await adoptCase(world, bo, input)
        assert.ok(again!.monitors.every(({ state }) => state === 'present'))
        assert.equal(again!.drill!.state, 'present')
        await s.settle()
        assert.equal((await s.facts('case.adopted')).length, 1)
      },
    ))

  it('is noticed when it is undone: whoever weakens the monitor hears of it within a minute', () =>
    story({ config: USUAL.replace('every: 60s', 'every: 12h') }, async (s) => {
      const { world } = s.tocsin()
      const { changeMonitor } = await import('../../src/monitors/index.ts')
      const bo = s.as('bo', 'editor')
      const [plan] = await adoptCase(world, bo, input)
      await s.settle()
      const settings = { ...plan!.monitors[0]!.settings, expect: { accept: 'any' } }
      await changeMonitor(world, bo, { id: 'docs-certificate', settings })
      await s.travel('70s')
      const [last] = (await s.facts('drill.failed')).slice(-1)
      assert.equal(last?.subject, 'docs-renewal-that-hangs')
      assert.match(
        (last!.data as { summary: string }).summary,
        /certificate-expired passes docs-certificate unseen/,
      )
    }))
})
