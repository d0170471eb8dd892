/**
 * The seven incidents as cases: with the monitors that there were, the drill fails for the right reason; after the case
 * is taken over it passes, and somebody is paged.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findMonitor } from '../../src/monitors/index.ts'
import {
  adoptCase,
  createDrill,
  fillTemplate,
  findDrill,
  type IncidentCase,
  runDrill,
  shippedCases,
  viewDrill,
  viewRun,
} from '../../src/proofs/index.ts'
import { type Story, story } from '../harness/story.ts'

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

const examples = ({ values }: IncidentCase) =>
  Object.fromEntries(Object.entries(values).map(([key, { example }]) => [key, example]))

/** The company of the incident: its service, and the monitors that there were. */
function company(incident: IncidentCase): string {
  const had = Object.entries(incident.past!.had).map(([key, { settings }]) => {
    const filled = fillTemplate(settings, examples(incident), incident.values).settings
    return `  ${key}: ${JSON.stringify({ service: 'hit', ...filled })}`
  })
  return `
people: { ana: { name: Ana, email: ana@lab.example } }
teams: { infra: { members: [ana], schedule: week } }
services: { hit: { name: The service, owner: infra } }
oncall: { week: { rotation: weekly, from: "2026-01-05T09:00", timezone: UTC, order: [ana] } }
policies: { usual: { default: true, steps: [{ notify: [{ schedule: week }] }], lastResort: { people: [ana] } } }
monitors:
${had.join('\n')}
`
}

async function play(s: Story, id: string) {
  const { world } = s.tocsin()
  const run = await runDrill(world, s.as('ana'), id)
  await s.settle()
  return viewRun(world.store.read, run.id)
}

describe('could this happen to us?', () => {
  for (const incident of shippedCases())
    it(incident.title, (t) =>
      story({ config: company(incident) }, async (s) => {
        const { world } = s.tocsin()
        const ana = s.as('ana', 'editor')
        const [had] = Object.keys(incident.past!.had)
        const settings = { kind: 'case', monitor: had, case: incident.id }
        await createDrill(world, ana, { id: 'before', settings })
        const before = await play(s, 'before')
        assert.equal(before.state, 'failed', before.reason)
        assert.match(before.reason, BEFORE[incident.id]!.reason)
        assert.deepEqual(before.missed, BEFORE[incident.id]!.missed)

        const [plan] = await adoptCase(world, ana, {
          caseId: incident.id,
          serviceIds: ['hit'],
          values: { hit: examples(incident) },
        })
        await s.settle()
        for (const { id, state } of plan!.monitors) {
          assert.equal(state, 'create')
          assert.equal((await findMonitor(world.store.read, id))?.managedBy, 'api')
        }
        const after = await viewDrill(world.store.read, plan!.drill!.id)
        assert.equal(after.state, 'passed', after.reason)
        const run = await viewRun(world.store.read, after.lastRunId!)
        assert.deepEqual(run.missed, [])
        const plays = run.evidence.plays as { fault: string; pages: { person: string }[] }[]
        assert.deepEqual(
          plays.map(({ fault }) => fault).sort(),
          [...new Set(plan!.monitors.flatMap(({ sees }) => sees))].sort(),
        )
        assert.ok(plays.every(({ pages }) => pages[0]!.person === 'ana'))
        t.diagnostic(`${incident.id}: ${before.reason} → ${after.reason}`)
        // The drill of the day before passes now too: it plays against all that watches.
        assert.equal((await play(s, 'before')).state, 'passed')
        s.expectSilence()
        assert.deepEqual(await s.alerts(), [])
        assert.ok(await findDrill(world.store.read, plan!.drill!.id))
      }),
    )
})
