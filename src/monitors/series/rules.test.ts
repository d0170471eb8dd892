import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE, SECOND } from '../../kit/duration.ts'
import { judgeBacklog } from './backlog.rules.ts'
import { judgeGrowth } from './growth.rules.ts'
import { joinSeries, keepSeries, thin, unpackSeries } from './keep-series.ts'
import { judgePresence } from './presence.rules.ts'
import { changeOver, increaseOf, rateOf } from './rate.rules.ts'
import { type Point, pointAt, quantile, seriesText } from './series.ts'
import { judgeShare } from './share.rules.ts'
import { judgeThreshold } from './threshold.rules.ts'

const START = Date.UTC(2026, 0, 5)
const every = (step: number, values: number[]): Point[] =>
  values.map((value, index) => ({ at: START + index * step, value }))

describe('threshold', () => {
  const points = every(MINUTE, [1, 9, 9, 9, 9, 9])
  const look = (over: Partial<Parameters<typeof judgeThreshold>[1]> = {}) =>
    judgeThreshold(points, {
      limit: 5,
      direction: 'above',
      forMs: 4 * MINUTE,
      aggregate: 'every',
      now: points.at(-1)!.at,
      ...over,
    })
  test('is broken when every value of the stretch breaks it, pending before', () => {
    assert.deepEqual(look(), { outcome: 'broken', value: 9, since: START + MINUTE })
    assert.equal(look({ forMs: 5 * MINUTE }).outcome, 'pending')
    assert.equal(look({ limit: 9 }).outcome, 'within')
    assert.equal(look({ direction: 'below', limit: 10, forMs: 5 * MINUTE }).outcome, 'broken')
    assert.equal(
      judgeThreshold([], { ...{ limit: 1, direction: 'above', forMs: 0, aggregate: 'every' }, now: 0 })
        .outcome,
      'no-data',
    )
  })
  test('an aggregate waits until its stretch is whole', () => {
    const mean = look({ aggregate: 'mean', forMs: 5 * MINUTE })
    assert.deepEqual([mean.outcome, mean.value], ['broken', 9])
    assert.equal(look({ aggregate: 'max', forMs: HOUR }).outcome, 'pending')
    assert.equal(look({ aggregate: 'min', forMs: 5 * MINUTE, limit: 9 }).outcome, 'within')
    assert.equal(look({ aggregate: 'p95', forMs: 5 * MINUTE }).value, 9)
  })
  test('the higher the limit, the less it is broken', () => {
    const rank = { broken: 2, pending: 1, within: 0, 'no-data': 0 }
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 50 }),
        fc.constantFrom('every', 'mean', 'median', 'max', 'min', 'p95' as const),
        (values, limit, more, aggregate) => {
          const given = every(MINUTE, values)
          const input = { direction: 'above', forMs: 3 * MINUTE, aggregate, now: given.at(-1)!.at } as const
          const low = judgeThreshold(given, { ...input, limit })
          const high = judgeThreshold(given, { ...input, limit: limit + more })
          assert.ok(rank[high.outcome] <= rank[low.outcome])
        },
      ),
    )
  })
})

describe('counters', () => {
  test('however often one restarts, its increase is what was counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.boolean()), { minLength: 2, maxLength: 60 }),
        (steps) => {
          let [value, total] = [0, 0]
          const points: Point[] = []
          steps.forEach(([grown, restarts], index) => {
            // A restart is seen when less was counted since than before it.
            if (restarts && grown < value) value = 0
            value += grown
            if (index > 0) total += grown
            points.push({ at: START + index * MINUTE, value })
          })
          assert.equal(increaseOf(points), total)
          const summed = rateOf(points).reduce((sum, rate) => sum + rate.value * 60, 0)
          assert.ok(Math.abs(summed - total) <= 1e-6 * (1 + total))
          assert.ok(rateOf(points).every((rate) => rate.value >= 0))
        },
      ),
    )
  })
  test('the change over a stretch that is not covered is not known', () => {
    const points = every(HOUR, [0, 10, 20])
    assert.equal(changeOver(points, START, START + 2 * HOUR), 20)
    assert.equal(changeOver(points, START - 1, START + HOUR), null)
    assert.equal(pointAt(points, START - 1), null)
    assert.equal(pointAt(points, START + 1.5 * HOUR)!.value, 10)
  })
})

describe('growth', () => {
  // Ten days: 5 in an hour by night, 50 in an hour by day.
  const days = () => {
    let value = 0
    return Array.from({ length: 240 }, (_, hour) => {
      value += hour % 24 >= 8 && hour % 24 < 18 ? 50 : 5
      return { at: START + hour * HOUR, value }
    })
  }
  test('is compared with the same hour of other days', () => {
    const points = days()
    const at = (hour: number, extra: number) => {
      const upTo = points.slice(0, hour + 1)
      upTo[hour] = { at: upTo[hour]!.at, value: upTo[hour]!.value + extra }
      return judgeGrowth(upTo, { perMs: HOUR, atMost: null, factor: 3, now: upTo[hour]!.at })
    }
    const noon = at(9 * 24 + 12, 0)
    assert.deepEqual([noon.outcome, noon.change, noon.usual, noon.compared], ['usual', 50, 50, 9])
    // 45 more by night is unlike it, and nothing at noon.
    assert.equal(at(9 * 24 + 3, 45).outcome, 'unlike-its-past')
    assert.equal(at(9 * 24 + 12, 45).outcome, 'usual')
  })
  test('a limit needs no past', () => {
    const points = every(MINUTE, [0, 100, 200])
    const now = START + 2 * MINUTE
    assert.equal(judgeGrowth(points, { perMs: MINUTE, atMost: 90, factor: 2, now }).outcome, 'too-much')
    const young = judgeGrowth(points, { perMs: MINUTE, atMost: null, factor: 2, now })
    assert.deepEqual([young.outcome, young.compared], ['usual', 0])
    assert.equal(judgeGrowth(points, { perMs: HOUR, atMost: 1, factor: null, now }).outcome, 'no-data')
  })
  test('what repeats itself each day is never unlike its past', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 24, maxLength: 24 }), (day) => {
        let value = 0
        const points = Array.from({ length: 24 * 6 }, (_, hour) => {
          value += day[hour % 24]!
          return { at: START + hour * HOUR, value }
        })
        for (const now of [points.at(-1)!.at, points.at(-7)!.at])
          assert.equal(judgeGrowth(points, { perMs: HOUR, atMost: null, factor: 2, now }).outcome, 'usual')
      }),
    )
  })
})

describe('share', () => {
  const past = (share: number) => [share, share, share, share]
  const usual = [
    { name: 'a', value: 10, past: past(0.1) },
    { name: 'b', value: 60, past: past(0.6) },
    { name: 'c', value: 30, past: past(0.3) },
  ]
  const rules = { above: 0.8, factor: 3, atLeast: 0.2 }
  test('the largest may stay large; the one that spikes is named', () => {
    const quiet = judgeShare(usual, rules)
    assert.deepEqual([quiet.outcome, quiet.name, quiet.share], ['usual', 'b', 0.6])
    const spike = judgeShare([{ ...usual[0]!, value: 200 }, usual[1]!, usual[2]!], rules)
    assert.deepEqual([spike.outcome, spike.name, spike.usual], ['spike', 'a', 0.1])
    assert.ok(spike.share > 0.68 && spike.share < 0.7)
  })
  test('somebody new spikes from nothing, unless all are new', () => {
    const fresh = { name: 'new', value: 100, past: [] }
    assert.deepEqual(
      [judgeShare([...usual, fresh], rules).outcome, judgeShare([...usual, fresh], rules).name],
      ['spike', 'new'],
    )
    assert.equal(judgeShare([fresh, { ...fresh, name: 'other' }], rules).outcome, 'usual')
    assert.equal(judgeShare([fresh], rules).outcome, 'too-large')
  })
  test('nothing at all, and numbers that are none, are no data and no crash', () => {
    assert.equal(judgeShare([], rules).outcome, 'no-data')
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.string(), value: fc.double(), past: fc.array(fc.double()) })),
        (given) => {
          const { outcome, share } = judgeShare(given, rules)
          assert.ok(outcome === 'no-data' || (share >= 0 && share <= 1))
        },
      ),
    )
  })
  test('all times ten changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            name: fc.string(),
            value: fc.integer({ min: 1, max: 1_000 }),
            past: fc.constant([0.2, 0.2, 0.2]),
          }),
          { minLength: 1 },
        ),
        (given) => {
          const ten = given.map((one) => ({ ...one, value: one.value * 10 }))
          assert.equal(judgeShare(ten, rules).outcome, judgeShare(given, rules).outcome)
        },
      ),
    )
  })
})

describe('backlog', () => {
  const retentionMs = 18 * HOUR
  const look = (ages: number[], warnMs = 6 * HOUR) => {
    const points = every(10 * MINUTE, ages)
    return judgeBacklog(points, { retentionMs, warnMs, now: points.at(-1)?.at ?? START })
  }
  const from = (hours: number, pace: number) =>
    Array.from({ length: 20 }, (_, index) => hours * HOUR + index * 10 * MINUTE * pace)
  test('says when data are lost', () => {
    const stuck = look(from(10, 1))
    const left = retentionMs - stuck.ageMs
    assert.equal(stuck.outcome, 'will-be-lost')
    assert.ok(Math.abs(stuck.lostAt! - (START + 190 * MINUTE + left)) < SECOND)
    const half = look(from(10, 0.5))
    assert.equal(half.outcome, 'old')
    assert.ok(Math.abs(half.pace! - 0.5) < 0.01)
    assert.equal(look(from(1, 0)).outcome, 'well')
    assert.equal(look(from(1, 0)).lostAt, null)
    assert.equal(look(from(17.5, -1)).outcome, 'old')
    assert.equal(look(from(18, 1)).outcome, 'being-lost')
    assert.equal(look([]).outcome, 'no-data')
  })
  test('a wait that was worked off does not count any more', () => {
    const worked = [...from(8, 1), ...from(0.1, 0)]
    assert.equal(look(worked).outcome, 'well')
  })
  test('the older, the sooner', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 10 }), (hours, pace) => {
        const young = look(from(hours, pace / 10))
        const old = look(from(hours + 1, pace / 10))
        assert.ok(old.lostAt! < young.lostAt!)
      }),
    )
  })
})

describe('presence', () => {
  const now = START
  const at = (entries: [string, number][]) => new Map(entries)
  const look = (newest: [string, number][], known: [string, number][] = []) =>
    judgePresence({ newest: at(newest), known: at(known), staleMs: 5 * MINUTE, now }).outcome
  test('there, stale, gone or never there', () => {
    assert.equal(look([['a', now]]), 'there')
    assert.equal(look([['a', now - HOUR]]), 'stale')
    assert.equal(look([]), 'absent')
    assert.equal(look([['a', now]], [['b', now - HOUR]]), 'vanished')
    // A gap shorter than the patience is none.
    assert.equal(look([], [['a', now - MINUTE]]), 'there')
    assert.equal(look([['a', now]], [['b', now - MINUTE]]), 'there')
  })
})

describe('what is kept', () => {
  const series = (count: number, points: number) =>
    Array.from({ length: count }, (_, index) => ({
      labels: { __name__: 'x', host: `host-${index}` },
      points: every(
        MINUTE,
        Array.from({ length: points }, (_, n) => Math.sin(n) * 1e9),
      ),
    }))
  test('stays small however much there is, keeps the newest, and comes back as it was', () => {
    for (const [count, points] of [
      [1, 5_000],
      [8, 2_000],
      [200, 200],
    ] as const) {
      const given = series(count, points)
      const now = given[0]!.points.at(-1)!.at
      const kept = keepSeries(given, { now, windowMs: 3 * DAY, recentMs: HOUR })
      assert.ok(JSON.stringify(kept).length < 52_000, `${JSON.stringify(kept).length}`)
      const back = unpackSeries(kept)
      assert.deepEqual(back[0]!.points.at(-1)!.at, now)
      assert.ok(back[0]!.points.every((point, index, all) => index === 0 || point.at > all[index - 1]!.at))
    }
  })
  test('thinning again and again keeps the span of the window', () => {
    let points: Point[] = []
    const window = 6 * HOUR
    for (let minute = 0; minute < 1_000; minute++) {
      const now = START + minute * MINUTE
      points = thin(
        [...points, { at: now, value: minute }],
        { now, windowMs: window, recentMs: 20 * MINUTE },
        100,
      )
    }
    assert.ok(points.length <= 100 && points.length > 50, String(points.length))
    assert.ok(points.at(-1)!.at - points[0]!.at > 0.9 * window)
    assert.ok(points.every(({ at, value }) => at === START + value * MINUTE))
  })
  test('joining takes only what is newer, by labels', () => {
    const [one] = series(1, 3)
    const again = joinSeries([one!], [one!, { labels: { other: 'x' }, points: every(MINUTE, [1]) }])
    assert.equal(again.length, 2)
    assert.equal(again[0]!.points.length, 3)
  })
})

test('a series has one text, and quantiles lie within their values', () => {
  assert.equal(seriesText({ __name__: 'up', job: 'a"b', instance: 'x' }), 'up{instance="x",job="a\\"b"}')
  assert.equal(seriesText({ __name__: 'my.metric', 'a.b': 'x' }), '{"my.metric","a.b"="x"}')
  assert.equal(seriesText({}), '{}')
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const ordered = [...values].sort((a, b) => a - b)
        const value = quantile(ordered, share)
        assert.ok(value >= ordered[0]! && value <= ordered.at(-1)!)
      },
    ),
  )
})
