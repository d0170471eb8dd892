import { formatDuration, SECOND } from '../../../kit/duration.ts'
import type { Observation } from '../../observation.ts'
import { type DnsAnswer, normal, sameRecord } from './message.rules.ts'
import type { DnsSpec } from './spec.ts'

export const ANSWER_REASONS = [
  'dns.rcode-unexpected',
  'dns.too-few',
  'dns.answer-wrong',
  'dns.not-authoritative',
  'dns.not-validated',
  'dns.servers-disagree',
  'dns.ttl-unexpected',
  'dns.slow',
] as const

export interface DnsJudgement {
  verdict: Observation['verdict']
  reason: (typeof ANSWER_REASONS)[number] | 'ok'
  summary: string
}

type Expect = DnsSpec['expect']

/** Judges one server's answer; `where` is what to call the server. */
export function judgeAnswer(
  answer: DnsAnswer,
  spec: Pick<DnsSpec, 'query' | 'record' | 'expect'>,
  tookMs: number,
  where: string,
): DnsJudgement {
  const { expect, record, query } = spec
  const bad = (reason: DnsJudgement['reason'], summary: string): DnsJudgement => ({
    verdict: 'down',
    reason,
    summary,
  })
  const found = answer.records.map(({ text }) => text)
  const asked = `${record} of ${query}`
  if (answer.rcode !== expect.rcode)
    return bad('dns.rcode-unexpected', `${where} answered ${answer.rcode} for ${asked}, not ${expect.rcode}`)
  if (expect.authoritative && !answer.authoritative)
    return bad('dns.not-authoritative', `${where} answered ${asked}, but not from its own data`)
  if (expect.validated && !answer.validated)
    return bad('dns.not-validated', `${where} answered ${asked} without having validated it`)
  const wrong = wrongRecords(found, expect)
  if (wrong) return bad('dns.answer-wrong', `${where} answered ${asked} with ${listed(found)}: ${wrong}`)
  // A name that must not exist, or an error that is wanted, brings no records.
  if (expect.rcode === 'NOERROR' && found.length < expect.atLeast)
    return bad(
      'dns.too-few',
      `${where} has ${counted(found.length)} for ${asked}, at least ${expect.atLeast} expected`,
    )
  const ttl = wrongTtl(answer, expect)
  if (ttl) return { verdict: 'degraded', reason: 'dns.ttl-unexpected', summary: `${where}: ${ttl}` }
  if (expect.maxLatency !== undefined && tookMs > expect.maxLatency)
    return {
      verdict: 'degraded',
      reason: 'dns.slow',
      summary: `${where} answered after ${tookMs} ms, ${formatDuration(expect.maxLatency)} are allowed`,
    }
  return {
    verdict: 'up',
    reason: 'ok',
    summary: `${where} answered ${found.length > 0 ? listed(found) : answer.rcode}`,
  }
}

function wrongRecords(found: string[], { is, contains }: Expect): string | null {
  const missing = [...(is ?? []), ...(contains ?? [])].filter(
    (wanted) => !found.some((one) => sameRecord(one, wanted)),
  )
  if (missing.length > 0) return `${listed(missing)} is missing`
  const extra = is ? found.filter((one) => !is.some((wanted) => sameRecord(one, wanted))) : []
  return extra.length > 0 ? `${listed(extra)} is not expected` : null
}

function wrongTtl({ records }: DnsAnswer, { minTtl, maxTtl }: Expect): string | null {
  const low = minTtl !== undefined && records.find(({ ttl }) => ttl * SECOND < minTtl)
  if (low) return `${low.text} has a TTL of ${low.ttl} s, at least ${formatDuration(minTtl)} is expected`
  const high = maxTtl !== undefined && records.find(({ ttl }) => ttl * SECOND > maxTtl)
  if (high) return `${high.text} has a TTL of ${high.ttl} s, at most ${formatDuration(maxTtl)} is expected`
  return null
}

/** How servers differ that should say the same; null where they agree. */
export function disagreement(answers: { where: string; answer: DnsAnswer }[]): string | null {
  const says = ({ records, serial }: DnsAnswer) =>
    serial !== null ? `serial ${serial}` : listed(records.map(({ text }) => normal(text)).sort())
  const groups = new Map<string, string[]>()
  for (const { where, answer } of answers)
    groups.set(says(answer), [...(groups.get(says(answer)) ?? []), where])
  if (groups.size < 2) return null
  return [...groups]
    .map(([said, servers]) => `${servers.join(', ')} ${servers.length > 1 ? 'have' : 'has'} ${said}`)
    .join('; ')
}

const MOST_LISTED = 5

function listed(texts: string[]): string {
  if (texts.length === 0) return 'no records'
  const shown = texts.slice(0, MOST_LISTED).map((text) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100))
  return `${shown.join(', ')}${texts.length > MOST_LISTED ? ` and ${texts.length - MOST_LISTED} more` : ''}`
}

const counted = (count: number) => (count === 0 ? 'no records' : `${count} record${count === 1 ? '' : 's'}`)
