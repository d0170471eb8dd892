import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertFromVerdict } from './alert-from-verdict.rules.ts'
import { changeOf } from './change.rules.ts'

describe('alertFromVerdict', () => {
  const warning = { severity: 'warning' } as const
  const critical = { severity: 'critical' } as const
  const rows = [
    ['down', false, null, { outcome: 'raise', reason: 'monitor-down', severity: 'critical' }],
    ['degraded', false, null, { outcome: 'raise', reason: 'monitor-degraded', severity: 'warning' }],
    ['unknown', false, null, { outcome: 'raise', reason: 'not-being-checked', severity: 'warning' }],
    ['unknown', false, critical, { outcome: 'raise', reason: 'not-being-checked', severity: 'critical' }],
    ['down', false, warning, { outcome: 'raise', reason: 'monitor-down', severity: 'critical' }],
    ['degraded', false, critical, { outcome: 'raise', reason: 'monitor-degraded', severity: 'warning' }],
    ['up', false, critical, { outcome: 'resolve', reason: 'recovered' }],
    ['up', false, null, { outcome: 'nothing', reason: 'nothing-open' }],
    ['down', true, null, { outcome: 'nothing', reason: 'maintenance' }],
    ['unknown', true, critical, { outcome: 'nothing', reason: 'maintenance' }],
    ['up', true, critical, { outcome: 'resolve', reason: 'recovered' }],
  ] as const
  for (const [to, maintenance, open, expected] of rows)
    test(`${to}${maintenance ? ' in maintenance' : ''} with ${open ? `a ${open.severity} alert` : 'no alert'}: ${expected.reason}`, () => {
      assert.deepEqual(alertFromVerdict({ to, maintenance, begins: false }, open), expected)
    })

  test('a monitor that begins anew raises nothing, and ends what was open, also in maintenance', () => {
    for (const maintenance of [false, true]) {
      const change = { to: 'unknown', maintenance, begins: true } as const
      assert.deepEqual(alertFromVerdict(change, null), { outcome: 'nothing', reason: 'begun-anew' })
      assert.deepEqual(alertFromVerdict(change, critical), { outcome: 'resolve', reason: 'begun-anew' })
    }
  })
})

describe('changeOf', () => {
  const alert = { state: 'acknowledged', severity: 'warning', title: 't', summary: 's', reason: 'r' } as const
  const next = { severity: 'warning', title: 't', summary: 's', reason: 'r' } as const
  const rows = [
    ['the same again', alert, next, { outcome: 'nothing', reason: 'same', reopens: false }],
    [
      'another summary',
      alert,
      { ...next, summary: 'other' },
      { outcome: 'change', reason: 'detail-changed', reopens: false },
    ],
    [
      'worse, and somebody had acknowledged less',
      alert,
      { ...next, severity: 'critical' },
      { outcome: 'change', reason: 'worsened', reopens: true },
    ],
    [
      'worse while open',
      { ...alert, state: 'open' },
      { ...next, severity: 'critical' },
      { outcome: 'change', reason: 'worsened', reopens: false },
    ],
    [
      'better',
      { ...alert, severity: 'critical' },
      next,
      { outcome: 'change', reason: 'eased', reopens: false },
    ],
  ] as const
  for (const [title, before, after, expected] of rows)
    test(title, () => assert.deepEqual(changeOf(before, after), expected))
})
