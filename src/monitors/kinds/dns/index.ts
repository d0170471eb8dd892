import { getServers } from 'node:dns'
import { endpointText } from '../../net/connect.ts'
import { refusedAddress } from '../../net/egress.ts'
import { failure, hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import { resolveHost } from '../../net/resolve.ts'
import type { Observation } from '../../observation.ts'
import { type HostPort, parseHostPort } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { ANSWER_REASONS, type DnsJudgement, disagreement, judgeAnswer } from './judge-answer.rules.ts'
import type { DnsAnswer } from './message.rules.ts'
import { type DnsSpec, dnsSchema } from './spec.ts'

export type { DnsSpec } from './spec.ts'

/** Questions to name servers. */
export const dns: MonitorKind<DnsSpec> = {
  kind: 'dns',
  title: 'DNS',
  description:
    'Asks one or several name servers a question over UDP or TCP and judges code, records, TTL, and whether all of ' +
    'them say the same. It believes the AD flag of a resolver and validates no signatures itself.',
  schema: dnsSchema,
  reasons: ['ok', ...NETWORK_REASONS, 'dns.no-server', 'dns.no-answer', 'dns.malformed', ...ANSWER_REASONS],
  cost: 'network',
  target: ({ query, record, servers }) => {
    const at = (servers ?? []).map(({ host, port }) => (port === 53 ? host : endpointText(host, port)))
    return `${record} ${query}${at.length > 0 ? ` at ${at.join(', ')}` : ''}`
  },
  check,
  typedAs: ['dns://[SERVER[:53]]/NAME[?type=MX]'],
  schemes: { dns: fromTarget },
  byAddress: {
    endpoint: ({ servers }) => servers?.[0] ?? { host: 'localhost', port: 53 },
    pointAt: (spec, address) => ({ ...spec, servers: [address] }),
  },
  cannotSee: [
    {
      failureClass: 'dns.elsewhere',
      why: 'It asks from where it stands: what resolvers elsewhere keep in their caches is seen by probes in those places.',
      seenBy: ['place', 'dns'],
    },
    {
      failureClass: 'dns.signatures-expiring',
      why: 'It validates no signatures: those that end soon are noticed when a validating resolver no longer sets AD.',
      seenBy: ['dns'],
    },
    {
      failureClass: 'service.down',
      why: 'It looks at names: whether anything answers at the addresses is seen by tcp, http and the like.',
      seenBy: ['tcp', 'http', 'icmp'],
    },
  ],
}

/** `dns://SERVER[:53]/NAME?type=A`; without a server, those of the machine. */
function fromTarget(target: string): Record<string, unknown> {
  const parts = /^dns:(?:\/\/([^/?]*))?\/?([^?]*)(?:\?(.*))?$/i.exec(target)
  const query = new URLSearchParams(parts?.[3] ?? '')
  const type = query.get('type')
  return {
    query: decodeName(parts?.[2] ?? ''),
    ...(parts?.[1] && { servers: [parts[1]] }),
    ...(type && { record: type.toUpperCase() }),
  }
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

interface Asked extends DnsJudgementOrFailure {
  where: string
  tookMs: number
  answer: DnsAnswer | null
}

interface DnsJudgementOrFailure extends Omit<DnsJudgement, 'reason'> {
  reason: string
}

async function check(spec: DnsSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const servers = spec.servers ?? machineServers()
  const observed = (
    { verdict, reason, summary }: DnsJudgementOrFailure,
    values: Observation['values'] = {},
    details?: unknown,
  ): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values,
    ...(details !== undefined && { details }),
  })
  if (servers.length === 0)
    return observed({
      verdict: 'unknown',
      reason: 'dns.no-server',
      summary: 'this machine names no name server; give the monitor its `servers`',
    })
  const asked = await askAll(servers, spec, context)
  const answers = asked.flatMap(({ where, answer }) => (answer ? [{ where, answer }] : []))
  const slowest = Math.max(...asked.map(({ tookMs }) => tookMs))
  const [first] = answers
  const values = {
    servers: asked.length,
    answered: answers.length,
    slowestMs: slowest,
    ...(first && {
      rcode: first.answer.rcode,
      records: first.answer.records.length,
      ttl: first.answer.records.length > 0 ? Math.min(...first.answer.records.map(({ ttl }) => ttl)) : null,
      ...(first.answer.serial !== null && { serial: first.answer.serial }),
    }),
  }
  const details = {
    servers: asked.map(({ where, verdict, reason, tookMs, answer }) => ({
      server: where,
      verdict,
      reason,
      tookMs,
      records: (answer?.records ?? []).slice(0, 20).map(({ text }) => text.slice(0, 200)),
      serial: answer?.serial ?? null,
    })),
  }
  return observed(together(asked, answers, spec), values, details)
}

/** The worst counts; where others still answer well, one bad server makes it degraded and not down. */
function together(
  asked: Asked[],
  answers: { where: string; answer: DnsAnswer }[],
  spec: DnsSpec,
): DnsJudgementOrFailure {
  const bad = asked.filter(({ verdict }) => verdict === 'down')
  if (bad.length > 0) {
    const [{ reason, summary }] = bad as [Asked]
    if (bad.length === asked.length) return { verdict: 'down', reason, summary }
    return { verdict: 'degraded', reason, summary: `${bad.length} of ${asked.length} servers: ${summary}` }
  }
  const differs = spec.expect.agree ? disagreement(answers) : null
  if (differs) return { verdict: 'degraded', reason: 'dns.servers-disagree', summary: differs }
  const worse = asked.find(({ verdict }) => verdict === 'degraded')
  return (
    worse ??
    (asked.length === 1
      ? asked[0]!
      : { verdict: 'up', reason: 'ok', summary: `${asked.length} servers answer well; ${asked[0]!.summary}` })
  )
}

function askAll(servers: HostPort[], spec: DnsSpec, context: CheckContext): Promise<Asked[]> {
  const { clock, signal } = context
  const { query: name, record: type, recurse, transport } = spec
  const ask = { name, type, recurse, transport }
  return Promise.all(
    servers.map(async ({ host, port }): Promise<Asked> => {
      const started = clock.now()
      const where = port === 53 ? host : endpointText(host, port)
      const failed = ({ failed: reason, summary }: { failed: string; summary: string }): Asked => ({
        where,
        tookMs: clock.now() - started,
        answer: null,
        verdict: 'down',
        reason,
        summary,
      })
      const addresses = await resolveHost(host, spec.family, signal)
      if (!Array.isArray(addresses)) return failed(addresses)
      const address = addresses[0]!
      // The machine's own name servers are what everything on it asks; others may be anything that somebody typed.
      const refused = spec.servers && refusedAddress(address)
      if (refused) return failed(failure('egress.refused', `checks may not connect there: ${refused}`))
      // The library is small, and most who run Tocsin ask no name server.
      const { askServer } = await import('./ask-server.ts')
      const answer = await askServer({ address, port }, ask, clock, signal)
      const tookMs = clock.now() - started
      if (hasFailed(answer)) return failed(answer)
      return { where, tookMs, answer, ...judgeAnswer(answer, spec, tookMs, where) }
    }),
  )
}

function machineServers(): HostPort[] {
  return getServers().flatMap(
    (text) => parseHostPort(text.includes(']') || !text.includes('::') ? text : `[${text}]`, 53) ?? [],
  )
}
