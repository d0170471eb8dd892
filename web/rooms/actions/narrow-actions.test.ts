import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Action } from '../../../src/contract/postmortems.ts'
import { isPromiseBroken, isShown, type Narrowing, sayCriterion, sayIssue, sayNth } from './narrow-actions.ts'

const NOW = Date.parse('2026-02-10T09:00:00Z')
const ALL: Narrowing = { words: '', state: 'all', type: '', owner: '', with: '', due: '' }
const promise = (day: string, by = 'Acme') => ({
  id: day,
  by,
  promisedAt: `${day}T00:00:00Z`,
  note: '',
  writtenBy: 'Ana',
  writtenAt: '2026-01-01T00:00:00Z',
})
const issue = { tracker: 'work', kind: 'github', project: 'acme/site', number: '12' } as Action['issue']
const action: Action = {
  id: 'a',
  postmortemId: 'p',
  title: 'Renew it by itself',
  type: 'prevent',
  owner: 'ana',
  dueAt: '2026-02-01T00:00:00Z',
  criterion: 'a certificate that ends soon is renewed',
  drillId: null,
  state: 'open',
  reason: '',
  since: '2026-01-01T00:00:00Z',
  claimedBy: null,
  provedByRunId: null,
  provedBy: null,
  with: { kind: 'vendor', name: 'Acme', reference: 'T-4711' },
  promises: [promise('2026-01-20'), promise('2026-02-05')],
  ownerWritten: null,
  ownerMeant: null,
  issue,
}
const shown = (by: Partial<Narrowing>, more: Partial<Action> = {}) =>
  isShown({ ...action, ...more }, { ...ALL, ...by }, NOW)

describe('the list of actions is narrowed', () => {
  for (const [what, by, more, is] of [
    ['by nothing', {}, {}, true],
    ['by what waits', { state: 'waiting' }, {}, true],
    ['by what waits, and it is proved', { state: 'waiting' }, { state: 'proved' }, false],
    ['by kind', { type: 'detect' }, {}, false],
    ['by owner', { owner: 'ana' }, {}, true],
    ['by another owner', { owner: 'bo' }, {}, false],
    ['by having none', { owner: 'nobody' }, { owner: null }, true],
    ['by a name that is nobody of ours', { owner: 'unmatched' }, { owner: null, ownerWritten: 'Dana' }, true],
    ['by a name, and there is an owner', { owner: 'unmatched' }, { ownerWritten: 'Dana' }, false],
    ['by vendor', { with: 'Acme' }, {}, true],
    ['by what is ours', { with: 'us' }, {}, false],
    ['by what is late', { due: 'late' }, {}, true],
    ['by what is late, and it was given up', { due: 'late' }, { state: 'dropped' }, false],
    ['by this week', { due: 'week' }, { dueAt: '2026-02-16T00:00:00Z' }, true],
    ['by this week, and it is later', { due: 'week' }, { dueAt: '2026-02-18T00:00:00Z' }, false],
    ['by having no date', { due: 'none' }, {}, false],
    ['by promises that were not kept', { due: 'broken' }, {}, true],
    ['by the vendor’s ticket', { words: 't-4711' }, {}, true],
    ['by words that it does not have', { words: 'telephone' }, {}, false],
    ['by a filter of another version', { due: 'someday' }, {}, true],
  ] as const)
    test(what, () => assert.equal(shown(by, more as Partial<Action>), is))
})

test('a promise counts for whom it is with now, and only the last', () => {
  const broken = (more: Partial<Action>) => isPromiseBroken({ ...action, ...more }, NOW)
  assert.equal(broken({}), true)
  assert.equal(broken({ promises: [promise('2026-01-20'), promise('2026-03-01')] }), false)
  assert.equal(broken({ promises: [promise('2026-01-20', 'Former vendor')] }), false)
  assert.equal(broken({ with: null }), false)
  assert.equal(broken({ promises: [] }), false)
})

test('a prompt stands without its marks, a criterion as it is', () => {
  const criterion = '_Not yet written: what will show that it is done._'
  assert.equal(sayCriterion({ criterion }), 'Not yet written: what will show that it is done.')
  assert.equal(sayCriterion({ criterion: '_soon_' }), '_soon_')
})

test('issues and promises are named as people name them', () => {
  assert.equal(sayIssue(issue!), 'acme/site#12')
  assert.equal(sayIssue({ ...issue!, project: 'OPS', number: 'OPS-7' }), 'OPS-7')
  assert.equal(sayIssue({ ...issue!, number: null }), 'work: not created yet')
  assert.deepEqual([sayNth(1), sayNth(3), sayNth(9)], ['the first date', 'the third date', 'date number 9'])
})
