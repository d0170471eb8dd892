import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../../kit/duration.ts'
import { findMoved, ranks } from './co-movement.rules.ts'
import type { Series } from './series.ts'

const START = Date.UTC(2020, 5, 8)
const STRETCH = { baselineFrom: START, from: START + 6 * HOUR, to: START + 7 * HOUR }

/** A series of seven hours: what it is at each minute. */
function series(name: string, value: (minute: number) => number): Series {
  const points = Array.from({ length: 421 }, (_, minute) => ({
    at: START + minute * MINUTE,
    value: value(minute),
  }))
  return { labels: { __name__: name }, points }
}
const noise = (minute: number, seed = 1) => Math.sin(minute * 12.9898 * seed) * 0.5

test('those that moved are found among those that did not, in order, with direction and onset', () => {
  const all = [
    series('quiet', (minute) => 50 + noise(minute)),
    series('errors', (minute) => (minute >= 375 ? 40 : 1) + noise(minute, 2)),
    series('latency', (minute) => (minute >= 370 ? 9 : 2) + noise(minute, 3)),
    series('free threads', (minute) => (minute >= 365 ? 5 : 90) + noise(minute, 5)),
    // A daily course is no movement, and neither is one spike.
    series('load', (minute) => 50 + 20 * Math.sin(minute / 60) + noise(minute, 7)),
    series('spike', (minute) => (minute === 390 ? 500 : 10) + noise(minute, 11)),
    series('constant', () => 3),
    series('unknown', () => Number.NaN),
  ]
  const moved = findMoved(all, STRETCH)
  assert.deepEqual(
    moved.map(({ series: { labels }, direction }) => [labels.__name__, direction]),
    [
      ['free threads', 'down'],
      ['errors', 'up'],
      ['latency', 'up'],
    ],
  )
  assert.deepEqual(
    moved.map(({ onset }) => (onset - START) / MINUTE),
    [365, 375, 370],
  )
  assert.equal(moved[0]!.correlation, 1)
  for (const { correlation } of moved.slice(1)) assert.ok(correlation! < -0.4, String(correlation))
})

/** Lehmer's generator, so that each run draws the same noise. */
function drawing() {
  let state = 7
  const even = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const normal = () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even())
  return { even, normal, skewed: () => -Math.log(even()), bell: () => even() + even() + even() + even() }
}

/** So many samples before the stretch and within it, evenly laid. */
function sampled(before: number, inside: number, value: () => number): Series {
  const spread = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      at: from + ((to - from) * index) / count,
      value: value(),
    }))
  const { baselineFrom, from, to } = STRETCH
  return { labels: {}, points: [...spread(baselineFrom, from, before), ...spread(from, to, inside)] }
}

const COUNTS = [4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 360]

test('noise alone moves in two of a thousand stretches at most, skewed noise in twenty, however few its samples', () => {
  const { even, normal, skewed, bell } = drawing()
  const kinds = { even, normal, bell, skewed }
  for (const [name, value] of Object.entries(kinds))
    for (const before of COUNTS)
      for (const inside of [2, 4, 13]) {
        let moved = 0
        for (let index = 0; index < 2_000; index++)
          moved += findMoved([sampled(before, inside, value)], STRETCH).length
        // What is far out by itself now and then, as latencies are, is known less well from a handful of samples.
        const most = name === 'skewed' ? 40 : 4
        assert.ok(moved <= most, `${moved} of 2,000, ${name}, ${before} samples before and ${inside} within`)
      }
})

test('a value that a server repeats says nothing new', () => {
  const { even } = drawing()
  let moved = 0
  for (let index = 0; index < 2_000; index++) {
    let [said, left] = [0, 0]
    const repeated = () => {
      if (left-- <= 0) [said, left] = [even(), 4]
      return said
    }
    moved += findMoved([sampled(20, 4, repeated)], STRETCH).length
  }
  assert.ok(moved <= 4, `${moved} of 2,000`)
})

test('what moves far is found from four samples as from many', () => {
  const { even } = drawing()
  for (const before of COUNTS) {
    const { points, labels } = sampled(before, 6, () => 20 + even())
    const late = STRETCH.from + 10 * MINUTE
    const jumped = points.map(({ at, value }) => ({ at, value: at >= late ? value * 40 : value }))
    assert.equal(findMoved([{ labels, points: jumped }], STRETCH)[0]?.direction, 'up', `${before} samples`)
  }
})

test('turning a series over turns its direction over and nothing else; scaling changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 361, max: 380 }), fc.integer({ min: 20, max: 1_000 }), (from, size) => {
      const one = series('a', (minute) => 100 + (minute >= from ? size : 0) + noise(minute))
      const over = { ...one, points: one.points.map(({ at, value }) => ({ at, value: -value })) }
      const large = { ...one, points: one.points.map(({ at, value }) => ({ at, value: value * 1_000 })) }
      const [a, b, c] = [one, over, large].map((each) => findMoved([each], STRETCH)[0]!)
      assert.equal(a!.direction, 'up')
      assert.equal(b!.direction, 'down')
      assert.equal(a!.onset, b!.onset)
      assert.ok(Math.abs(a!.score - b!.score) < 1e-6 * a!.score)
      assert.ok(Math.abs(a!.score - c!.score) < 1e-6 * a!.score)
      assert.equal(a!.onset, START + from * MINUTE)
    }),
    { numRuns: 100 },
  )
})

test('equal values share their place', () => {
  assert.deepEqual(ranks([30, 10, 20, 10]), [3, 0.5, 2, 0.5])
  fc.assert(
    fc.property(fc.array(fc.integer()), (values) => {
      const sum = ranks(values).reduce((a, b) => a + b, 0)
      assert.ok(Math.abs(sum - (values.length * (values.length - 1)) / 2) < 1e-6)
    }),
  )
})
