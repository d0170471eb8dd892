import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { silenceMatches, silenceOver, silenceState } from './silence.rules.ts'
import type { Silence } from './silence.ts'

const alert = { monitorId: 'docs-tls', serviceId: 'docs', dedupKey: 'monitor:docs-tls' }

describe('silences', () => {
  const rows = [
    [{ monitorId: 'docs-tls' }, true],
    [{ monitorId: 'other' }, false],
    [{ serviceId: 'docs' }, true],
    [{ serviceId: 'docs', monitorId: 'other' }, false],
    [{ dedupKey: 'monitor:docs-tls', serviceId: 'docs' }, true],
    [{ dedupKey: 'monitor' }, false],
    [{}, false],
  ] as const
  for (const [match, expected] of rows)
    test(`${JSON.stringify(match)} ${expected ? 'matches' : 'does not match'}`, () =>
      assert.equal(silenceMatches(match, alert), expected))

  test('are planned, in force, or over', () => {
    const span = { from: 10, until: 20, endedAt: null }
    assert.equal(silenceState(span, 9), 'pending')
    assert.equal(silenceState(span, 10), 'active')
    assert.equal(silenceState(span, 19), 'active')
    assert.equal(silenceState(span, 20), 'expired')
    assert.equal(silenceState({ ...span, endedAt: 12 }, 13), 'expired')
  })

  test('of several in force the one that lasts longest counts', () => {
    const silence = (id: string, until: number, endedAt: number | null = null): Silence => ({
      id,
      match: { serviceId: 'docs' },
      from: 0,
      until,
      reason: 'r',
      createdAt: 0,
      createdBy: 'x',
      createdName: 'X',
      endedAt,
      endedName: null,
    })
    assert.equal(silenceOver([silence('a', 10), silence('b', 20), silence('c', 30, 4)], alert, 5)?.id, 'b')
    assert.equal(silenceOver([silence('a', 10)], alert, 10), null)
  })
})
