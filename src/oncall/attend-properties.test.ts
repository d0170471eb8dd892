import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { attend } from './attend.rules.ts'
import { escalate, NOT_STARTED } from './escalate.rules.ts'
import type { EscalationStatus, Standing } from './escalation.ts'
import type { PolicySpec } from './policy.ts'
import type { Roster } from './roster.ts'

const POLICY: PolicySpec = {
  steps: [{ name: 'step 1', notify: [{ person: 'ana' }], waitMs: 5 * MINUTE }],
  repeat: 0,
  lastResort: { people: ['cy'], everyMs: 15 * MINUTE },
  ackTimeoutMs: 4 * HOUR,
}
const nobody = { people: [], missed: [] }
const ana = {
  people: [{ personId: 'ana', personName: 'Ana', contacts: [{ contactId: 'a', channel: 'email' }] }],
  missed: [],
}
const roster: Roster = { steps: [ana], lastResort: ana, administrators: nobody }

/** Which standing is right for an alert: what hearing its facts, in whatever order, has to lead to. */
function right(state: 'open' | 'acknowledged' | 'resolved', silenced: boolean): EscalationStatus {
  if (state === 'resolved') return 'ended'
  if (state === 'acknowledged') return 'acknowledged'
  return silenced ? 'silenced' : 'running'
}

/** An alert's way: what the room alerts/ may do to it, one change after another. */
const change = fc.constantFrom('acknowledge', 'reopen', 'silence', 'unsilence', 'resolve', 'time' as const)

test('however late on-call hears, it stands where the alert stands, and hearing again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ change, heard: fc.boolean(), after: fc.integer({ min: 0, max: 10 * HOUR }) })),
      (way) => {
        const alert: { state: 'open' | 'acknowledged' | 'resolved'; silenceId: string | null } = {
          state: 'open',
          silenceId: null,
        }
        let standing = null as Standing | null
        let now = 0
        let pagings = 0
        const hear = () => {
          const event = attend(alert, standing)
          if (!event) return null
          const outcome = escalate(standing ?? NOT_STARTED, event, POLICY, roster, now)
          standing = outcome.standing
          pagings += outcome.decisions.filter((decision) => decision.do === 'page').length
          return outcome
        }
        hear()
        for (const { change: what, heard, after } of way) {
          now += after
          if (alert.state === 'resolved') break
          if (what === 'acknowledge') alert.state = 'acknowledged'
          if (what === 'reopen') alert.state = 'open'
          if (what === 'silence') alert.silenceId = 's'
          if (what === 'unsilence') alert.silenceId = null
          if (what === 'resolve') alert.state = 'resolved'
          if (!heard) continue
          hear()
          assert.equal(standing!.status, right(alert.state, alert.silenceId !== null))
          const before = pagings
          assert.equal(hear(), null, 'the same fact heard twice')
          assert.equal(pagings, before)
          assert.equal(standing!.waitingUntil === null, ['silenced', 'ended'].includes(standing!.status))
        }
        hear()
        assert.equal(standing!.status, right(alert.state, alert.silenceId !== null))
      },
    ),
  )
})

test('an alert that was resolved or acknowledged before on-call heard of it pages nobody', () => {
  assert.equal(attend({ state: 'resolved', silenceId: null }, null), null)
  const event = attend({ state: 'acknowledged', silenceId: null }, null)!
  const { standing, decisions } = escalate(NOT_STARTED, event, POLICY, roster, 0)
  assert.equal(decisions.filter((decision) => decision.do === 'page').length, 0)
  assert.deepEqual([standing.status, standing.waitingUntil], ['acknowledged', 4 * HOUR])
})
