import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../../kit/duration.ts'
import { forecast } from './forecast.rules.ts'
import { findResets } from './resets.rules.ts'
import type { Point } from './series.ts'
import { robustSlope } from './slope.rules.ts'

const START = Date.UTC(2024, 6, 5)

/** A leak of so much per hour from a base, put back at the given points, with noise and spikes. */
interface Leak {
  count: number
  perHour: number
  base: number
  noise: number
  /** A seed for noise and spikes. */
  seed: number
  spikes: number
  restarts: number[]
}

function random(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function leak({ count, perHour, base, noise, seed, spikes, restarts }: Leak): Point[] {
  const next = random(seed)
  let since = 0
  return Array.from({ length: count }, (_, index) => {
    if (restarts.includes(index)) since = index
    const grown = ((index - since) * 5 * perHour) / 60
    const spike = next() < spikes ? base * 20 : 0
    return { at: START + index * 5 * MINUTE, value: base + grown + noise * (next() - 0.5) + spike }
  })
}

const LOOK = { direction: 'above', resets: 'restarts' } as const

describe('when the limit is reached', () => {
  test('a straight line is followed to its end', () => {
    const points = leak({ count: 73, perHour: 10, base: 100, noise: 0, seed: 1, spikes: 0, restarts: [] })
    const now = points.at(-1)!.at
    const ahead = forecast(points, { ...LOOK, limit: 300, now })
    assert.equal(ahead.outcome, 'reaches')
    // 160 now, 140 left at 10 in an hour.
    assert.ok(Math.abs(ahead.at! - now - 14 * HOUR) < MINUTE)
    assert.ok(ahead.earliest! <= ahead.at! && ahead.at! <= ahead.latest!)
  })

  test('noise, spikes and restarts change the answer by little, in 999 of 1000 cases and more', () => {
    let cases = 0
    const astray: string[] = []
    for (const perHour of [12, 25, 60])
      for (const spikes of [0, 0.03, 0.08])
        for (const restarts of [[], [100], [60, 130], [40, 90, 140]])
          for (let seed = 1; seed <= 50; seed++) {
            const points = leak({ count: 180, perHour, base: 200, noise: 4, seed, spikes, restarts })
            const now = points.at(-1)!.at
            const level = 200 + ((179 - (restarts.at(-1) ?? 0)) * 5 * perHour) / 60
            const ahead = forecast(points, { ...LOOK, limit: level + 10 * perHour, now })
            const hours = ahead.at === null ? Number.NaN : (ahead.at - now) / HOUR
            const isOrdered = ahead.earliest! <= ahead.at! && ahead.at! <= ahead.latest!
            cases++
            if (ahead.outcome !== 'reaches' || !isOrdered || !(hours > 7 && hours < 14))
              astray.push(
                `${hours} h instead of 10 with ${JSON.stringify({ perHour, spikes, restarts, seed })}`,
              )
          }
    assert.equal(cases, 1_800)
    assert.ok(astray.length <= 1, astray.join('; '))
  })

  test('what only scatters has no trend, in nineteen of twenty cases and more', () => {
    let trends = 0
    for (let seed = 1; seed <= 400; seed++) {
      const points = leak({ count: 100, perHour: 0, base: 500, noise: 50, seed, spikes: 0.02, restarts: [] })
      if (forecast(points, { ...LOOK, limit: 600, now: points.at(-1)!.at }).outcome !== 'no-trend') trends++
    }
    assert.ok(trends <= 20, `${trends} of 400`)
  })

  test('moving and scaling the series moves and scales nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: -1e9, max: 1e9 }),
        (seed, factor, shift) => {
          const points = leak({ count: 60, perHour: 20, base: 100, noise: 5, seed, spikes: 0, restarts: [] })
          const now = points.at(-1)!.at
          const plain = forecast(points, { ...LOOK, limit: 1_000, now })
          const other = points.map(({ at, value }) => ({ at: at + shift, value: value * factor }))
          const moved = forecast(other, { ...LOOK, limit: 1_000 * factor, now: now + shift })
          assert.equal(moved.outcome, plain.outcome)
          assert.ok(Math.abs(moved.at! - shift - plain.at!) < 1_000)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a limit below is the same looked at from the other side', () => {
    const points = leak({ count: 80, perHour: 12, base: 100, noise: 3, seed: 5, spikes: 0, restarts: [30] })
    const now = points.at(-1)!.at
    const up = forecast(points, { ...LOOK, limit: 900, now })
    const mirror = points.map(({ at, value }) => ({ at, value: 1_000 - value }))
    const down = forecast(mirror, { direction: 'below', resets: 'restarts', limit: 100, now })
    assert.ok(Math.abs(up.at! - down.at!) < 1)
    assert.ok(Math.abs(up.level - (1_000 - down.level)) < 1e-6)
    assert.ok(Math.abs(down.slope!.middle + up.slope!.middle) < 1e-12)
  })

  test('a growth that has just become steeper is followed as it is now', () => {
    const points = Array.from({ length: 90 }, (_, index) => ({
      at: START + index * 5 * MINUTE,
      value: 100 + index * 0.1 + Math.max(0, index - 60) * 10,
    }))
    const now = points.at(-1)!.at
    const ahead = forecast(points, { ...LOOK, limit: 400 + 1_200, now })
    // 299 now and 120 more in an hour; the line over all would say days.
    const hours = (ahead.at! - now) / HOUR
    assert.ok(hours > 9 && hours < 11, `${hours} h`)
  })

  test('at its limit it has reached it; without points there is too little', () => {
    const points = leak({ count: 40, perHour: 30, base: 100, noise: 1, seed: 3, spikes: 0, restarts: [] })
    const now = points.at(-1)!.at
    assert.equal(forecast(points, { ...LOOK, limit: 150, now }).outcome, 'reached')
    assert.equal(forecast([], { ...LOOK, limit: 150, now }).outcome, 'too-little')
    assert.equal(forecast(points.slice(0, 4), { ...LOOK, limit: 150, now }).outcome, 'too-little')
  })

  test('right after a restart the pieces before tell the slope, and the new base the level', () => {
    const points = leak({
      count: 150,
      perHour: 24,
      base: 50,
      noise: 1,
      seed: 9,
      spikes: 0,
      restarts: [70, 146],
    })
    const now = points.at(-1)!.at
    const ahead = forecast(points, { ...LOOK, limit: 290, now })
    const hours = (ahead.at! - now) / HOUR
    assert.ok(hours > 9 && hours < 10.5, `${hours} h`)
    assert.equal(ahead.resets.length, 2)
    assert.ok(Math.abs(ahead.fullCycle! / HOUR - 10) < 0.5)
    assert.ok(ahead.usualPeak! > 185 && ahead.usualPeak! < 205, String(ahead.usualPeak))
  })

  test('where falls are normal only the lows count', () => {
    // A heap that fills and is collected twice an hour; the lows rise by 6 in an hour.
    const points = Array.from({ length: 288 }, (_, index) => ({
      at: START + index * 5 * MINUTE,
      value: 100 + index / 2 + (index % 6) * 80,
    }))
    const now = points.at(-1)!.at
    const ahead = forecast(points, { direction: 'above', resets: 'normal', limit: 480, now })
    assert.equal(ahead.outcome, 'reaches')
    const hours = (ahead.at! - now) / HOUR
    assert.ok(hours > 36 && hours < 43, `${hours} h`)
  })
})

describe('what a restart is', () => {
  const flat = (values: number[]) => values.map((value, index) => ({ at: START + index * MINUTE, value }))
  test('a fall that stays is one, a dip and the end of a spike are none', () => {
    const rising = [10, 12, 14, 16, 18, 20]
    assert.deepEqual(findResets(flat([...rising, 10, 12, 14, 16])), [6])
    assert.deepEqual(findResets(flat([...rising, 2, 22, 24, 26, 28])), [])
    assert.deepEqual(findResets(flat([...rising, 90, 22, 24, 26, 28])), [])
    assert.deepEqual(findResets(flat([10, 10, 10, 10, 10])), [])
  })
  test('restarts planted in any leak are found, and no others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 0, maxLength: 4 }),
        (seed, places) => {
          const restarts = places.map((place) => place * 20).sort((a, b) => a - b)
          const points = leak({ count: 190, perHour: 40, base: 100, noise: 6, seed, spikes: 0, restarts })
          assert.deepEqual(findResets(points), restarts)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('three in ten points may be anything: the slope stays', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      (seed, wild) => {
        const next = random(seed)
        const points = Array.from({ length: 60 }, (_, index) => ({
          at: START + index * MINUTE,
          value: index % 10 === Math.floor(next() * 10) ? wild : index,
        }))
        const slope = robustSlope([points])!
        assert.ok(Math.abs(slope.middle * MINUTE - 1) < 0.05, String(slope.middle * MINUTE))
        assert.ok(slope.low <= slope.middle && slope.middle <= slope.high)
      },
    ),
    { numRuns: 300 },
  )
})
