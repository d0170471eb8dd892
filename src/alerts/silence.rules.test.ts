import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
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

describe('silences, whatever they are', () => {
  const id = fc.constantFrom('a', 'b')
  const match = fc.record({ monitorId: id, serviceId: id, dedupKey: id }, { requiredKeys: [] })
  const about = fc.record({ monitorId: fc.option(id), serviceId: fc.option(id), dedupKey: id })
  const silence = fc.record({
    id: fc.uuid(),
    match,
    from: fc.integer({ min: 0, max: 20 }),
    until: fc.integer({ min: 0, max: 20 }),
    reason: fc.constant('r'),
    createdAt: fc.constant(0),
    createdBy: fc.constant('x'),
    createdName: fc.constant('X'),
    endedAt: fc.option(fc.integer({ min: 0, max: 20 })),
    endedName: fc.constant(null),
  })

  test('naming more never covers more, and naming nothing covers nothing', () => {
    fc.assert(
      fc.property(match, about, fc.constantFrom('monitorId', 'serviceId', 'dedupKey'), (wide, one, key) => {
        const { [key]: _, ...wider } = wide
        if (Object.keys(wider).length > 0 && silenceMatches(wide, one)) assert.ok(silenceMatches(wider, one))
        assert.equal(silenceMatches({}, one), false)
      }),
    )
  })

  test('one lies over an alert exactly when one that is in force matches, and none that lasts longer does', () => {
    fc.assert(
      fc.property(fc.array(silence), about, fc.integer({ min: 0, max: 20 }), (all, one, now) => {
        const over = silenceOver(all, one, now)
        const covering = all.filter(
          (s) => s.endedAt === null && s.from <= now && now < s.until && silenceMatches(s.match, one),
        )
        assert.equal(over !== null, covering.length > 0)
        if (over) assert.equal(over.until, Math.max(...covering.map(({ until }) => until)))
      }),
    )
  })

  test('the state only ever moves on', () => {
    const order = ['pending', 'active', 'expired']
    fc.assert(
      fc.property(silence, fc.integer({ min: 0, max: 20 }), fc.nat(20), (one, now, later) => {
        const span = { ...one, endedAt: null }
        assert.ok(order.indexOf(silenceState(span, now)) <= order.indexOf(silenceState(span, now + later)))
      }),
    )
  })
})
