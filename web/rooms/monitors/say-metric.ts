import { sayDuration, sayInstant } from '../../times/say-time.ts'
import type { Forecast, MetricView, Unit } from './forecast-data.ts'

const SECOND = 1_000
const HOUR = 3_600_000
const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** A value as people write it: `3.2 GB`, `85 %`, `1 h 20 min`, `12,300`. */
export function sayValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–'
  if (unit === 'percent') return `${short(value)} %`
  if (unit === 'seconds') return `${value < 0 ? '−' : ''}${sayDuration(value * SECOND)}`
  if (unit === 'bytes') {
    let [rest, size] = [Math.abs(value), 0]
    while (rest >= 999.5 && size < SIZES.length - 1) {
      rest /= 1_000
      size++
    }
    return `${value < 0 ? '−' : ''}${short(rest)} ${SIZES[size]}`
  }
  return short(value)
}

function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 1e-3)) return value.toExponential(2)
  return size >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

/** One thing to say of a metric, the most pressing first. */
export interface Said {
  tone: 'bad' | 'warn' | 'good' | 'plain'
  text: string
  more: string | null
}

/** Beyond this nobody plans. */
const FAR = 3_650 * 24 * HOUR

/** All that there is to say, in sentences. */
export function sayMetric(view: MetricView, now: number): Said[] {
  const { forecast, backlog, growth, unit } = view
  const said: Said[] = []
  if (backlog) said.push(sayBacklog(backlog, now))
  if (forecast) said.push(sayForecast(forecast, unit, now))
  if (growth) {
    const { per, change, atMost } = growth
    const tooMuch = atMost !== null && change > atMost
    said.push({
      tone: tooMuch ? 'warn' : 'plain',
      text: `${change < 0 ? 'Fell' : 'Grew'} by ${sayValue(Math.abs(change), unit)} in the last ${sayDuration(per)}`,
      more: atMost === null ? null : `Allowed is ${sayValue(atMost, unit)}.`,
    })
  }
  return said
}

function sayForecast(forecast: Forecast, unit: Unit, now: number): Said {
  const { outcome, at, earliest, latest, perHour, perHourLow, perHourHigh, resets } = forecast
  const limit = sayValue(forecast.limit, unit)
  if (outcome === 'too-little')
    return { tone: 'plain', text: 'Too little is known of it to look ahead', more: `Its limit is ${limit}.` }
  if (outcome === 'no-trend')
    return { tone: 'good', text: `It does not move toward its limit of ${limit}`, more: null }
  if (outcome === 'reached' || at === null)
    return { tone: 'bad', text: `It has reached its limit of ${limit}`, more: null }
  const rate = (value: number) => sayValue(Math.abs(value), unit)
  const paces = [perHourLow, perHourHigh]
    .filter((pace) => pace !== null)
    .sort((a, b) => Math.abs(a) - Math.abs(b))
    .map(rate)
  const sentences = [
    ...(earliest !== null
      ? [
          `In nineteen of twenty cases between ${sayInstant(earliest, now)} and ${
            latest === null || latest - now > FAR ? 'never' : sayInstant(latest, now)
          }.`,
        ]
      : []),
    ...(perHour !== null
      ? [
          `${perHour < 0 ? 'Falling' : 'Growing'} by ${rate(perHour)} an hour${paces.length === 2 && paces[0] !== paces[1] ? ` (${paces.join(' to ')})` : ''}.`,
        ]
      : []),
    ...(resets.length > 0
      ? [
          `Put back ${resets.length === 1 ? 'once' : `${resets.length} times`} meanwhile; the line goes on from there.`,
        ]
      : []),
  ]
  if (at - now > FAR)
    return {
      tone: 'good',
      text: `It reaches its limit of ${limit} in more than ten years`,
      more: sentences.join(' '),
    }
  const left = at <= now ? 'about now' : `in ${sayDuration(at - now)}`
  return {
    tone: 'warn',
    text: `It reaches its limit of ${limit} ${left}, ${sayInstant(at, now)}`,
    more: sentences.join(' '),
  }
}

function sayBacklog({ retention, age, lostAt }: NonNullable<MetricView['backlog']>, now: number): Said {
  const kept = `The oldest that waits is ${sayDuration(age)} old; what waits ${sayDuration(retention)} is thrown away.`
  if (age >= retention) return { tone: 'bad', text: 'Data are being lost', more: kept }
  if (lostAt === null) {
    const share = Math.round((age / retention) * 100)
    return {
      tone: share >= 50 ? 'warn' : 'good',
      text: `The backlog has used ${share} % of its time`,
      more: kept,
    }
  }
  const left = lostAt <= now ? 'about now' : `in ${sayDuration(lostAt - now)}`
  return { tone: 'bad', text: `Data will be lost at ${sayInstant(lostAt, now)}, ${left}`, more: kept }
}
