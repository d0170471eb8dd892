import { z } from 'zod'
import { SECOND } from '../../../kit/duration.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import { readValue } from '../../series/exposition.ts'
import { joinSeries } from '../../series/keep-series.ts'
import type { Point, Series } from '../../series/series.ts'
import type { CheckContext } from '../kind.ts'
import { fetchText } from './read-web.ts'
import { MOST_SERIES, type ReadSource, type Wanted } from './reading.ts'
import type { MetricSpec } from './spec.ts'

// Enough for every rule, and few enough for a server that many ask.
const STEPS = 240
const pair = z.tuple([z.number(), z.string().max(40)])
const labels = z.record(z.string(), z.string())
const answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: labels, value: pair })),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(pair) })),
      }),
      z.object({ resultType: z.literal('scalar'), result: pair }),
      z.object({ resultType: z.literal('string'), result: pair }),
    ]),
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
])

/** Asks Prometheus for values now, and for their past where a rule looks back. */
export const readPrometheus: ReadSource = async (spec, wanted, context) => {
  const { now, windowMs, recentMs } = wanted
  const stretches = stretchesOf(wanted)
  let series: Series[] = []
  let note: string | undefined
  let inspection = null
  for (const stretch of stretches) {
    const read = await ask(spec, spec.query!, stretch, context)
    if (hasFailed(read)) return read
    note ??= read.note
    inspection = read.inspection
    series = joinSeries(series, read.series)
  }
  return { series, hasPast: windowMs > 0 || recentMs > 0, inspection, ...(note && { note }) }

  function stretchesOf({ windowMs, recentMs }: Wanted): Stretch[] {
    const fine = (ms: number): Stretch => ({ from: now - ms, to: now, stepMs: stepOf(ms) })
    if (windowMs === 0) return [{ from: now, to: now, stepMs: 0 }]
    // The newest part is wanted closely, the rest coarsely.
    if (recentMs > 0 && windowMs > 4 * recentMs)
      return [{ from: now - windowMs, to: now - recentMs, stepMs: stepOf(windowMs) }, fine(recentMs)]
    return [fine(windowMs)]
  }
}

const stepOf = (ms: number) => Math.max(SECOND, Math.ceil(ms / STEPS))

interface Stretch {
  from: number
  to: number
  /** Zero asks for one instant. */
  stepMs: number
}

/** One query over a stretch of time. */
export async function ask(
  spec: MetricSpec,
  query: string,
  { from, to, stepMs }: Stretch,
  context: CheckContext,
) {
  const seconds = (ms: number) => String(ms / SECOND)
  const range = stepMs > 0
  const parameters = new URLSearchParams(
    range
      ? { query, start: seconds(from), end: seconds(to), step: seconds(stepMs) }
      : { query, time: seconds(to) },
  )
  const url = `${spec.url!.replace(/\/+$/, '')}/api/v1/${range ? 'query_range' : 'query'}`
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
  const asked = { url, headers, body: parameters.toString(), alsoStatus: [400, 422, 503] }
  const document = await fetchText(spec, asked, context)
  if (hasFailed(document)) return document
  const read = readAnswer(document.text, to)
  return hasFailed(read) ? read : { ...read, inspection: document.inspection }
}

/** Reads an answer of the query API: its values are texts, and so are its infinities. */
export function readAnswer(
  text: string,
  now: number,
): { series: Series[]; note?: string } | StepFailure<string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return failure('metric.unreadable', 'the answer is not JSON: is this the address of Prometheus?')
  }
  const parsed = answer.safeParse(json)
  if (!parsed.success) return failure('metric.unreadable', 'the answer is not that of Prometheus’ query API')
  if (parsed.data.status === 'error')
    return failure('metric.query-failed', `Prometheus refused the query: ${parsed.data.error.slice(0, 300)}`)
  const { data, warnings } = parsed.data
  const note = warnings?.[0]?.slice(0, 200)
  if (data.resultType === 'string') return failure('metric.unreadable', 'the query gives a text, not a value')
  const point = ([at, value]: [number, string]): Point[] => {
    const number = readValue(value)
    return number === null || !Number.isFinite(at) ? [] : [{ at: Math.round(at * SECOND), value: number }]
  }
  const series =
    data.resultType === 'scalar'
      ? [{ labels: {}, points: point([now / SECOND, data.result[1]]) }]
      : data.resultType === 'vector'
        ? data.result.map(({ metric, value }) => ({ labels: metric, points: point(value) }))
        : data.result.map(({ metric, values }) => ({ labels: metric, points: values.flatMap(point) }))
  return { series: series.slice(0, MOST_SERIES), ...(note && { note }) }
}
