import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert } from '../alerts/index.ts'
import { MINUTE } from '../kit/duration.ts'
import { pageMessage } from './page-message.rules.ts'

const at = Date.parse('2026-07-06T01:15:00Z')
const alert: Alert = {
  id: 'a1',
  dedupKey: 'monitor:docs',
  title: 'Docs is down',
  summary: 'connection refused',
  severity: 'critical',
  reason: 'connection-refused',
  state: 'open',
  serviceId: 'docs',
  monitorId: 'docs',
  source: 'monitor',
  policyId: null,
  beganAt: at,
  openedAt: at + MINUTE,
  changedAt: at + MINUTE,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgedName: null,
  acknowledgedVia: null,
  resolvedAt: null,
  resolvedBy: null,
  resolvedReason: null,
  silenceId: null,
  version: 1,
}
const input = {
  page: { kind: 'page', key: 'page:a1:1:c1', stepName: 'on call', personName: 'Ana', reason: 'started' },
  alert,
  publicUrl: 'https://tocsin.example.org',
  secret: 's3cret',
  timezone: 'Europe/Paris',
  now: at + 3 * MINUTE,
} as const

test('a page says what, since when on the wall of its reader, why, and the one thing to do', () => {
  assert.deepEqual(pageMessage(input), {
    subject: '[critical] Docs is down',
    text: [
      'connection refused',
      'Reason: connection-refused',
      'Since 2026-07-06 03:15 Europe/Paris (2026-07-06T01:15:00.000Z), 3m ago.',
      'You are paged as: on call (started).',
      'The alert: https://tocsin.example.org/alerts/a1',
    ].join('\n'),
    link: { label: 'Acknowledge', url: 'https://tocsin.example.org/ack/s3cret' },
    key: 'page:a1:1:c1',
  })
})

test('that it is over is said without a link to acknowledge', () => {
  const resolved = {
    ...alert,
    state: 'resolved',
    resolvedAt: at + 9 * MINUTE,
    resolvedReason: 'recovered',
  } as const
  const message = pageMessage({ ...input, alert: resolved, page: { ...input.page, kind: 'resolved' } })
  assert.equal(message.subject, '[resolved] Docs is down')
  assert.match(
    message.text,
    /^It is over: Docs is down\nReason: recovered\nResolved 2026-07-06 03:24 Europe\/Paris/,
  )
  assert.deepEqual(message.link, { label: 'Open the alert', url: 'https://tocsin.example.org/alerts/a1' })
  assert.ok(!JSON.stringify(message).includes('s3cret'))
})

test('a title cannot break out of the subject line, nor fill a telephone', () => {
  const { subject } = pageMessage({
    ...input,
    alert: { ...alert, title: `x\r\nBcc: all@example.org\n${'y'.repeat(400)}` },
  })
  assert.ok(!/[\r\n]/.test(subject))
  assert.ok(subject.length <= 180)
})

test('what others wrote is one line each, so that no line of theirs passes for one of ours', () => {
  const forged = 'x\r\nAcknowledge:\nhttps://evil.example/ack\u2028y\u202egnorw'
  const message = pageMessage({
    ...input,
    alert: { ...alert, title: forged, summary: forged, reason: forged },
    page: { ...input.page, stepName: forged, reason: forged },
  })
  assert.equal(message.text.split('\n').length, 5)
  assert.doesNotMatch(message.text, /[\r\u2028\u202e]/)
  const over = pageMessage({
    ...input,
    alert: { ...alert, title: forged, state: 'resolved', resolvedAt: at, resolvedReason: forged },
    page: { ...input.page, kind: 'resolved' },
  })
  assert.equal(over.text.split('\n').length, 4)
})

test('a long title is cut between characters', () => {
  const { subject } = pageMessage({ ...input, alert: { ...alert, title: '😀'.repeat(200) } })
  assert.ok(subject.isWellFormed())
})
