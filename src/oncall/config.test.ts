import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR, MINUTE } from '../kit/duration.ts'
import { oncallConfig, oncallProblems, policySpec } from './config.ts'

const schedule = { rotation: 'weekly', from: '2026-01-05T09:00', timezone: 'Europe/Paris', order: ['ana'] }
const policy = { steps: [{ notify: [{ schedule: 'web' }] }], lastResort: { people: ['ana'] } }
const good = { oncall: { web: schedule }, policies: { web: policy } }

function wrong(input: unknown): string[] {
  const parsed = oncallConfig.safeParse(input)
  assert.equal(parsed.success, false)
  return parsed.error!.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

describe('the sections oncall and policies', () => {
  test('defaults: five minutes a step, no repeat, the last resort each quarter of an hour, four hours to resolve', () => {
    const { policies } = oncallConfig.parse(good)
    assert.deepEqual(policySpec(policies.web!), {
      steps: [{ name: 'step 1', notify: [{ schedule: 'web' }], waitMs: 5 * MINUTE }],
      repeat: 0,
      lastResort: { people: ['ana'], everyMs: 15 * MINUTE },
      ackTimeoutMs: 4 * HOUR,
    })
    const forever = oncallConfig.parse({ policies: { web: { ...policy, ackTimeout: 'never' } } })
    assert.equal(policySpec(forever.policies.web!).ackTimeoutMs, null)
  })

  test('a policy without a last resort is refused, with the place and the remedy', () => {
    const [problem] = wrong({ ...good, policies: { web: { steps: policy.steps } } })
    assert.match(
      problem!,
      /^policies\.web\.lastResort: is missing: .* add lastResort: \{ people: \[somebody\] \}$/,
    )
    assert.deepEqual(wrong({ policies: { web: { ...policy, lastResort: { people: [] } } } }), [
      'policies.web.lastResort.people: must name at least one person',
    ])
  })

  const cases: [string, unknown, string][] = [
    [
      'no steps',
      { policies: { web: { ...policy, steps: [] } } },
      'policies.web.steps: must have at least one step',
    ],
    [
      'a step for nobody',
      { policies: { web: { ...policy, steps: [{ notify: [] }] } } },
      'policies.web.steps.0.notify: must notify somebody',
    ],
    [
      'an unknown target',
      { policies: { web: { ...policy, steps: [{ notify: [{ team: 'x' }] }] } } },
      'policies.web.steps.0.notify.0: must be {schedule: …} or {person: …}',
    ],
    [
      'a wait that is no duration',
      { policies: { web: { ...policy, steps: [{ notify: [{ person: 'ana' }], wait: 'soon' }] } } },
      'policies.web.steps.0.wait: must be a duration such as 5m',
    ],
    [
      'a wait too short to answer',
      { policies: { web: { ...policy, steps: [{ notify: [{ person: 'ana' }], wait: '1s' }] } } },
      'policies.web.steps.0.wait: must be a duration such as 5m',
    ],
    [
      'a time with a zone',
      { oncall: { web: { ...schedule, from: '2026-01-05T09:00Z' } } },
      'oncall.web.from: must be a local date and time without a zone, such as 2026-01-05T09:00',
    ],
    [
      'a day that is not',
      { oncall: { web: { ...schedule, from: '2026-02-30T09:00' } } },
      'oncall.web.from: must be a local date and time without a zone, such as 2026-01-05T09:00',
    ],
    [
      'a zone that is not',
      { oncall: { web: { ...schedule, timezone: 'Mars/Base' } } },
      'oncall.web.timezone: must be a time zone such as Europe/Paris',
    ],
    [
      'nobody in turn',
      { oncall: { web: { ...schedule, order: [] } } },
      'oncall.web.order: must name at least one person',
    ],
  ]
  for (const [title, input, message] of cases) test(title, () => assert.deepEqual(wrong(input), [message]))

  test('unknown keys are refused', () => {
    assert.match(
      wrong({ oncall: { web: { ...schedule, members: [] } } })[0]!,
      /oncall\.web: Unrecognized key/,
    )
  })

  test('names that lead nowhere are all told at once', () => {
    const config = oncallConfig.parse({
      oncall: { web: { ...schedule, order: ['ana', 'zoe'] } },
      policies: {
        a: {
          default: true,
          steps: [{ notify: [{ schedule: 'none' }, { person: 'yan' }] }],
          lastResort: { people: ['xi'] },
        },
        b: { ...policy, default: true },
      },
    })
    assert.deepEqual(
      oncallProblems(config, new Set(['ana'])).map((p) => `${p.path}: ${p.message}`),
      [
        'oncall.web.order.1: there is no person "zoe"',
        'policies.a.steps.0.notify.0.schedule: there is no schedule "none"',
        'policies.a.steps.0.notify.1.person: there is no person "yan"',
        'policies.a.lastResort.people.0: there is no person "xi"',
        'policies.b.default: "a" is the default already',
      ],
    )
    assert.deepEqual(oncallProblems(oncallConfig.parse(good), new Set(['ana'])), [])
  })
})
