import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR } from '../../kit/duration.ts'
import { ACTION_STATES } from '../postmortem.ts'
import { type Chase, decideChase, isWaiting, noticeKey, overtakenBy, type Stage } from './reminders.rules.ts'
import { remindersConfig } from './reminders-config.ts'

const SET = Date.UTC(2026, 0, 5, 9)
const DUE = SET + 20 * DAY
const usual = remindersConfig.parse({})
const open = { state: 'open' } as const
const dueOnly = (dueAt: number | null = DUE, dueFrom = SET): Chase => ({
  dueAt,
  dueFrom,
  promisedAt: null,
  promiseFrom: SET,
})

/** Every stage of a life, looked at whenever the schedule asks for it. */
function life(
  chase: Chase,
  until: number,
  state: (typeof ACTION_STATES)[number] = 'open',
  from = SET,
): Stage[] {
  const told: Stage[] = []
  let { nextAt } = decideChase({ state }, chase, usual, from, from)
  while (nextAt !== null && nextAt <= until) {
    const decided = decideChase({ state }, chase, usual, nextAt, nextAt)
    told.push(...decided.tell)
    assert.ok(decided.nextAt === null || decided.nextAt > nextAt, 'time goes on')
    nextAt = decided.nextAt
  }
  return told
}
const said = (stages: readonly Stage[]) =>
  stages.map(({ at, reason, to }) => `${(at - DUE) / DAY}d ${reason}${to === 'team' ? ' to the team' : ''}`)

describe('what an action with a due date is told of', () => {
  test('before, at, after, then weekly, and once to the team', () => {
    assert.deepEqual(said(life(dueOnly(), DUE + 25 * DAY)), [
      '-7d due-soon',
      '-1d due-soon',
      '0d due',
      '3d overdue',
      '10d overdue',
      '14d long-overdue to the team',
      '17d overdue',
      '24d overdue',
    ])
  })

  test('a date that was set late calls up nothing that lay before it', () => {
    assert.deepEqual(said(life(dueOnly(DUE, DUE - 2 * DAY), DUE + 3 * DAY, 'open', DUE - 2 * DAY)), [
      '-1d due-soon',
      '0d due',
      '3d overdue',
    ])
  })

  test('an import of what was due long ago is chased from its import on, and not at once', () => {
    assert.deepEqual(said(life(dueOnly(DUE - 300 * DAY, DUE), DUE + 15 * DAY, 'open', DUE)), [
      '3d overdue',
      '10d overdue',
      '14d long-overdue to the team',
    ])
  })

  test('what is claimed is left alone until its day; what is settled for good', () => {
    assert.deepEqual(said(life(dueOnly(), DUE + 3 * DAY, 'claimed')), ['0d due', '3d overdue'])
    for (const state of ['proved', 'dropped'] as const)
      assert.deepEqual(decideChase({ state }, dueOnly(), usual, DUE, SET), { tell: [], nextAt: null })
  })

  test('a promise is asked after on its day and when it was not kept', () => {
    const chase = { dueAt: null, dueFrom: SET, promisedAt: DUE, promiseFrom: SET }
    assert.deepEqual(said(life(chase, DUE + 11 * DAY)), [
      '0d promise-due',
      '3d promise-broken',
      '10d promise-broken',
    ])
  })

  test('without a date, and switched off, nobody is told', () => {
    assert.deepEqual(decideChase(open, dueOnly(null), usual, DUE, SET), { tell: [], nextAt: null })
    const off = remindersConfig.parse({ enabled: false })
    assert.deepEqual(decideChase(open, dueOnly(), off, DUE, SET), { tell: [], nextAt: null })
  })

  test('the schedule is that of the configuration', () => {
    const own = remindersConfig.parse({ before: [], after: ['1d', '2d'], every: null, escalateAfter: null })
    const { nextAt } = decideChase(open, dueOnly(), own, SET, SET)
    assert.equal(nextAt, DUE)
    assert.equal(decideChase(open, dueOnly(), own, DUE + 2 * DAY, DUE + 2 * DAY).nextAt, null)
  })

  test('after an absence only the latest of each way is told', () => {
    const { tell } = decideChase(open, dueOnly(), usual, DUE + 60 * DAY, DUE - 7 * DAY)
    assert.deepEqual(said(tell), ['59d overdue', '14d long-overdue to the team'])
  })

  test('whatever the dates, no stage comes twice and none before its date was set', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom(...ACTION_STATES),
        (due, until, state) => {
          const chase = dueOnly(SET + due * DAY + HOUR)
          const told = life(chase, SET + until * DAY, state)
          const keys = told.map((stage) => noticeKey('a', stage, 'ana'))
          assert.equal(new Set(keys).size, keys.length)
          assert.ok(told.every(({ at }) => at > SET))
          assert.ok(isWaiting(state) || told.length === 0)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a reminder that waited', () => {
  const standing = { state: 'open', owner: 'ana', dueAt: DUE, promisedAt: null } as const
  const notice = { reason: 'overdue', aboutAt: DUE, personId: 'ana' } as const
  for (const [what, of, now, why] of [
    ['is still true', {}, {}, null],
    ['speaks of what is proved by now', {}, { state: 'proved' }, 'settled'],
    ['speaks of what was given up', {}, { state: 'dropped' }, 'settled'],
    ['speaks of another date', {}, { dueAt: DUE + DAY }, 'date-changed'],
    ['speaks of a date that is gone', {}, { dueAt: null }, 'date-changed'],
    ['is for who owned it', {}, { owner: 'bo' }, 'another-owner'],
    ['is for the team, whoever owns it', { reason: 'long-overdue' }, { owner: 'bo' }, null],
    ['is for the team, as nobody owned it', {}, { owner: null }, null],
    ['says that it is due soon, and it is claimed', { reason: 'due-soon' }, { state: 'claimed' }, 'claimed'],
    ['says that it is overdue, and it is claimed', {}, { state: 'claimed' }, null],
    [
      'says that it is refuted, and it is claimed anew',
      { reason: 'refuted' },
      { state: 'claimed' },
      'claimed',
    ],
    ['says that its proof is too old, and it is open', { reason: 'stale' }, { state: 'open' }, 'settled'],
    [
      'speaks of a promise that was moved',
      { reason: 'promise-due' },
      { promisedAt: DUE + DAY },
      'date-changed',
    ],
    ['speaks of the promise', { reason: 'promise-due' }, { promisedAt: DUE }, null],
  ] as const)
    test(`${what}: ${why ?? 'it is sent'}`, () => {
      assert.equal(overtakenBy({ ...notice, ...of }, { ...standing, ...now }), why)
    })
})
