import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ACTION_STATES } from '../postmortem.ts'
import { followIssue } from './follow-issue.rules.ts'

const ME = 'system:trackers'
const of = (
  state: (typeof ACTION_STATES)[number],
  before: 'open' | 'closed' | null,
  seen: 'open' | 'closed',
  more: {
    givenUp?: boolean
    opening?: boolean
    claimedBy?: string | null
    closedAt?: [number | null, number | null]
  } = {},
) => {
  const [was, is] = more.closedAt ?? [null, null]
  const { outcome, reason } = followIssue({
    action: { state, claimedBy: more.claimedBy ?? null },
    before: { state: before, closedAt: was },
    seen: { state: seen, closedAt: is, givenUp: more.givenUp ?? false },
    opening: more.opening ?? false,
    trackerActor: ME,
  })
  return `${outcome}: ${reason}`
}

describe('what follows from how an issue stands', () => {
  test('closed anew, it claims what waits, and nothing else', () => {
    assert.deepEqual(
      ACTION_STATES.map((state) => of(state, 'open', 'closed')),
      [
        'claim: issue-closed',
        'nothing: claimed-already',
        'nothing: proved',
        'claim: issue-closed',
        'claim: issue-closed',
        'nothing: dropped',
      ],
    )
    assert.equal(of('open', null, 'closed'), 'claim: issue-closed')
  })

  test('closed without being done, it claims nothing', () => {
    assert.equal(of('open', 'open', 'closed', { givenUp: true }), 'nothing: given-up')
  })

  test('in no state, and by no way, does it prove', () => {
    for (const state of ACTION_STATES)
      for (const before of ['open', 'closed', null] as const)
        for (const seen of ['open', 'closed'] as const)
          for (const opening of [true, false])
            for (const claimedBy of [ME, 'ana', null])
              assert.match(of(state, before, seen, { opening, claimedBy }), /^(claim|take-back|nothing): /)
  })

  test('an issue that stays closed claims once; closed at another time, it was closed anew', () => {
    assert.equal(of('refuted', 'closed', 'closed', { closedAt: [5, 5] }), 'nothing: as-before')
    assert.equal(of('refuted', 'closed', 'closed'), 'nothing: as-before')
    assert.equal(of('refuted', 'closed', 'closed', { closedAt: [5, 9] }), 'claim: issue-closed')
  })

  test('while Tocsin is about to open it, that it is closed says nothing', () => {
    assert.equal(of('refuted', 'open', 'closed', { opening: true }), 'nothing: about-to-be-opened')
  })

  test('opened again, it takes its own claim back', () => {
    assert.equal(of('claimed', 'closed', 'open', { claimedBy: ME }), 'take-back: issue-reopened')
    assert.equal(of('claimed', 'closed', 'open', { claimedBy: 'ana' }), 'nothing: claimed-by-a-person')
    assert.equal(of('claimed', 'open', 'open', { claimedBy: ME }), 'nothing: as-before')
    assert.equal(of('proved', 'closed', 'open', { claimedBy: ME }), 'nothing: as-before')
  })
})
