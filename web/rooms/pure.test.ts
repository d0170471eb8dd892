import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TimelineEntry } from '../../src/contract/incidents.ts'
import { incidentState } from '../../src/contract/incidents.ts'
import { decidingPage, readEvidence, resultOf } from '../parts/evidence/read-evidence.ts'
import { matches } from '../parts/matches.ts'
import { byUrgency, lookOf } from '../parts/states.ts'
import { placeAfter, secretOf } from './account/place-after.ts'
import { awaitsProof, byNeed } from './actions/sort-actions.ts'
import { arrange, wasWrittenLater } from './incidents/arrange-timeline.ts'
import { nextStates } from './incidents/next-states.ts'
import { timeNamed } from './incidents/time-named.ts'
import { headline } from './overview/headline.ts'

describe('the headline of the first page', () => {
  const calm = { monitors: { up: 3, degraded: 0, down: 0, unknown: 0 }, openAlerts: 0, openIncidents: 0 }
  test('says that all is well only where it is', () => {
    assert.deepEqual(headline(calm), { tone: 'good', text: 'All 3 monitors are well' })
    const empty = { ...calm, monitors: { up: 0, degraded: 0, down: 0, unknown: 0 } }
    assert.equal(headline(empty).text, 'Nothing is watched yet')
  })
  test('names what is wrong, the worst first', () => {
    const bad = { monitors: { up: 1, degraded: 1, down: 2, unknown: 1 }, openAlerts: 1, openIncidents: 1 }
    assert.deepEqual(headline(bad), {
      tone: 'bad',
      text: '2 monitors down, 1 degraded, 1 unknown, 1 open incident and 1 open alert',
    })
    const blind = { ...calm, monitors: { up: 1, degraded: 0, down: 0, unknown: 2 } }
    assert.deepEqual(headline(blind), { tone: 'unclear', text: '2 unknown' })
  })
})

describe('signing in', () => {
  test('leads back to pages of ours only', () => {
    assert.equal(placeAfter({ next: '/alerts/1?x=2' }), '/alerts/1?x=2')
    for (const next of [
      '//evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/sign-in',
      7,
      null,
    ])
      assert.equal(placeAfter({ next }), '/')
    assert.equal(placeAfter(undefined), '/')
  })
  test('finds the secret of a link behind #, and nowhere else', () => {
    const secret = 'a'.repeat(32)
    assert.equal(secretOf({ hash: `#${secret}` }), secret)
    assert.equal(secretOf(new URL(`https://tocsin.example/setup/${secret}`)), null)
    assert.equal(secretOf({ hash: '#short' }), null)
    assert.equal(secretOf({ hash: `#${'%'.repeat(30)}` }), null)
  })
})

describe('the time line', () => {
  const entry = (id: string, happenedAt: string, corrects: string | null = null): TimelineEntry => ({
    id,
    incidentId: 'i',
    kind: 'note',
    text: id,
    actor: 'Ana',
    happenedAt,
    writtenAt: '2026-11-21T12:00:00.000Z',
    corrects,
  })
  test('is in the order in which things happened; what was corrected says by what', () => {
    const shown = arrange([
      entry('late', '2026-11-21T11:59:30Z'),
      entry('early', '2026-11-20T09:00:00Z'),
      entry('fix', '2026-11-20T09:05:00Z', 'early'),
    ])
    assert.deepEqual(
      shown.map(({ entry: { id }, day, correctedBy }) => [id, day, correctedBy]),
      [
        ['early', true, 'fix'],
        ['fix', false, null],
        ['late', true, null],
      ],
    )
    assert.equal(wasWrittenLater(shown[0]!.entry), true)
    assert.equal(wasWrittenLater(shown[2]!.entry), false)
  })
  test('every state but the last leads on, and only the last is final', () => {
    for (const state of incidentState.options)
      assert.equal(nextStates(state).usual === null, state === 'closed', state)
    assert.deepEqual(nextStates('resolved'), { usual: 'closed', others: ['declared'] })
  })
  test('a time is found by its words', () => {
    const times = [{ name: 'impact start', at: 'x' }]
    assert.equal(timeNamed(times, 'impactStart'), 'x')
    assert.equal(timeNamed(times, 'mitigated'), null)
  })
})

describe('evidence of a drill', () => {
  test('is read leniently: a part that is not understood does not hide the others', () => {
    const read = readEvidence({ faults: [{ fault: 'slow', result: 'missed' }], control: 'odd', pages: 7 })
    assert.equal(resultOf(read.faults[0]!), 'missed')
    assert.deepEqual([read.control, read.pages], [undefined, undefined])
    assert.equal(resultOf({ caught: true, result: undefined }), 'caught')
    assert.equal(resultOf({ caught: undefined, result: undefined }), 'unclear')
  })
  test('the page that decides is the first to whom it had to reach', () => {
    const page = (person: string, afterMs: number) => ({
      at: '2026-11-21T00:00:00Z',
      afterMs,
      person,
      channel: 'email',
    })
    const pages = [page('ana', 400_000), page('bo', 60_000)]
    const expected = { person: 'ana', withinMs: 300_000 }
    assert.deepEqual(
      [
        decidingPage(readEvidence({ pages, expected }))?.person,
        decidingPage(readEvidence({ pages, expected }))?.inTime,
      ],
      ['ana', false],
    )
    const anybody = readEvidence({ pages, expected: { person: null, withinMs: 300_000 } })
    assert.deepEqual([decidingPage(anybody)?.person, decidingPage(anybody)?.inTime], ['bo', true])
    assert.equal(decidingPage(readEvidence({ pages: [], expected })), null)
  })
})

test('actions that need somebody come first', () => {
  const of = (state: 'open' | 'refuted' | 'proved', dueAt: string | null) => ({ state, dueAt })
  const sorted = [
    of('proved', null),
    of('open', null),
    of('open', '2026-01-01T00:00:00Z'),
    of('refuted', null),
  ].sort(byNeed)
  assert.deepEqual(
    sorted.map(({ state, dueAt }) => [state, dueAt]),
    [
      ['refuted', null],
      ['open', '2026-01-01T00:00:00Z'],
      ['open', null],
      ['proved', null],
    ],
  )
  assert.equal(awaitsProof({ state: 'claimed' }), true)
  assert.equal(awaitsProof({ state: 'proved' }), false)
})

test('what nobody can see is more urgent than what is slow', () => {
  assert.deepEqual(['up', 'degraded', 'unknown', 'down'].sort(byUrgency), [
    'down',
    'unknown',
    'degraded',
    'up',
  ])
})

test('a state means what its room says, and an unknown one is shown as it is', () => {
  assert.equal(lookOf('open', 'alert').tone, 'bad')
  assert.equal(lookOf('open', 'action').tone, 'plain')
  assert.equal(lookOf('half-open').word, 'half open')
})

test('a search finds every word somewhere', () => {
  assert.ok(matches('DOCS tls', 'Documentation', 'docs-certificate', 'tls', null))
  assert.ok(!matches('docs smtp', 'docs', undefined))
  assert.ok(matches('', 'anything'))
})
