import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { forecast } from '../../../src/monitors/series/forecast.rules.ts'
import { lengthOf, metricView, plotOf } from './forecast-data.ts'
import { sayMetric, sayValue } from './say-metric.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = Date.UTC(2026, 10, 21, 12)

/** Points of the last hours, one each ten minutes. */
const course = (hours: number, valueAt: (hour: number) => number) =>
  Array.from({ length: hours * 6 + 1 }, (_, step) => {
    const at = now - hours * HOUR + step * 10 * MINUTE
    return { at, value: valueAt(step / 6) }
  })

interface Given {
  limit?: number
  resets?: 'restarts' | 'normal'
  direction?: 'above' | 'below'
  unit?: string
  spec?: object
  values?: object
}

/** The detail of a monitor with the forecast that the server makes of these points. */
function monitor(points: { at: number; value: number }[], given: Given = {}): MonitorDetail {
  const { limit, unit = 'bytes', spec = {}, values = {} } = given
  const ahead =
    limit === undefined
      ? null
      : forecast(points, {
          limit,
          direction: given.direction ?? 'above',
          resets: given.resets ?? 'restarts',
          now,
        })
  const perHour = (slope: number | undefined) => (slope === undefined ? null : slope * HOUR)
  return {
    spec,
    lastCheckedAt: new Date(now).toISOString(),
    last: {
      values,
      details: {
        labels: { __name__: 'rss', job: 'front' },
        unit,
        points: points.map(({ at, value }) => [at, value]),
        ...(ahead && {
          forecast: {
            ...ahead,
            limit,
            perHour: perHour(ahead.slope?.middle),
            perHourLow: perHour(ahead.slope?.low),
            perHourHigh: perHour(ahead.slope?.high),
          },
        }),
      },
    },
  } as unknown as MonitorDetail
}

const GB = 1e9
// A little unsteady, so that the interval is one; 100 MB more each hour.
const growing = course(12, (hour) => 1 * GB + hour * 0.1 * GB + ((hour * 7919) % 1) * 0.02 * GB)

describe('a limit ahead', () => {
  const view = metricView(monitor(growing, { limit: 3 * GB }))!
  const plot = plotOf(view)
  const said = sayMetric(view, now)

  test('is reached on the plot, with its instant and room behind it', () => {
    const reached = plot.marks.find(({ kind }) => kind === 'reached')!
    assert.ok(Math.abs(reached.at - (now + 8 * HOUR)) < HOUR, new Date(reached.at).toISOString())
    assert.ok(plot.to > reached.at && plot.to < reached.at + 8 * HOUR)
    assert.deepEqual(
      plot.limits.map(({ value }) => value),
      [3 * GB],
    )
    assert.ok(plot.top > 3 * GB && plot.bottom <= 1 * GB)
  })

  test('the fitted line meets the limit at that instant, the interval holds it and opens with time', () => {
    const reached = plot.marks.find(({ kind }) => kind === 'reached')!
    const index = plot.x.indexOf(reached.at / 1_000)
    assert.ok(Math.abs(plot.line[index]! - 3 * GB) < 0.01 * GB)
    const ahead = plot.x.map((at, place) => ({ at, place })).filter(({ at }) => at * 1_000 >= now)
    let before = -1
    for (const { place } of ahead) {
      const [low, line, high] = [plot.low[place]!, plot.line[place]!, plot.high[place]!]
      assert.ok(low <= line && line <= high)
      assert.ok(high - low >= before)
      before = high - low
    }
    assert.ok(before > 0)
    assert.ok(
      plot.low.slice(0, 10).every((value) => value === null),
      'the past has no interval',
    )
    const future = plot.measured.slice(-5)
    assert.ok(
      future.every((value) => value === null),
      'nothing is measured in the future',
    )
  })

  test('the words say when, between when and when, and how fast', () => {
    assert.equal(said.length, 1)
    assert.equal(said[0]!.tone, 'warn')
    assert.match(said[0]!.text, /^It reaches its limit of 3 GB in [78] h( \d\d min)?, Sat 21 Nov, \d\d:\d\d$/)
    assert.match(
      said[0]!.more!,
      /between Sat 21 Nov, \d\d:\d\d and Sat 21 Nov, \d\d:\d\d\. Growing by (99|1\d\d)(\.\d)? MB an hour \(/,
    )
  })
})

describe('restarts', () => {
  const sawtooth = course(12, (hour) => 1 * GB + (hour % 4) * 0.3 * GB + ((hour * 7919) % 1) * 0.01 * GB)
  const view = metricView(monitor(sawtooth, { limit: 6 * GB }))!
  const plot = plotOf(view)
  test('are marked, and the line begins with the last of them', () => {
    const restarts = plot.marks.filter(({ kind }) => kind === 'restart')
    assert.equal(restarts.length, view.forecast!.resets.length)
    assert.ok(restarts.length >= 2)
    const begin = plot.x[plot.line.findIndex((value) => value !== null)]!
    assert.equal(begin * 1_000, restarts.at(-1)!.at)
    assert.match(sayMetric(view, now)[0]!.more!, /Put back (2|3) times meanwhile/)
  })
})

describe('a limit that is far away', () => {
  test('is said, and not drawn: the values would be a line at the bottom', () => {
    const view = metricView(monitor(growing, { limit: 900 * GB }))!
    const plot = plotOf(view)
    assert.deepEqual([plot.limits.length, plot.beyond.length], [0, 1])
    assert.ok(plot.top < 4 * GB)
    assert.ok(!plot.marks.some(({ kind }) => kind === 'reached'))
  })
  test('without a trend there is nothing to reach', () => {
    const flat = course(12, (hour) => 2 * GB + Math.sin(hour * 5) * 0.1 * GB)
    const view = metricView(monitor(flat, { limit: 3 * GB }))!
    assert.match(sayMetric(view, now)[0]!.text, /^It does not move toward its limit of 3 GB$/)
    assert.equal(sayMetric(view, now)[0]!.tone, 'good')
  })
  test('a limit below is met by a falling line', () => {
    const falling = course(12, (hour) => 40 - hour * 2 + ((hour * 7919) % 1) * 0.2)
    const view = metricView(monitor(falling, { limit: 5, direction: 'below', unit: 'percent' }))!
    const said = sayMetric(view, now)[0]!
    assert.match(said.text, /limit of 5 % in/)
    assert.match(said.more!, /Falling by/)
  })
})

describe('a backlog', () => {
  // Nothing is worked off: the oldest grows older by an hour in an hour.
  const ages = course(6, (hour) => hour * 3_600)
  const rule = { backlog: { retention: '18h', warn: '6h' } }
  test('says when data will be lost, and the line meets the retention then', () => {
    const view = metricView(
      monitor(ages, { unit: 'none', spec: rule, values: { ageSeconds: 21_600, lostIn: 12 * 3_600 } }),
    )!
    assert.equal(view.unit, 'seconds')
    const plot = plotOf(view)
    const lost = plot.marks.find(({ kind }) => kind === 'reached')!
    assert.equal(lost.at, now + 12 * HOUR)
    assert.equal(Math.round(plot.line[plot.x.indexOf(lost.at / 1_000)]!), 18 * 3_600)
    assert.ok(plot.top > 18 * 3_600)
    const said = sayMetric(view, now)[0]!
    assert.equal(said.tone, 'bad')
    assert.match(said.text, /^Data will be lost at .*, in 12 h$/)
    assert.equal(said.more, 'The oldest that waits is 6 h old; what waits 18 h is thrown away.')
  })
  test('is read in whatever unit it comes, and says that data are being lost when they are', () => {
    const millis = ages.map(({ at, value }) => ({ at, value: value * 1_000 }))
    const view = metricView(
      monitor(millis, { spec: { backlog: { retention: 4 * HOUR, unit: 'milliseconds' } } }),
    )!
    assert.equal(view.points.at(-1)![1], 21_600)
    assert.equal(sayMetric(view, now)[0]!.text, 'Data are being lost')
    const since = ages.map(({ at, value }) => ({ at, value: at / 1_000 - value }))
    const unix = metricView(
      monitor(since, { spec: { backlog: { retention: '18h', unit: 'unix-seconds' } } }),
    )!
    assert.equal(Math.round(unix.points.at(-1)![1]), 21_600)
    assert.match(sayMetric(unix, now)[0]!.text, /has used 33 % of its time/)
  })
})

test('growth is told against what is allowed', () => {
  const view = metricView(monitor(growing, { unit: 'none', spec: { growth: { per: '2h', atMost: 1e8 } } }))!
  const said = sayMetric(view, now)[0]!
  assert.equal(said.tone, 'warn')
  assert.match(said.text, /^Grew by .* in the last 2 h$/)
  assert.equal(said.more, 'Allowed is 100,000,000.')
})

test('what is no metric is not drawn, and what is not known is left out', () => {
  assert.equal(metricView({ last: null, spec: {}, lastCheckedAt: null } as unknown as MonitorDetail), null)
  assert.equal(metricView(monitor([])), null)
  const strange = {
    last: { values: {}, details: { points: 'all', labels: 7 } },
    spec: {},
    lastCheckedAt: null,
  }
  assert.equal(metricView(strange as unknown as MonitorDetail), null)
  const single = plotOf(metricView(monitor([{ at: now, value: 0 }]))!)
  assert.ok(single.top > single.bottom && single.to > single.from)
  assert.ok([...single.x, single.top, single.bottom].every(Number.isFinite))
})

test('durations of settings, written or read', () => {
  assert.equal(lengthOf('18h'), 18 * HOUR)
  assert.equal(lengthOf('1h30m'), 90 * MINUTE)
  assert.equal(lengthOf(5_000), 5_000)
  for (const wrong of ['soon', '', '5', null, undefined, Number.NaN]) assert.equal(lengthOf(wrong), null)
})

test('values as people write them', () => {
  assert.equal(sayValue(3.2e9, 'bytes'), '3.2 GB')
  assert.equal(sayValue(999_900, 'bytes'), '1 MB')
  assert.equal(sayValue(85, 'percent'), '85 %')
  assert.equal(sayValue(4_800, 'seconds'), '1 h 20 min')
  assert.equal(sayValue(12_345.6, 'none'), '12,346')
  assert.equal(sayValue(0.1234, 'none'), '0.123')
  assert.equal(sayValue(Number.NaN, 'none'), '–')
})
