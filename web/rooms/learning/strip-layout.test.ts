import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addressOfHit, addressOfRecord, addressOfSearch } from './addresses.ts'
import { layStrip, sayShare } from './strip-layout.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('a strip of points', () => {
  test('draws every one inside of it, the shorter never right of the longer', () => {
    const lengths = fc.array(fc.nat(400 * 24 * HOUR), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(lengths, fc.integer({ min: 120, max: 1_400 }), (given, width) => {
        const sorted = given.toSorted((a, b) => a - b)
        const { dots, height, radius } = layStrip(sorted, width)
        assert.equal(dots.length, sorted.length)
        let before = 0
        for (const { x, y } of dots) {
          assert.ok(x >= before && x <= width, `${x} of ${width}`)
          assert.ok(y >= radius - 0.001 && y <= height, `${y} of ${height}`)
          before = x
        }
      }),
    )
  })

  test('stands on an axis of lengths at which people think, its marks apart', () => {
    const { ticks, x } = layStrip([2 * MINUTE, 50 * MINUTE, 5 * HOUR], 600)
    assert.deepEqual(
      ticks.map(({ label }) => label),
      ['1 min', '10 min', '1 h', '6 h'],
    )
    for (const [i, tick] of ticks.slice(1).entries()) assert.ok(tick.x - ticks[i]!.x >= 46)
    // Each step is as many times the one before: an hour lies between a minute and a day as they are far.
    assert.ok(x(HOUR) - x(10 * MINUTE) > x(6 * HOUR) - x(4 * HOUR))
  })

  test('equal lengths stand above one another, and none is lost where there are many', () => {
    const few = layStrip([HOUR, HOUR, HOUR], 400)
    assert.equal(new Set(few.dots.map(({ x }) => x)).size, 1)
    assert.equal(new Set(few.dots.map(({ y }) => y)).size, 3)
    const many = layStrip(new Array(5_000).fill(HOUR), 400)
    assert.equal(many.dots.length, 5_000)
    assert.ok(many.height <= 130)
  })

  test('one length, or none, breaks nothing', () => {
    assert.ok(Number.isFinite(layStrip([0], 300).dots[0]!.x))
    assert.deepEqual(layStrip([], 300).dots, [])
    assert.equal(sayShare(3, 12), '3 of 12')
    assert.equal(sayShare(0, 0), '0')
  })
})

describe('addresses', () => {
  test('lead to where what was found can be read', () => {
    const at = (kind: 'entry' | 'update' | 'incident' | 'action' | 'case' | 'post-mortem') =>
      addressOfHit({ kind, id: 'x', incidentId: 'i' })
    assert.deepEqual(
      [at('entry'), at('update'), at('incident'), at('action'), at('case'), at('post-mortem')],
      ['/incidents/i', '/incidents/i', '/incidents/x', '/actions/x', '/cases/x', '/post-mortems/x'],
    )
    assert.equal(addressOfRecord({ incidentId: 'i', postmortemId: null }), '/incidents/i')
    assert.equal(addressOfRecord({ incidentId: 'i', postmortemId: 'p' }), '/post-mortems/p')
    assert.equal(
      addressOfSearch({ failureClass: 'job.hung', service: undefined }),
      '/search?failureClass=job.hung',
    )
  })
})
