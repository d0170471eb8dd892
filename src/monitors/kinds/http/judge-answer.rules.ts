import { formatDuration } from '../../../kit/duration.ts'
import type { Answer } from '../../net/exchange.ts'
import type { Verdict } from '../../observation.ts'
import type { HttpSpec } from './spec.ts'

export const ANSWER_REASONS = [
  'http.status-unexpected',
  'http.header-unexpected',
  'body.unexpected',
  'json.malformed',
  'json.unexpected',
  'slow',
  'latency.percentile-exceeded',
] as const

export interface AnswerJudgement {
  verdict: Verdict
  reason: (typeof ANSWER_REASONS)[number] | 'ok'
  summary: string
}

/** Whether this status is one of those expected. */
export function statusExpected(status: number, expected: HttpSpec['expect']): boolean {
  return expected.status.some(([from, to]) => status >= from && status <= to)
}

/** Judges an answer that arrived; the latency is that of the whole check. */
export function judgeAnswer(answer: Answer, expected: HttpSpec['expect'], tookMs: number): AnswerJudgement {
  const down = (reason: AnswerJudgement['reason'], summary: string): AnswerJudgement => ({
    verdict: 'down',
    reason,
    summary,
  })
  if (!statusExpected(answer.status, expected)) {
    const wanted = expected.status.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')
    return down('http.status-unexpected', `the status is ${answer.status}, expected is ${wanted}`)
  }
  for (const [name, wanted] of Object.entries(expected.headers)) {
    const value = answer.headers[name.toLowerCase()]
    if (value === undefined) return down('http.header-unexpected', `the answer has no header ${name}`)
    const text = Array.isArray(value) ? value.join(', ') : value
    if (!text.toLowerCase().includes(wanted.toLowerCase()))
      return down('http.header-unexpected', `the header ${name} lacks "${wanted}": ${text.slice(0, 80)}`)
  }
  const where = answer.truncated ? `the first ${answer.body.length} bytes of the body` : 'the body'
  for (const text of expected.contains)
    if (!answer.body.includes(text)) return down('body.unexpected', `${where} lacks "${text}"`)
  for (const text of expected.notContains)
    if (answer.body.includes(text)) return down('body.unexpected', `${where} contains "${text}"`)
  if (expected.maxLatency !== undefined && tookMs > expected.maxLatency) {
    const limit = formatDuration(expected.maxLatency)
    return {
      verdict: 'degraded',
      reason: 'slow',
      summary: `answered in ${formatDuration(tookMs)}, allowed is ${limit}`,
    }
  }
  return { verdict: 'up', reason: 'ok', summary: `${answer.status} in ${formatDuration(tookMs)}` }
}
