import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import fc from 'fast-check'
import type { History } from '../../src/contract/monitors.ts'
import { matches } from '../parts/matches.ts'
import { leaves } from '../schema-form/fields.ts'
import { keepFields, readAt, readPairs, writeAt, writePairs } from '../schema-form/values.ts'
import {
  fromLocalInput,
  sayDuration,
  sayExact,
  sayRelative,
  toLocalInput,
  writeDuration,
} from '../times/say-time.ts'
import { placeAfter } from './account/place-after.ts'
import { bandSegments, sayShare, shares, stateOf } from './monitors/plot-data.ts'

const MINUTE = 60_000
const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

describe('times', () => {
  const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) })

  test('what is written into a field of time comes back as the minute it shows, in every zone', () => {
    for (const name of ['UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham']) {
      process.env.TZ = name
      fc.assert(
        fc.property(instants, (at) => {
          const shown = toLocalInput(at)
          const back = Date.parse(fromLocalInput(shown)!)
          assert.equal(toLocalInput(back), shown)
          // The hour that the clocks pass twice is read as one of the two.
          const off = Math.abs(back - Math.floor(at / MINUTE) * MINUTE)
          assert.ok(off === 0 || off === 60 * MINUTE, `${name} ${shown} is off by ${off}`)
        }),
      )
    }
  })

  test('a length has at most two parts and never says more than there was', () => {
    const size: Record<string, number> = { ms: 1, s: 1_000, min: MINUTE, h: 60 * MINUTE, d: 1_440 * MINUTE }
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 400 * 1_440 * MINUTE }), (ms) => {
        const parts = [...sayDuration(ms).matchAll(/(\d+) (ms|s|min|h|d)/g)]
        assert.ok(parts.length === 1 || parts.length === 2)
        const said = parts.reduce((sum, [, count, unit]) => sum + Number(count) * size[unit!]!, 0)
        assert.ok(said <= ms && ms - said < size[parts.at(-1)![2]!]! * (parts.length === 1 ? 60 : 1))
      }),
    )
  })

  test('a length as the configuration writes it adds up to exactly what it was', () => {
    const size: Record<string, number> = { ms: 1, s: 1_000, m: MINUTE, h: 60 * MINUTE, d: 1_440 * MINUTE }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 1_440 * MINUTE }), (ms) => {
        const parts = [...writeDuration(ms).matchAll(/(\d+)(ms|s|m|h|d)/g)]
        assert.equal(
          parts.reduce((sum, [, count, unit]) => sum + Number(count) * size[unit!]!, 0),
          ms,
        )
      }),
    )
  })

  test('the past is never said to come, nor the future to be over', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 10 ** 11 }), (now, away) => {
        assert.match(sayRelative(now - away, now), /^just now$| ago$/)
        if (away > 0) assert.match(sayRelative(now + away, now), /^in /)
      }),
    )
  })

  test('an exact time names the instant: it can be read back', () => {
    for (const name of ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata']) {
      process.env.TZ = name
      fc.assert(
        fc.property(instants, (at) => {
          const read = sayExact(at)
            .replace('−', '-')
            .replace(/UTC([+-])(\d)(?!\d)/, 'UTC$10$2')
          assert.equal(
            Date.parse(read.replace(/UTC([+-]\d\d)$/, 'UTC$1:00')),
            Math.floor(at / 1_000) * 1_000,
            read,
          )
        }),
      )
    }
  })
})

describe('the history', () => {
  const START = Date.UTC(2026, 10, 21)
  const time = fc.integer({ min: 0, max: 15_000 })
  const points = fc
    .array(
      fc.record({
        upMs: time,
        degradedMs: time,
        downMs: time,
        unknownMs: time,
        maintenanceMs: fc.constant(0),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((list) =>
      list.map((one, place) => ({
        ...one,
        at: new Date(START + place * MINUTE).toISOString(),
        checks: 1,
        expectedChecks: 1,
        tookMs: 1,
        tookMaxMs: 1,
      })),
    )
  const history = (of: History['points']): History => ({
    from: new Date(START).toISOString(),
    to: new Date(START + of.length * MINUTE).toISOString(),
    resolution: 'minute',
    points: of,
  })

  test('the band is in order, never overlaps, and no two neighbours of one state touch', () => {
    fc.assert(
      fc.property(points, (of) => {
        const segments = bandSegments(history(of))
        segments.forEach((one, place) => {
          assert.ok(one.from < one.to)
          const next = segments[place + 1]
          if (!next) return
          assert.ok(one.to <= next.from)
          assert.ok(one.to < next.from || one.state !== next.state)
        })
      }),
    )
  })

  test('no outage is hidden: where a stretch was down, the band is down', () => {
    fc.assert(
      fc.property(points, (of) => {
        const segments = bandSegments(history(of))
        for (const point of of.slice(0, -1)) {
          const at = Date.parse(point.at)
          const shown = segments.find(({ from, to }) => from <= at && at < to)
          assert.equal(shown?.state, stateOf(point))
          if (point.downMs > 0) assert.equal(shown?.state, 'down')
        }
      }),
    )
  })

  test('shares add up to one, and what is said never rounds an outage away', () => {
    fc.assert(
      fc.property(points, (of) => {
        const parts = shares(of)
        if (!parts) return
        assert.ok(Math.abs(Object.values(parts).reduce((a, b) => a + b, 0) - 1) < 1e-9)
        for (const share of Object.values(parts)) {
          assert.equal(sayShare(share) === '100 %', share === 1)
          assert.equal(sayShare(share) === '0 %', share === 0)
        }
      }),
    )
  })
})

describe('the values of a form', () => {
  const name = fc.stringMatching(/^[a-z]{1,4}$/).filter((word) => !(word in {}))
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'))

  test('what is written is read, what is emptied is gone, and nothing else is touched', () => {
    fc.assert(
      fc.property(path, path, fc.string({ minLength: 1 }), (one, other, text) => {
        fc.pre(one !== other && !one.startsWith(`${other}.`) && !other.startsWith(`${one}.`))
        const first = writeAt({}, other, 'kept')
        const kept = structuredClone(first)
        const both = writeAt(first, one, text)
        assert.equal(readAt(both, one), text)
        assert.equal(readAt(both, other), 'kept')
        assert.deepEqual(first, kept, 'the values before are not changed')
        assert.deepEqual(writeAt(both, one, ''), first)
      }),
    )
  })

  test('pairs come back the same, whatever their values hold', () => {
    const value = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' ').trim())
    const key = fc.stringMatching(/^[A-Za-z-]{1,12}$/).filter((word) => !(word in {}))
    fc.assert(
      fc.property(fc.dictionary(key, value), (given) => {
        const pairs = { ...given }
        assert.deepEqual(readPairs(writePairs(pairs)), pairs)
      }),
    )
  })

  test('a change of kind keeps nothing that the new kind does not know', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 6 }), (paths) => {
        const values = paths.reduce((all, each) => writeAt(all, each, 'x'), {})
        assert.deepEqual(keepFields(values, [], []), {})
        assert.deepEqual(leaves([]), [])
      }),
    )
  })
})

test('a search is never stricter for fewer words, and does not care for the case', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 4 })
  fc.assert(
    fc.property(words, fc.string(), (search, text) => {
      if (matches(search.join(' '), text)) {
        assert.ok(matches(search.slice(1).join(' '), text))
        assert.ok(matches(search.join('  ').toUpperCase(), text))
      }
    }),
  )
})

test('after signing in, no address leads out of the house', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.webPath(), fc.anything()), (next) => {
      const place = placeAfter({ next })
      assert.equal(new URL(place, 'https://tocsin.example').origin, 'https://tocsin.example')
    }),
  )
})
