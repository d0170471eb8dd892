import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import type { MonitorKind } from '../kind.ts'
import { SQL_REASONS } from '../query-sql.ts'
import { checkMetric, PRESENCE_REASONS } from './check-metric.ts'
import { SERIES_REASONS } from './judge-series.rules.ts'
import { READ_REASONS } from './reading.ts'
import { SHARE_REASONS } from './shares.ts'
import { type MetricSpec, metricSchema } from './spec.ts'

export type { MetricDetails } from './check-metric.ts'
export type { MetricSpec } from './spec.ts'

// What is wanted stands behind a `#`, as it is written: metrics+http://host:9100/metrics#up{job="x"}
function parted(target: string): { url: string; wanted: string | undefined } {
  const [url = '', ...rest] = target.replace(/^[a-z]+\+/i, '').split('#')
  const wanted = rest.join('#')
  return { url, wanted: wanted === '' ? undefined : wanted.includes('%') ? safelyDecoded(wanted) : wanted }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function scraped(target: string) {
  const { url, wanted } = parted(target)
  return { from: 'scrape', url, metric: wanted }
}

function queried(target: string) {
  const { url, wanted } = parted(target)
  return { from: 'prometheus', url, query: wanted }
}

function pointedAt(target: string) {
  const { url, wanted } = parted(target)
  return { from: 'json', url, path: wanted }
}

function selected(target: string) {
  const { url: database, wanted: query } = parted(target)
  if (!URL.canParse(database)) return { from: 'sql', database, query }
  // The password has a place of its own, where it is never shown.
  const url = new URL(database)
  const password = safelyDecoded(url.password)
  const tls = url.searchParams.get('tls') === 'require'
  url.password = ''
  url.search = ''
  return { from: 'sql', database: url.href, query, tls, ...(password && { password }) }
}

/** Numbers over time: how high, how fast, how long still, whose. */
export const metric: MonitorKind<MetricSpec> = {
  kind: 'metric',
  title: 'Metric',
  description:
    'Takes numbers from Prometheus, a scrape, a push, a database or a JSON document and judges them over time: ' +
    'limits, absence, when a limit will be reached in spite of restarts, growth against its own past, one part’s ' +
    'share, and how long until what waits is lost. It judges what is measured, and nobody measures everything.',
  schema: metricSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    'no-answer',
    'connection-lost',
    'answer-malformed',
    'http.status-unexpected',
    'metric.unread',
    ...READ_REASONS,
    ...SQL_REASONS,
    ...PRESENCE_REASONS,
    ...SERIES_REASONS,
    ...SHARE_REASONS,
  ],
  cost: 'network',
  check: checkMetric,
  target(spec) {
    if (spec.from === 'push') return `push ${spec.metric}`
    if (spec.from === 'sql') return `${spec.database} ${spec.query!.replaceAll(/\s+/g, ' ').slice(0, 120)}`
    return `${spec.url} ${spec.query ?? spec.metric ?? spec.path}`
  },
  typedAs: [
    'metrics+https://HOST/metrics#SERIES',
    'prometheus+https://HOST#QUERY',
    'json+https://HOST/PATH#$.JSONPATH',
    'value+postgres://USER:PASSWORD@HOST/DATABASE#SELECT …',
  ],
  schemes: {
    'json+http': pointedAt,
    'json+https': pointedAt,
    'value+postgres': selected,
    'value+postgresql': selected,
    'value+mysql': selected,
    'value+mariadb': selected,
    'metrics+http': (target) => scraped(target),
    'metrics+https': (target) => scraped(target),
    'prometheus+http': (target) => queried(target),
    'prometheus+https': (target) => queried(target),
  },
  speaksTls: (target) => /^((metrics|prometheus|json)\+https:|value\+[^#]*[?&]tls=require\b)/i.test(target),
  cannotSee: [
    {
      failureClass: 'service.reachability',
      why: 'A metric is told by the service or its host: that users cannot reach it is seen by http, tcp or tls.',
      seenBy: ['http', 'tcp', 'tls'],
    },
    {
      failureClass: 'certificate.identity',
      why: 'A number says nothing of the name that is served: use tls or http.',
      seenBy: ['tls', 'http'],
    },
    {
      failureClass: 'metric.between-samples',
      why: 'A peak between two samples was never there: a counter in the service, or its log, keeps it.',
      seenBy: ['log', 'metric'],
    },
  ],
}
