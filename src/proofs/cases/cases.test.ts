/** The cases that come with Tocsin are whole, and one that is not is refused with its place. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { classOf, FAILURE_CLASS_IDS, FAILURE_CLASSES } from '../failure-class.ts'
import { FAULTS } from '../faults/registry.ts'
import type { CaseInput } from './case.ts'
import { checkedCase } from './config.ts'
import { shippedCases } from './find-case.ts'
import { guessValues } from './guess-values.rules.ts'
import { type PlanInput, planAdoption } from './plan-adoption.rules.ts'
import { SHIPPED_CASES } from './registry.ts'

describe('the cases that come with Tocsin', () => {
  for (const [id, input] of Object.entries(SHIPPED_CASES))
    test(`${id} is whole`, () => {
      const { past, monitors, values, strikes } = checkedCase.parse(input)
      assert.ok(past && Object.keys(past.had).length > 0, 'it says which monitors there were')
      assert.ok(strikes.length > 0)
      const written = JSON.stringify([monitors, past.had])
      for (const key of Object.keys(values)) assert.ok(written.includes(`{${key}}`), `nobody asks for ${key}`)
    })

  test('there are seven, each of another main class', () => {
    const main = shippedCases().map(({ classes }) => classes[0])
    assert.deepEqual([main.length, new Set(main).size], [7, 7])
  })
})

describe('failure classes', () => {
  test('every fault belongs to one, and no class is named twice', () => {
    for (const { name, failureClass } of FAULTS)
      if (failureClass !== 'none')
        assert.ok(classOf(failureClass), `${name}: ${failureClass} belongs to no class`)
    assert.equal(new Set(FAILURE_CLASS_IDS).size, FAILURE_CLASSES.length)
    for (const id of FAILURE_CLASS_IDS) assert.equal(classOf(id), id)
  })
})

const GOOD: CaseInput = {
  title: 'The disk fills',
  what: 'A disk filled in the night.',
  lesson: 'Watch the disk.',
  classes: ['resource.leak'],
  values: { host: { title: 'Host', example: 'db.example.org' } },
  monitors: {
    disk: {
      because: 'It sees the disk.',
      sees: ['metric-limit-soon'],
      settings: {
        type: 'metric',
        from: 'scrape',
        url: 'http://{host}:9100/metrics',
        metric: 'disk',
        forecast: { limit: 5 },
      },
    },
  },
}

describe('a case of one’s own', () => {
  const table: [what: string, change: (good: CaseInput) => unknown, place: string, message: RegExp][] = [
    [
      'a fault that no such monitor can see',
      (good) => (good.monitors.disk!.sees = ['sip-not-bound']),
      'monitors.disk.sees.0',
      /no metric monitor is concerned/,
    ],
    [
      'settings that are wrong once filled in',
      (good) => (good.monitors.disk!.settings.metric = '{'),
      'monitors.disk.settings.metric',
      /selector/,
    ],
    [
      'a setting that is none',
      (good) => (good.monitors.disk!.settings.colour = 'red'),
      'monitors.disk.settings',
      /colour/,
    ],
    [
      'the service, which is filled in',
      (good) => (good.monitors.disk!.settings.service = 'db'),
      'monitors.disk.settings.service',
      /filled in/,
    ],
    [
      'a value that is needed and not there',
      (good) => (good.monitors.disk!.needs = ['nowhere']),
      'monitors.disk.needs.0',
      /no value "nowhere"/,
    ],
    [
      'an example that is no number',
      (good) => {
        good.values = { host: { title: 'H', example: 'x', kind: 'number' } }
        Object.assign(good.monitors.disk!.settings, { url: 'http://a/', stale: '{host}' })
      },
      'values.host.example',
      /number/,
    ],
    [
      'times out of order',
      (good) =>
        (good.past = {
          began: '2026-01-02T00:00:00Z',
          noticed: '2026-01-01T00:00:00Z',
          mended: '2026-01-03T00:00:00Z',
          by: 'users',
          how: 'they said so',
        }),
      'past',
      /follow each other/,
    ],
    [
      'a fault that is none',
      (good) => (good.monitors.disk!.sees = ['gremlins']),
      'monitors.disk.sees.0',
      /option/,
    ],
    ['a class that is none', (good) => (good.classes = ['gremlins' as never]), 'classes.0', /option/],
  ]
  test('is taken when it is whole', () => {
    assert.equal(checkedCase.safeParse(GOOD).success, true)
  })
  for (const [what, change, place, message] of table)
    test(`is refused for ${what}`, () => {
      const bad = structuredClone(GOOD)
      change(bad)
      const issues = checkedCase.safeParse(bad).error?.issues ?? []
      const found = issues.find(({ path }) => path.join('.') === place)
      assert.ok(found, JSON.stringify(issues))
      assert.match(found.message, message)
    })
})

describe('a plan', () => {
  const incident = shippedCases().find(({ id }) => id === 'renewal-that-hangs')!
  const base: PlanInput = {
    incident,
    service: { id: 'docs', name: 'Documentation' },
    values: { host: 'docs.example.org', schedule: '0 3 * * *' },
    present: [],
    taken: { monitors: new Set(), drills: new Set() },
    presentDrill: null,
  }
  test('creates what is missing, and the drill over all of it', () => {
    const plan = planAdoption(base)
    assert.deepEqual(
      plan.monitors.map(({ id, state }) => [id, state]),
      [
        ['docs-certificate', 'create'],
        ['docs-renewal', 'create'],
      ],
    )
    assert.equal(plan.ready, true)
    assert.equal(plan.monitors[1]!.settings.renews, 'docs-certificate')
    assert.deepEqual(
      plan.drill?.settings.faults,
      Object.values(incident.monitors).flatMap(({ sees }) => sees),
    )
  })
  test('leaves a monitor that sees it already, and points at it', () => {
    const plan = planAdoption({ ...base, present: [{ id: 'docs-tls', standsFor: ['certificate'] }] })
    assert.deepEqual(
      plan.monitors.map(({ id, state }) => [id, state]),
      [
        ['docs-tls', 'present'],
        ['docs-renewal', 'create'],
      ],
    )
    assert.equal(plan.monitors[1]!.settings.renews, 'docs-tls')
    assert.equal(plan.drill?.settings.monitor, 'docs-tls')
  })
  test('is content with a drill that plays all of it, and with no other', () => {
    const faults = Object.values(incident.monitors).flatMap(({ sees }) => sees)
    const state = (presentDrill: PlanInput['presentDrill']) =>
      planAdoption({ ...base, presentDrill }).drill?.state
    assert.equal(state({ id: 'd', faults: null }), 'present')
    assert.equal(state({ id: 'd', faults: [...faults, 'tarpit'] }), 'present')
    assert.equal(state({ id: 'd', faults: faults.slice(1) }), 'create')
  })
  test('takes another id where one is taken', () => {
    const taken = { monitors: new Set(['docs-certificate']), drills: new Set(['docs-renewal-that-hangs']) }
    const plan = planAdoption({ ...base, taken })
    assert.equal(plan.monitors[0]!.id, 'docs-renewal-that-hangs-certificate')
    assert.equal(plan.drill!.id, 'docs-renewal-that-hangs-2')
  })
  test('says what it needs, and leaves out what nothing was given for', () => {
    const needy = planAdoption({ ...base, values: {} })
    assert.deepEqual([needy.ready, needy.monitors[0]!.missing], [false, ['host']])
    const leak = shippedCases().find(({ id }) => id === 'leak-behind-restarts')!
    const values = { prometheus: 'http://p:9090', memory: 'm', limit: '5' }
    const plan = planAdoption({ ...base, incident: leak, values })
    assert.deepEqual([plan.ready, plan.monitors.map(({ state }) => state)], [true, ['create', 'left-out']])
    assert.deepEqual(plan.drill?.settings.faults, leak.monitors.memory!.sees)
  })
})

describe('values are guessed from the monitors that there are', () => {
  const value = (guess: 'host' | 'target' | 'url' | 'issuer' | 'issuer-address') => ({
    x: { title: 'X', example: '', kind: 'text' as const, optional: false, guess },
  })
  const known = [
    { kind: 'tcp', target: '192.0.2.1:443', spec: {} },
    { kind: 'tls', target: '192.0.2.1:443', spec: { expect: { name: 'docs.example.org', issuer: 'R3' } } },
    { kind: 'http', target: 'https://www.example.org/', spec: { url: 'https://www.example.org/' } },
    { kind: 'oidc', target: 'https://iam.example.org/', spec: { issuer: 'https://iam.example.org/' } },
  ]
  const table = [
    ['host', 'docs.example.org'],
    ['target', '192.0.2.1:443'],
    ['url', 'https://www.example.org/'],
    ['issuer', 'R3'],
    ['issuer-address', 'https://iam.example.org/'],
  ] as const
  for (const [guess, expected] of table)
    test(guess, () => assert.deepEqual(guessValues(value(guess), known), { x: expected }))
  test('and from nothing else', () => {
    assert.deepEqual(guessValues(value('host'), [{ kind: 'heartbeat', target: '0 3 * * *', spec: {} }]), {})
  })
})
