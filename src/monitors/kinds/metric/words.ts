import { formatDuration } from '../../../kit/duration.ts'
import { seriesText } from '../../series/series.ts'
import type { MetricSpec } from './spec.ts'

type Unit = MetricSpec['unit']

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** A value for people: `3.2 GB`, `85 %`, `1h 20m`, `12.3k`. */
export function shownValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'percent') return `${short(value)} %`
  if (unit === 'seconds') return formatDuration(value * 1_000)
  if (unit === 'bytes') {
    let [rest, size] = [Math.abs(value), 0]
    while (rest >= 1_000 && size < SIZES.length - 1) {
      rest /= 1_000
      size++
    }
    return `${value < 0 ? '-' : ''}${short(rest)} ${SIZES[size]}`
  }
  return short(value)
}

function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 1e-3)) return value.toExponential(2)
  if (size >= 1_000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** A share for people. */
export function shownShare(share: number): string {
  const percent = share * 100
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2))} %`
}

/** An instant as it is told in a sentence: to the minute, in UTC. */
export function shownInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Time ahead in two units, with its interval: `3d 4h (2d 18h to 4d)`. */
export function shownAhead(ahead: number, earliest: number | null, latest: number | null): string {
  const interval =
    earliest !== null && latest !== null
      ? ` (${formatDuration(Math.max(0, earliest))} to ${latest > 3_650 * 86_400_000 ? 'never' : formatDuration(latest)})`
      : ''
  return `${formatDuration(Math.max(0, ahead))}${interval}`
}

/** Labels as a person says them: the values alone where there is one label. */
export function shownLabels(labels: Record<string, string>): string {
  const rest = Object.entries(labels).filter(([key]) => key !== '__name__')
  if (rest.length === 1) return rest[0]![1].slice(0, 100)
  return seriesText(labels).slice(0, 200)
}
