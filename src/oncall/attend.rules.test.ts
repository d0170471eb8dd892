import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attend } from './attend.rules.ts'
import type { EscalationStatus } from './escalation.ts'

type Row = [
  'open' | 'acknowledged' | 'resolved',
  silenced: boolean,
  EscalationStatus | null,
  expected: string | null,
]
const rows: Row[] = [
  ['open', false, null, 'started'],
  ['open', true, null, 'started'],
  ['open', false, 'running', null],
  ['open', true, 'running', 'silenced'],
  ['open', true, 'silenced', null],
  ['open', false, 'silenced', 'unsilenced'],
  ['open', false, 'acknowledged', 'reopened'],
  ['open', true, 'acknowledged', 'reopened'],
  ['acknowledged', false, null, 'acknowledged'],
  ['acknowledged', false, 'running', 'acknowledged'],
  ['acknowledged', true, 'silenced', 'acknowledged'],
  ['acknowledged', false, 'acknowledged', null],
  ['resolved', false, null, null],
  ['resolved', false, 'running', 'resolved'],
  ['resolved', false, 'silenced', 'resolved'],
  ['resolved', false, 'acknowledged', 'resolved'],
  ['resolved', false, 'ended', null],
]

for (const [state, silenced, status, expected] of rows)
  test(`an alert that is ${state}${silenced ? ' and silenced' : ''} with an escalation that is ${status}: ${expected}`, () => {
    const event = attend({ state, silenceId: silenced ? 's' : null }, status === null ? null : { status })
    assert.equal(event?.type ?? null, expected)
    if (event && 'silenced' in event) assert.equal(event.silenced, silenced)
  })
