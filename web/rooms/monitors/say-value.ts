import { sayReason } from '../../parts/states.ts'
import { sayDuration } from '../../times/say-time.ts'

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** A measured value for people: `3.2 GB`, `85 %`, `12,300`. */
export function sayValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return String(value)
  if (unit === 'percent') return `${short(value)} %`
  if (unit === 'seconds') return `${short(value)} s`
  if (unit !== 'bytes') return short(value)
  let [rest, size] = [Math.abs(value), 0]
  while (rest >= 1_000 && size < SIZES.length - 1) {
    rest /= 1_000
    size++
  }
  return `${value < 0 ? '−' : ''}${short(rest)} ${SIZES[size]}`
}

function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 1e-3)) return value.toExponential(2)
  if (size >= 1_000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** The common name of a subject, which is what people call a certificate. */
export function sayName(subject: string): string {
  return /(?:^|[,\n/]\s*)CN\s*=\s*([^,\n/]+)/i.exec(subject)?.[1]?.trim() ?? subject.replaceAll('\n', ', ')
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
// Numbers this large are instants in milliseconds: no check measures a length of 30 years.
const LARGEST_LENGTH = 1e12

/** One measured value by its name: `firstByteMs` is a length of time, `dueAt` an instant. */
export function sayMeasured(
  name: string,
  value: string | number | boolean | null,
): { label: string } & ({ at: string } | { text: string }) {
  const words = name
    .replace(/(?:Ms|At)$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  if (typeof value === 'string' && INSTANT.test(value)) return { label: words, at: value }
  if (typeof value === 'number' && name.endsWith('At') && value >= LARGEST_LENGTH)
    return { label: words, at: new Date(value).toISOString() }
  if (typeof value === 'number' && name.endsWith('Ms'))
    return { label: words, text: sayDuration(Math.round(value)) }
  // Several reasons at once, as codes.
  if (name === 'problems' && typeof value === 'string')
    return { label: words, text: value.split(' ').map(sayReason).join(', ') }
  if (typeof value === 'boolean') return { label: words, text: value ? 'yes' : 'no' }
  return { label: words, text: value === null ? '–' : String(value) }
}
