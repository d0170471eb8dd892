import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { type Decision, type EscalationEvent, escalate, NOT_STARTED } from './escalate.rules.ts'
import type { Standing } from './escalation.ts'
import type { PolicySpec } from './policy.ts'
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

const policy: PolicySpec = {
  steps: [
    { name: 'on call', notify: [{ schedule: 'web' }], waitMs: 5 * MINUTE },
    { name: 'lead', notify: [{ person: 'bo' }], waitMs: 10 * MINUTE },
  ],
  repeat: 1,
  lastResort: { people: ['cleo'], everyMs: 15 * MINUTE },
  ackTimeoutMs: 4 * HOUR,
}
const all: Roster = {
  steps: [reaches('ana'), reaches('bo')],
  lastResort: reaches('cleo'),
  administrators: reaches('root'),
}
const started: Standing = {
  status: 'running',
  phase: 'steps',
  round: 0,
  step: 0,
  paging: 1,
  waitingUntil: NOW,
}

/** Decisions in short: `page ana at step 0`. */
function short(decision: Decision): string {
  switch (decision.do) {
    case 'page':
      return `page ${decision.people.map((p) => p.personId).join('+')} #${decision.paging} (${decision.stepName}: ${decision.reason})`
    case 'reached-nobody':
      return `nobody at ${decision.stepName}: ${decision.reason}`
    case 'wait':
      return `wait ${(decision.until - NOW) / MINUTE}m`
    case 'tell-resolved':
      return 'tell-resolved'
    default:
      return `${decision.do}: ${decision.reason}`
  }
}

const rows: [string, Standing, EscalationEvent, PolicySpec | null, Roster, string[]][] = [
  [
    'starts with the first step',
    NOT_STARTED,
    { type: 'started', silenced: false },
    policy,
    all,
    ['page ana #1 (on call: started)', 'wait 5m'],
  ],
  ['starts silenced: opens, pages nobody', NOT_STARTED, { type: 'started', silenced: true }, policy, all, []],
  [
    'nobody answers: the next step',
    started,
    { type: 'timer', silenced: false },
    policy,
    all,
    ['page bo #2 (lead: step-timed-out)', 'wait 10m'],
  ],
  [
    'too early: waits on',
    { ...started, waitingUntil: NOW + MINUTE },
    { type: 'timer', silenced: false },
    policy,
    all,
    ['wait 1m'],
  ],
  [
    'the last step: again from the first',
    { ...started, step: 1, paging: 2 },
    { type: 'timer', silenced: false },
    policy,
    all,
    ['page ana #3 (on call: round-repeated)', 'wait 5m'],
  ],
  [
    'all rounds spent: the last resort',
    { ...started, round: 1, step: 1, paging: 4 },
    { type: 'timer', silenced: false },
    policy,
    all,
    ['last-resort: steps-exhausted', 'page cleo #5 (last resort: steps-exhausted)', 'wait 15m'],
  ],
  [
    'the last resort is silent: again, for ever',
    { ...started, phase: 'last-resort', round: 1, step: 2, paging: 9 },
    { type: 'timer', silenced: false },
    policy,
    all,
    [
      'last-resort: still-not-acknowledged',
      'page cleo #10 (last resort: still-not-acknowledged)',
      'wait 15m',
    ],
  ],
  [
    'nobody on call: advances at once and says so',
    NOT_STARTED,
    { type: 'started', silenced: false },
    policy,
    { ...all, steps: [misses('nobody-on-call'), reaches('bo')] },
    ['nobody at on call: nobody-on-call', 'page bo #1 (lead: step-reached-nobody)', 'wait 10m'],
  ],
  [
    'no step reaches anybody: the last resort at once',
    NOT_STARTED,
    { type: 'started', silenced: false },
    policy,
    { ...all, steps: [misses('nobody-on-call'), misses('no-verified-contact')] },
    [
      'nobody at on call: nobody-on-call',
      'nobody at lead: no-verified-contact',
      'last-resort: no-step-reaches-anybody',
      'page cleo #1 (last resort: no-step-reaches-anybody)',
      'wait 15m',
    ],
  ],
  [
    'nobody left but the administrators',
    NOT_STARTED,
    { type: 'started', silenced: false },
    policy,
    {
      steps: [misses('nobody-on-call'), misses('person-disabled')],
      lastResort: misses('no-verified-contact'),
      administrators: reaches('root'),
    },
    [
      'nobody at on call: nobody-on-call',
      'nobody at lead: person-disabled',
      'last-resort: no-step-reaches-anybody',
      'nobody at last resort: no-verified-contact',
      'page root #1 (administrators: step-reached-nobody)',
      'wait 15m',
    ],
  ],
  [
    'nobody at all: says so and tries again, never waits for nothing',
    NOT_STARTED,
    { type: 'started', silenced: false },
    policy,
    {
      steps: [misses('nobody-on-call'), misses('person-disabled')],
      lastResort: misses('no-verified-contact'),
      administrators: reaches(),
    },
    [
      'nobody at on call: nobody-on-call',
      'nobody at lead: person-disabled',
      'last-resort: no-step-reaches-anybody',
      'nobody at last resort: no-verified-contact',
      'nobody at administrators: no-administrator-reachable',
      'wait 15m',
    ],
  ],
  [
    'no policy at all: the administrators',
    NOT_STARTED,
    { type: 'started', silenced: false },
    null,
    { ...all, steps: [], lastResort: reaches() },
    ['last-resort: no-policy', 'page root #1 (administrators: no-policy)', 'wait 15m'],
  ],
  [
    'every page refused: the next step at once',
    started,
    { type: 'refused' },
    policy,
    all,
    ['nobody at on call: every-page-refused', 'page bo #2 (lead: step-refused)', 'wait 10m'],
  ],
  [
    'the last resort refused: the administrators',
    { ...started, phase: 'last-resort', step: 2, paging: 5 },
    { type: 'refused' },
    policy,
    all,
    ['nobody at last resort: every-page-refused', 'page root #6 (administrators: step-refused)', 'wait 15m'],
  ],
  [
    'the administrators refused: says so, the timer goes on',
    { ...started, phase: 'administrators', step: 2, paging: 6, waitingUntil: NOW + MINUTE },
    { type: 'refused' },
    policy,
    all,
    ['nobody at administrators: every-page-refused'],
  ],
  [
    'acknowledged: everything pending stops',
    started,
    { type: 'acknowledged' },
    policy,
    all,
    ['cancel-pending: acknowledged', 'end: acknowledged', 'wait 240m'],
  ],
  [
    'acknowledged for good',
    started,
    { type: 'acknowledged' },
    { ...policy, ackTimeoutMs: null },
    all,
    ['cancel-pending: acknowledged', 'end: acknowledged'],
  ],
  [
    'acknowledged twice: nothing',
    { ...started, status: 'acknowledged' },
    { type: 'acknowledged' },
    policy,
    all,
    [],
  ],
  [
    'acknowledged and forgotten: begins anew',
    { ...started, status: 'acknowledged', step: 1, paging: 2 },
    { type: 'timer', silenced: false },
    policy,
    all,
    ['reopen-alert: acknowledgement-expired', 'page ana #3 (on call: acknowledgement-expired)', 'wait 5m'],
  ],
  [
    'acknowledged and forgotten under a silence: rests',
    { ...started, status: 'acknowledged' },
    { type: 'timer', silenced: true },
    policy,
    all,
    ['reopen-alert: acknowledgement-expired'],
  ],
  [
    'got worse after it was acknowledged',
    { ...started, status: 'acknowledged' },
    { type: 'reopened', silenced: false },
    policy,
    all,
    ['page ana #2 (on call: reopened)', 'wait 5m'],
  ],
  ['reopened while it runs: goes on', started, { type: 'reopened', silenced: false }, policy, all, []],
  ['silenced on the way', started, { type: 'silenced' }, policy, all, ['cancel-pending: silenced']],
  [
    'the silence ends: begins',
    { ...started, status: 'silenced', waitingUntil: null },
    { type: 'unsilenced' },
    policy,
    all,
    ['page ana #2 (on call: unsilenced)', 'wait 5m'],
  ],
  [
    'a timer that fires although silenced: nothing',
    { ...started, status: 'silenced', waitingUntil: null },
    { type: 'timer', silenced: true },
    policy,
    all,
    [],
  ],
  [
    'resolved: stops, and tells those who were woken',
    started,
    { type: 'resolved' },
    policy,
    all,
    ['cancel-pending: resolved', 'tell-resolved', 'end: resolved'],
  ],
  [
    'resolved while silenced: tells nobody',
    { ...started, status: 'silenced' },
    { type: 'resolved' },
    policy,
    all,
    ['cancel-pending: resolved', 'end: resolved'],
  ],
  ['resolved twice: nothing', { ...started, status: 'ended' }, { type: 'resolved' }, policy, all, []],
  [
    'the auditor found it acknowledged and forgotten',
    { ...started, status: 'acknowledged' },
    { type: 'audit-failed' },
    policy,
    all,
    [
      'reopen-alert: acknowledgement-expired',
      'last-resort: audit-failed',
      'page cleo #2 (last resort: audit-failed)',
      'wait 15m',
    ],
  ],
  [
    'the auditor found it waiting for nothing',
    { ...started, waitingUntil: null },
    { type: 'audit-failed' },
    policy,
    all,
    ['last-resort: audit-failed', 'page cleo #2 (last resort: audit-failed)', 'wait 15m'],
  ],
]

describe('escalate', () => {
  for (const [title, standing, event, spec, roster, expected] of rows)
    test(title, () => {
      assert.deepEqual(escalate(standing, event, spec, roster, NOW).decisions.map(short), expected)
    })
})
