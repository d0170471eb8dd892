/** What decides the map: tables for what is known, properties for what is not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { TRAIT_NAMES, type Trait } from '../../catalog/index.ts'
import { DAY, HOUR } from '../../kit/duration.ts'
import { parseSpec } from '../../monitors/index.ts'
import { classOfReason, FAILURE_CLASS_IDS, FAILURE_CLASSES } from '../failure-class.ts'
import { FAULTS } from '../faults/registry.ts'
import { type Exposed, exposureOf, STRIKES, wouldStrike } from './exposure.rules.ts'
import { type CellInput, type FaultStanding, judgeCell, PROOF_LASTS } from './judge-cell.rules.ts'
import { type AtHand, mendsFor } from './mends.rules.ts'
import { faultStandings } from './monitor-faults.ts'
import { standingOfPages, standingOfPeople, standingOfPlaces } from './other-standings.rules.ts'
import type { SurveyedService } from './survey.ts'
import { traitsOf } from './traits.rules.ts'

const NOW = Date.UTC(2026, 0, 5, 12)

describe('what a service has', () => {
  const table: [what: string, kind: string, spec: unknown, traits: Trait[]][] = [
    ['a web page in the open', 'http', { url: 'http://a.example/' }, ['web']],
    ['a web page over TLS', 'http', { url: 'https://a.example/' }, ['web', 'tls']],
    ['a TLS endpoint', 'tls', { target: 'a.example:443' }, ['tls']],
    ['terminal servers', 'rdp', { target: 'a.example' }, ['tls', 'terminal-servers']],
    ['telephones', 'sip', { target: 'a.example', transport: 'udp' }, ['phones']],
    ['telephones over TLS', 'sip', { target: 'a.example', transport: 'tls' }, ['phones', 'tls']],
    ['a token issuer', 'oidc', { issuer: 'https://a.example/' }, ['token-issuer', 'web', 'tls']],
    ['a leak to be seen', 'metric', { forecast: { limit: 5 } }, ['long-running']],
    ['tenants', 'metric', { share: { label: 'tenant' } }, ['tenants']],
    ['a backlog', 'metric', { backlog: { retention: HOUR } }, ['retention-limit']],
    [
      'a pool of terminal servers',
      'pool',
      { check: { type: 'rdp', spec: {} } },
      ['pool', 'tls', 'terminal-servers'],
    ],
    ['a job', 'heartbeat', {}, ['nightly-job']],
    ['mail without TLS', 'smtp', { security: 'none' }, ['mail']],
    [
      'a database with a replica',
      'sql',
      { tls: 'off', expect: { role: 'primary' } },
      ['database', 'replicated'],
    ],
    ['a port, which says nothing', 'tcp', { target: 'a.example:25' }, []],
  ]
  for (const [what, kind, spec, traits] of table)
    test(what, () => {
      assert.deepEqual([...traitsOf([], [{ id: 'm', kind, spec }]).keys()].sort(), [...traits].sort())
    })
  test('what is declared counts first, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.subarray([...TRAIT_NAMES]), (declared) => {
        const traits = traitsOf(declared, [{ id: 'm', kind: 'tls', spec: {} }])
        for (const trait of declared) assert.match(traits.get(trait)!, /declared/)
        assert.ok(traits.has('tls'))
      }),
    )
  })
})

const bare: Exposed = {
  traits: new Map(),
  audience: 'internal',
  monitors: [],
  struck: new Map(),
  people: ['Ana', 'Bo'],
  policy: 'Usual',
}

describe('exposure', () => {
  test('a service that has nothing can only stop', () => {
    assert.deepEqual(
      FAILURE_CLASS_IDS.filter((id) => exposureOf(id, bare).length > 0),
      ['service.down'],
    )
  })
  test('each trait exposes to every class that it is named for, and to no other', () => {
    for (const trait of TRAIT_NAMES) {
      const traits = new Map([[trait, 'it is declared']])
      const exposed = FAILURE_CLASS_IDS.filter((id) => exposureOf(id, { ...bare, traits }).length > 0)
      const named = FAILURE_CLASS_IDS.filter((id) => id === 'service.down' || STRIKES[id]?.includes(trait))
      assert.deepEqual(exposed, named, trait)
    }
  })
  test('more is never less: a further trait takes no exposure away', () => {
    const some = fc.subarray([...TRAIT_NAMES]).map((names) => new Map(names.map((name) => [name, 'x'])))
    fc.assert(
      fc.property(some, some, fc.constantFrom(...FAILURE_CLASS_IDS), (one, other, id) => {
        const both = new Map([...one, ...other])
        const less = exposureOf(id, { ...bare, traits: one }).length
        assert.ok(exposureOf(id, { ...bare, traits: both }).length >= less)
      }),
    )
  })
  test('what has happened here can happen again, whatever it has', () => {
    for (const id of FAILURE_CLASS_IDS) {
      const struck = new Map([[id, { what: 'certificate.expired', agoMs: 3 * DAY }]])
      assert.match(
        exposureOf(id, { ...bare, struck }).at(-1)!,
        /^It has happened here: certificate.expired, 3d ago/,
      )
    }
  })
  test('one person at every step', () => {
    const monitors = [{ id: 'docs', kind: 'tls' }]
    const of = (people: string[]) => exposureOf('escalation.single-person', { ...bare, monitors, people })
    assert.match(of(['Ana'])[0]!, /Only Ana/)
    assert.match(of([])[0]!, /Nobody/)
    assert.deepEqual(of(['Ana', 'Bo']), [])
  })
  test('every class that a trait decides says which', () => {
    for (const id of Object.keys(STRIKES))
      assert.ok(wouldStrike(id as never).every(({ title }) => title.length > 0))
  })
})

const fault = (change: Partial<FaultStanding> = {}): FaultStanding => ({
  fault: 'certificate-expired',
  title: 'Certificate has expired',
  monitorId: 'docs',
  looks: true,
  result: 'never',
  at: null,
  ...change,
})
const caught = (at: number, change: Partial<FaultStanding> = {}) => fault({ result: 'caught', at, ...change })
const cell = (faults: FaultStanding[], change: Partial<CellInput> = {}): CellInput => ({
  exposure: ['It has a TLS endpoint.'],
  faults,
  other: null,
  judgement: null,
  ...change,
})

describe('a cell', () => {
  const said = { applies: false, reason: 'rented', by: 'Ana', at: NOW }
  const table: [what: string, input: CellInput, state: string, reason: RegExp][] = [
    ['nobody looks', cell([]), 'unseen', /No monitor looks/],
    ['a monitor that is set up to look away', cell([fault({ looks: false })]), 'unseen', /No monitor looks/],
    ['never played', cell([fault()]), 'unproven', /docs should notice; no drill has shown it/],
    ['caught', cell([caught(NOW - DAY)]), 'proved', /was noticed when last played/],
    ['caught too long ago', cell([caught(NOW - PROOF_LASTS - 1)]), 'unproven', /too long/],
    ['missed', cell([fault({ result: 'missed', at: NOW })]), 'unseen', /certificate-expired passed unseen/],
    [
      'missed by one, caught by another',
      cell([fault({ result: 'missed', at: NOW }), caught(NOW, { monitorId: 'other' })]),
      'proved',
      /noticed/,
    ],
    [
      'missed, and the monitor looks away since',
      cell([fault({ result: 'missed', at: NOW, looks: false })]),
      'unseen',
      /passed unseen/,
    ],
    [
      'one of two never played',
      cell([caught(NOW), fault({ fault: 'tarpit' })]),
      'unproven',
      /no drill has shown tarpit/,
    ],
    [
      'one of two missed',
      cell([caught(NOW), fault({ fault: 'tarpit', result: 'missed', at: NOW })]),
      'unseen',
      /tarpit/,
    ],
    ['could not be judged', cell([fault({ result: 'unclear', at: NOW })]), 'unproven', /no drill/],
    ['nothing to be hit', cell([], { exposure: [] }), 'not-exposed', /Nothing that it has/],
    [
      'a person says no',
      cell([fault({ result: 'missed', at: NOW })], { judgement: said }),
      'not-applicable',
      /^Ana: rented$/,
    ],
    [
      'and takes it back',
      cell([caught(NOW)], { judgement: { ...said, applies: true } }),
      'proved',
      /noticed/,
    ],
  ]
  for (const [what, input, state, reason] of table)
    test(what, () => {
      const found = judgeCell(input, NOW)
      assert.equal(found.state, state)
      assert.match(found.reason, reason)
      assert.equal(found.provedAt !== null, state === 'proved')
    })

  const standing = fc.record({
    fault: fc.constantFrom('a', 'b', 'c'),
    title: fc.constant('t'),
    monitorId: fc.constantFrom('m', 'n'),
    looks: fc.boolean(),
    result: fc.constantFrom('caught', 'missed', 'unclear', 'never' as const),
    at: fc.constant(NOW - DAY),
  }) as fc.Arbitrary<FaultStanding>

  test('is proved only where every fault that counts was caught, and says so by its oldest proof', () => {
    fc.assert(
      fc.property(fc.array(standing, { maxLength: 12 }), (faults) => {
        const { state } = judgeCell(cell(faults), NOW)
        const counted = faults.filter(({ looks, result }) => looks || result === 'missed')
        const all =
          counted.length > 0 &&
          counted.every((one) =>
            counted.some((other) => other.fault === one.fault && other.result === 'caught'),
          )
        assert.equal(state === 'proved', all)
      }),
    )
  })
  test('a further catch makes nothing worse', () => {
    const rank = { unseen: 0, unproven: 1, proved: 2, 'not-applicable': 3, 'not-exposed': 3 }
    fc.assert(
      fc.property(fc.array(standing, { minLength: 1, maxLength: 8 }), fc.nat(7), (faults, at) => {
        const one = faults[at % faults.length]!
        const better = [...faults, caught(NOW, { fault: one.fault, monitorId: 'x' })]
        assert.ok(rank[judgeCell(cell(better), NOW).state] >= rank[judgeCell(cell(faults), NOW).state])
      }),
    )
  })
})

describe('routes, people and places', () => {
  const run = (state: 'passed' | 'failed', at: number) => ({
    drillId: 'd',
    state,
    summary: `it ${state}`,
    at,
  })
  test('whether somebody is paged is what drills have shown last', () => {
    assert.equal(standingOfPages({ ...bare, policy: null }, []).state, 'unseen')
    assert.equal(standingOfPages({ ...bare, people: [] }, []).state, 'unseen')
    assert.equal(standingOfPages(bare, []).state, 'unproven')
    assert.equal(standingOfPages(bare, [run('passed', NOW)]).state, 'proved')
    assert.equal(standingOfPages(bare, [run('passed', 1), run('failed', 2)]).state, 'unseen')
    assert.equal(standingOfPages(bare, [run('passed', 3), run('failed', 2)]).state, 'proved')
  })
  test('two people are enough, and nobody is asked where nothing is watched', () => {
    const monitors = [{ id: 'm', kind: 'tls' }]
    assert.equal(standingOfPeople({ ...bare, monitors }).state, 'not-exposed')
    assert.equal(standingOfPeople({ ...bare, monitors, people: ['Ana'] }).state, 'unseen')
    assert.equal(standingOfPeople({ ...bare, people: ['Ana'] }).state, 'not-exposed')
  })
  test('a place elsewhere', () => {
    assert.equal(standingOfPlaces([{ id: 'm', places: { names: ['here'] } }]).state, 'unseen')
    const outside = [{ id: 'm', places: { names: ['here', 'berlin'] } }]
    const drill = (at: number | null, seen?: boolean) => ({
      drillId: `at-${at}`,
      at,
      outsideSeen: new Map(seen === undefined ? [] : [['m', seen]]),
    })
    const state = (...drills: ReturnType<typeof drill>[]) => {
      const standing = standingOfPlaces(outside, drills)
      return [standing.state, standing.at]
    }
    assert.deepEqual(state(), ['unproven', null])
    assert.deepEqual(state(drill(null)), ['unproven', null], 'never played')
    assert.deepEqual(state(drill(NOW)), ['unproven', null], 'played, and not of this monitor')
    assert.deepEqual(state(drill(NOW, true)), ['proved', NOW])
    assert.deepEqual(
      state(drill(NOW - 2, true), drill(NOW - 1, false)),
      ['unseen', null],
      'the newest counts',
    )
    assert.deepEqual(state(drill(NOW - 1, true), drill(NOW - 2, false)), ['proved', NOW - 1])
  })
})

describe('what a monitor sees of a class', () => {
  const of = (kind: string, settings: object) =>
    faultStandings({ id: 'm', kind, spec: parseSpec(kind, settings) }, new Map())
  test('one that takes any certificate looks at none', () => {
    const any = of('tls', { target: 'a.example:443', expect: { accept: 'any' } })
    assert.ok(any.get('certificate.identity')!.every(({ looks }) => !looks))
    assert.ok(any.get('service.down')!.some(({ looks }) => looks))
    const strict = of('tls', { target: 'a.example:443', expect: { issuer: 'R3' } })
    assert.ok(strict.get('certificate.identity')!.some(({ looks }) => looks))
  })
  test('a port that only has to accept does not know that nobody answers', () => {
    const frozen = (settings: object) =>
      of('tcp', settings)
        .get('service.frozen')!
        .find((one) => one.fault === 'tarpit')!.looks
    assert.equal(frozen({ target: 'a.example:25' }), false)
    assert.equal(frozen({ target: 'a.example:25', expect: { contains: '220' } }), true)
  })
})

describe('what would mend it', () => {
  const service: SurveyedService = {
    service: {
      id: 'docs',
      name: 'Documentation',
      description: '',
      owner: null,
      policy: null,
      audience: 'public',
      dependsOn: [],
      has: [],
      managedBy: 'file',
      removedAt: null,
    },
    exposed: bare,
    monitors: [],
    policy: null,
    placeMonitors: [],
    cutDrills: [],
    cells: [],
  }
  const remedies = new Map(FAULTS.map(({ name, remedy }) => [name, remedy]))
  const mends = (
    failureClass: string,
    input: CellInput,
    drills: AtHand['drills'] = [],
    about: SurveyedService = service,
  ) => {
    const { exposure, faults } = input
    const judged = {
      failureClass: failureClass as never,
      exposure: [...exposure],
      faults: [...faults],
      ...judgeCell(input, NOW),
    }
    const taken = new Set(drills.map(({ id }) => id))
    return mendsFor(judged, about, { cases: [], drills, taken, remedies })
  }
  test('there is something for every class in every state that asks for it', () => {
    for (const { id } of FAILURE_CLASSES) {
      assert.ok(mends(id, cell([])).length > 0, `${id}: nobody looks`)
      if (['page.unanswered', 'escalation.single-person', 'view.inside-only'].includes(id)) continue
      assert.ok(
        mends(id, cell([fault()])).some(({ kind }) => kind === 'create-drill'),
        `${id}: never played`,
      )
      assert.ok(mends(id, cell([caught(NOW)])).length > 0, `${id}: to keep it so`)
    }
  })
  test('a drill that plays other faults is none for this one: another is made, under an id that is free', () => {
    const drill = (id: string, faults: 'all' | string[], except: string[] = []) => ({
      ...{ id, faults, except, kind: 'monitor-faults', monitorId: 'docs', caseId: null },
    })
    const first = (...drills: AtHand['drills']) => {
      const [mend] = mends('certificate.expired', cell([fault()]), drills)
      return [mend!.kind, mend!.drillId]
    }
    const name = fault().fault
    const id = 'docs-certificate-expired'
    assert.deepEqual(first(), ['create-drill', id])
    assert.deepEqual(first(drill('whole', 'all')), ['run-drill', 'whole'])
    assert.deepEqual(first(drill('this', [name, 'tarpit'])), ['run-drill', 'this'])
    assert.deepEqual(first(drill('other', ['tarpit'])), ['create-drill', id])
    assert.deepEqual(first(drill('but', 'all', [name])), ['create-drill', id])
    assert.deepEqual(first(drill(id, ['tarpit'])), ['create-drill', `${id}-2`])
  })
  test('a view from outside is shown by cutting its place off', () => {
    const here = { ...service, monitors: [{ id: 'shop', places: { names: ['here', 'berlin'], quorum: 2 } }] }
    const about = (more: object) => ({ ...here, ...more }) as unknown as SurveyedService
    const watched = { monitorId: 'berlin-probe', place: 'berlin' }
    const seen = (of: SurveyedService, state: 'unproven' | 'proved' = 'unproven') =>
      mends('view.inside-only', { ...cell([]), other: { state, reason: '', at: NOW } }, [], of).map(
        ({ kind, drillId, settings }) => [kind, drillId, settings?.kind ?? settings?.type],
      )
    assert.deepEqual(seen(about({})), [['add-monitor', null, 'place']])
    assert.deepEqual(seen(about({ placeMonitors: [watched] })), [
      ['create-drill', 'berlin-cut-off', 'cut-off-a-place'],
    ])
    const cut = { ...watched, drillId: 'cut', at: null, outsideSeen: new Map() }
    for (const state of ['unproven', 'proved'] as const)
      assert.deepEqual(seen(about({ placeMonitors: [watched], cutDrills: [cut] }), state), [
        ['run-drill', 'cut', undefined],
      ])
  })
  test('what was missed is told with its remedy', () => {
    const [first] = mends('certificate.expired', cell([fault({ result: 'missed', at: NOW })]))
    assert.deepEqual([first!.kind, first!.monitorId], ['change-monitor', 'docs'])
    assert.equal(first!.detail, remedies.get('certificate-expired'))
  })
})

test('reasons of alerts lead to their class', () => {
  const table = {
    'certificate.expired': 'certificate.expired',
    'certificate.name-mismatch': 'certificate.identity',
    'heartbeat.late': 'job.hung',
    'connect.refused': 'service.down',
    'metric.share-spike': 'tenant.spike',
    'sip.not-bound': 'registrar.broken',
    'oidc.keys-hang': 'service.frozen',
  }
  for (const [reason, expected] of Object.entries(table))
    assert.equal(classOfReason(reason), expected, reason)
  assert.equal(classOfReason('manual'), null)
})
