import { failure, type StepFailure } from '../../net/failure.ts'
import type { Labels, Series } from '../../series/series.ts'
import type { Inspection } from '../../trust/inspect-certificate.ts'
import type { CheckContext } from '../kind.ts'
import type { MetricSpec } from './spec.ts'

/** What reading values may fail with, beside the way there. */
export const READ_REASONS = ['metric.query-failed', 'metric.unreadable', 'metric.too-large'] as const
export type ReadReason = (typeof READ_REASONS)[number]

/** What a source answered. */
export interface Reading {
  /** With one point each, or with their past where the source keeps it. */
  series: Series[]
  /** Whether the source keeps the past: then nothing is kept here. */
  hasPast: boolean
  inspection: Inspection | null
  /** What people should know though the values arrived. */
  note?: string
}

/** Which stretch of the past the rules want. */
export interface Wanted {
  now: number
  windowMs: number
  recentMs: number
}

/** Asks one kind of source for its values. */
export type ReadSource = (
  spec: MetricSpec,
  wanted: Wanted,
  context: CheckContext,
) => Promise<Reading | StepFailure<string>>

/** More than this many series are told apart by nobody. */
export const MOST_SERIES = 10_000
/** The largest answer that is read. */
export const MOST_BYTES = 16 * 1024 * 1024

export const tooLarge = (what: string) =>
  failure('metric.too-large' as const, `${what} is longer than ${MOST_BYTES / 1024 / 1024} MB`)

/** A row of a table or an object as a series of one value: a named or the last number, all else labels. */
export function rowSeries(
  row: Readonly<Record<string, unknown>>,
  valueKey: string | undefined,
  now: number,
): Series | null {
  const keys = Object.keys(row)
  const key = valueKey ?? (keys.includes('value') ? 'value' : keys.at(-1))
  if (key === undefined || !Object.hasOwn(row, key)) return null
  const value = numberOf(row[key])
  if (value === null) return null
  const labels: Labels = {}
  for (const other of keys) {
    const text = row[other]
    if (other !== key && (typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean'))
      labels[other] = String(text).slice(0, 500)
  }
  return { labels, points: [{ at: now, value }] }
}

/** A number, whether it is written as one or not: databases send large ones as text. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string' || value.trim() === '' || value.length > 100) return null
  const number = Number(value)
  return Number.isNaN(number) ? null : number
}
