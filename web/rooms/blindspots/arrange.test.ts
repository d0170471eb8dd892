import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type BlindSpots, CELL_STATES, type CellState } from '../../../src/contract/cases.ts'
import { toYaml } from '../../parts/yaml.ts'
import { sayLasted, sayNoticed, sayStanding } from '../cases/say-case.ts'
import { arrange, CELL_WORDS, type Chosen, cellWord, summarize } from './arrange.ts'
import { leavesOf, withTyped } from './leaves.ts'

const classes = [
  { id: 'a', title: 'A', short: 'A', group: 'One', about: '' },
  { id: 'b', title: 'B', short: 'B', group: 'One', about: '' },
  { id: 'c', title: 'C', short: 'C', group: 'Two', about: '' },
]
const service = (name: string, states: CellState[], owner: string | null = null) => ({
  ...{ id: name.toLowerCase(), name, owner, audience: 'internal' as const },
  cells: states.map((state, at) => ({ failureClass: classes[at]!.id, state, reason: '', provedAt: null })),
})
const services = [
  service('Calm', ['proved', 'not-exposed', 'not-exposed'], 'web'),
  service('Worst', ['unseen', 'not-exposed', 'unseen'], 'data'),
  service('Open', ['unproven', 'not-exposed', 'unproven'], 'web'),
  service('Bad', ['unseen', 'not-exposed', 'proved']),
]
const all: Chosen = { search: '', owner: '', state: '', everyClass: false }
const names = (chosen: Partial<Chosen>) =>
  arrange({ classes, services }, { ...all, ...chosen }).rows.map((row) => row.service.name)

describe('the map', () => {
  test('the worst first, and a class that concerns nobody only when it is asked for', () => {
    const { rows, classes: shown, groups } = arrange({ classes, services }, all)
    assert.deepEqual(
      rows.map((row) => [row.service.name, row.unseen, row.unproven]),
      [
        ['Worst', 2, 0],
        ['Bad', 1, 0],
        ['Open', 0, 2],
        ['Calm', 0, 0],
      ],
    )
    assert.deepEqual(
      shown.map(({ id }) => id),
      ['a', 'c'],
    )
    assert.ok(rows.every(({ cells }) => cells.map((one) => one.failureClass).join() === 'a,c'))
    assert.deepEqual(groups, [
      { name: 'One', span: 1 },
      { name: 'Two', span: 1 },
    ])
    assert.equal(arrange({ classes, services }, { ...all, everyClass: true }).classes.length, 3)
  })
  test('is narrowed by name, team and state', () => {
    assert.deepEqual(names({ search: ' WOR ' }), ['Worst'])
    assert.deepEqual(names({ owner: 'web' }), ['Open', 'Calm'])
    assert.deepEqual(names({ state: 'proved' }), ['Bad', 'Calm'])
  })
  test('in one sentence', () => {
    const counts = (unseen: number, unproven: number) =>
      ({
        ...Object.fromEntries(CELL_STATES.map((state) => [state, 0])),
        unseen,
        unproven,
      }) as BlindSpots['counts']
    assert.match(
      summarize({ counts: counts(3, 2), services }),
      /^3 failures would pass unseen at 2 of 4 services; 2 more/,
    )
    assert.match(
      summarize({ counts: counts(1, 0), services }),
      /^1 failure would pass unseen at 2 of 4 services\.$/,
    )
    assert.match(summarize({ counts: counts(0, 2), services }), /^Nothing would pass unseen/)
    assert.match(summarize({ counts: counts(0, 0), services }), /drills have proved it\.$/)
    assert.match(summarize({ counts: counts(0, 0), services: [] }), /no service/)
  })
  test('every state has a word and a sign of its own', () => {
    assert.deepEqual(
      CELL_WORDS.map(({ state }) => state),
      [...CELL_STATES],
    )
    assert.equal(new Set(CELL_STATES.map((state) => cellWord(state).sign)).size, CELL_STATES.length)
  })
})

describe('settings that can be typed', () => {
  const settings = {
    type: 'tls',
    target: 'a:443',
    confirm: 2,
    on: true,
    expect: { name: 'a', clients: ['x', 'y'] },
  }
  test('every leaf has its place, and stays of its kind', () => {
    assert.deepEqual(
      leavesOf(settings).map(({ path }) => path),
      ['type', 'target', 'confirm', 'on', 'expect.name', 'expect.clients'],
    )
    assert.deepEqual(withTyped(settings, {}), settings)
    assert.deepEqual(
      withTyped(settings, { confirm: '3', on: 'false', 'expect.name': 'b', 'expect.clients': 'z, ,q' }),
      { ...settings, confirm: 3, on: false, expect: { name: 'b', clients: ['z', 'q'] } },
    )
  })
})

describe('settings as they are written', () => {
  test('texts that would be read as something else stand in quotes', () => {
    const text = toYaml({
      a: 'plain text',
      b: 'yes',
      c: '1',
      d: 5,
      e: ['x', 'y z'],
      f: { g: [{ h: 'i: j' }] },
    })
    assert.equal(text, 'a: plain text\nb: "yes"\nc: "1"\nd: 5\ne: [x, y z]\nf:\n  g:\n    - h: "i: j"')
  })
})

describe('what is said of a case', () => {
  const past = {
    ...{ began: '2026-01-01T00:00:00Z', noticed: '2026-01-01T01:00:00Z', reached: '2026-01-01T02:30:00Z' },
    ...{ mended: '2026-01-01T03:00:00Z', by: 'users', how: '', had: [] },
  }
  test('how long nobody knew, and nobody who could act', () => {
    assert.match(sayNoticed(past), /^1 h.*, by users; 2 h 30 min until somebody knew who could act$/)
    assert.match(sayNoticed({ ...past, reached: past.noticed }), /, by users$/)
    assert.match(sayLasted(past), /^3 h/)
  })
  test('how it stands here', () => {
    const exposed = (...drills: (string | null)[]) => ({
      exposed: drills.map((drillId, i) => ({ serviceId: `s${i}`, because: '', drillId })),
    })
    assert.equal(sayStanding(exposed()).state, 'not-exposed')
    assert.equal(sayStanding(exposed(null)).say, '1 service, none drilled')
    assert.equal(sayStanding(exposed('d', null)).say, '1 of 2 services drilled')
    assert.equal(sayStanding(exposed('d')).state, 'proved')
  })
})
