import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { type EscalationEvent, escalate, NOT_STARTED } from './escalate.rules.ts'
import type { Target } from './policy.ts'
import type { MissReason, Reach, Roster } from './roster.ts'

const NOW = 1_000_000

const reaches = (...ids: string[]): Reach => ({
  people: ids.map((id) => ({
    personId: id,
    personName: id,
    contacts: [{ contactId: `${id}-mail`, channel: 'email' }],
  })),
  missed: [],
})
const misses = (reason: MissReason): Reach => ({ people: [], missed: [{ target: 'schedule:web', reason }] })

describe('escalate, whatever happens', () => {
  const reach = fc.oneof(
    fc.constantFrom(reaches('ana'), reaches('bo', 'cleo')),
    fc.constantFrom<Reach>(misses('nobody-on-call'), misses('no-verified-contact'), {
      people: [],
      missed: [],
    }),
  )
  const event = fc.oneof(
    fc.record({ type: fc.constant('timer' as const), silenced: fc.boolean() }),
    fc.record({ type: fc.constant('reopened' as const), silenced: fc.boolean() }),
    fc.constantFrom<EscalationEvent>(
      { type: 'refused' },
      { type: 'acknowledged' },
      { type: 'silenced' },
      { type: 'unsilenced' },
      { type: 'audit-failed' },
    ),
  )
  const spec = fc.record({
    steps: fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b'),
        notify: fc.constant<Target[]>([]),
        waitMs: fc.integer({ min: 10_000, max: HOUR }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    repeat: fc.integer({ min: 0, max: 3 }),
    lastResort: fc.record({
      people: fc.constant<string[]>(['cleo']),
      everyMs: fc.integer({ min: MINUTE, max: HOUR }),
    }),
    ackTimeoutMs: fc.option(fc.integer({ min: MINUTE, max: HOUR })),
  })
  const turns = fc.array(
    fc.record({
      event,
      steps: fc.array(reach, { minLength: 4, maxLength: 4 }),
      lastResort: reach,
      administrators: reach,
      pass: fc.integer({ min: 0, max: 2 * HOUR }),
    }),
    { maxLength: 40 },
  )

  test('property: whatever happens, a running escalation waits for an instant, and pages never share a number', () => {
    fc.assert(
      fc.property(fc.option(spec), turns, (policyOrNone, all) => {
        let now = NOW
        const roster = (turn: (typeof all)[number]): Roster => ({
          ...turn,
          steps: turn.steps.slice(0, policyOrNone?.steps.length ?? 0),
        })
        const first = all[0]
        if (!first) return
        let { standing } = escalate(
          NOT_STARTED,
          { type: 'started', silenced: false },
          policyOrNone,
          roster(first),
          now,
        )
        const used = new Set<number>([standing.paging])
        for (const turn of all) {
          now += turn.pass
          const outcome = escalate(standing, turn.event, policyOrNone, roster(turn), now)
          for (const decision of outcome.decisions) {
            if (decision.do !== 'page') continue
            assert.ok(!used.has(decision.paging), 'each paging has its own number')
            used.add(decision.paging)
            assert.ok(decision.people.length > 0, 'a page goes to somebody')
          }
          standing = outcome.standing
          if (standing.status === 'running')
            assert.notEqual(standing.waitingUntil, null, 'it never waits for nothing')
          if (standing.status === 'silenced') assert.equal(standing.waitingUntil, null)
          const wait = outcome.decisions.findLast((d) => d.do === 'wait')
          if (wait?.do === 'wait')
            assert.equal(wait.until, standing.waitingUntil, 'the timer is where the state says')
        }
      }),
      { numRuns: 500 },
    )
  })

  test('property: left alone, every escalation reaches the last resort', () => {
    fc.assert(
      fc.property(spec, fc.array(reach, { minLength: 4, maxLength: 4 }), (policyOfRun, steps) => {
        const roster: Roster = {
          steps: steps.slice(0, policyOfRun.steps.length),
          lastResort: reaches('cleo'),
          administrators: reaches('root'),
        }
        let outcome = escalate(NOT_STARTED, { type: 'started', silenced: false }, policyOfRun, roster, NOW)
        const bound = policyOfRun.steps.length * (policyOfRun.repeat + 1)
        let fired = 0
        while (outcome.standing.phase === 'steps') {
          assert.ok(fired++ <= bound, 'no more timers than steps')
          const { standing } = outcome
          outcome = escalate(
            standing,
            { type: 'timer', silenced: false },
            policyOfRun,
            roster,
            standing.waitingUntil!,
          )
        }
        assert.equal(outcome.standing.phase, 'last-resort')
      }),
    )
  })
})
