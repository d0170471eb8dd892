import { reasonOf } from '../../../kit/errors.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import { parseExposition } from '../../series/exposition.ts'
import { selectorOf } from '../../series/selector.ts'
import { type Labels, type Series, seriesText } from '../../series/series.ts'
import { type Inspection, refusedBy } from '../../trust/inspect-certificate.ts'
import { fetchOnce } from '../fetch-once.ts'
import { valuesAt } from '../json-assertions.ts'
import type { CheckContext } from '../kind.ts'
import { MOST_BYTES, MOST_SERIES, numberOf, type ReadSource, rowSeries, tooLarge } from './reading.ts'
import type { MetricSpec } from './spec.ts'

interface Document {
  text: string
  inspection: Inspection | null
}

/** Fetches one document whole; what is too long, and any other status than 2xx, has failed. */
export async function fetchText(
  spec: MetricSpec,
  asked: { url: string; headers?: Record<string, string>; body?: string; alsoStatus?: readonly number[] },
  context: CheckContext,
): Promise<Document | StepFailure<string>> {
  const fetched = await fetchOnce(
    {
      url: new URL(asked.url),
      method: asked.body === undefined ? 'GET' : 'POST',
      headers: { ...asked.headers, ...spec.headers },
      body: asked.body,
      maxBody: MOST_BYTES,
      family: spec.family,
      connectTo: spec.connectTo,
      expect: spec.expect,
    },
    context,
  )
  if (hasFailed(fetched)) return fetched
  const { answer, inspection } = fetched
  if (inspection?.verdict === 'down') return refusedBy(inspection)
  const wanted = (answer.status >= 200 && answer.status < 300) || asked.alsoStatus?.includes(answer.status)
  if (!wanted) return failure('http.status-unexpected', `the status is ${answer.status}, expected is 2xx`)
  if (answer.truncated) return tooLarge('the answer')
  return { text: answer.body.toString('utf8'), inspection }
}

/** Scrapes an exposition endpoint, as Prometheus does. */
export const readScrape: ReadSource = async (spec, { now }, context) => {
  const document = await fetchText(
    spec,
    { url: spec.url!, headers: { Accept: 'text/plain;version=0.0.4;escaping=allow-utf-8' } },
    context,
  )
  if (hasFailed(document)) return document
  const { samples, problem } = parseExposition(document.text, selectorOf(spec.metric!)!)
  if (problem)
    return failure('metric.unreadable', `line ${problem.line} is not of the text format: ${problem.message}`)
  const series = samples.map(({ labels, value, at }) => ({ labels, points: [{ at: at ?? now, value }] }))
  return { ...limited(series), hasPast: false, inspection: document.inspection }
}

/** Reads numbers out of a JSON document. */
export const readJson: ReadSource = async (spec, { now }, context) => {
  const document = await fetchText(spec, { url: spec.url!, headers: { Accept: 'application/json' } }, context)
  if (hasFailed(document)) return document
  let found: unknown[]
  try {
    found = valuesAt(spec.path!, JSON.parse(document.text))
  } catch (error) {
    return failure('metric.unreadable', `the answer is not JSON: ${reasonOf(error).slice(0, 100)}`)
  }
  const series: Series[] = []
  for (const [index, value] of found.entries()) {
    const number = numberOf(value)
    const labels: Labels = found.length > 1 ? { index: String(index) } : {}
    if (number !== null) series.push({ labels, points: [{ at: now, value: number }] })
    else if (typeof value === 'object' && value !== null) {
      const one = rowSeries(value as Record<string, unknown>, spec.value, now)
      if (one) series.push(one)
    }
  }
  if (found.length > 0 && series.length === 0)
    return failure('metric.unreadable', `what is at ${spec.path} is not a number`)
  return { ...limited(series), hasPast: false, inspection: document.inspection }
}

function limited(series: Series[]): { series: Series[]; note?: string } {
  // Twice the same series is one: the first counts.
  const apart = [
    ...new Map(series.toReversed().map((one) => [seriesText(one.labels), one])).values(),
  ].reverse()
  if (apart.length <= MOST_SERIES) return { series: apart }
  return {
    series: apart.slice(0, MOST_SERIES),
    note: `${apart.length} series, ${MOST_SERIES} of them judged`,
  }
}
