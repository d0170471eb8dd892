import { formatDuration } from '../../../kit/duration.ts'
import { endpointText } from '../../net/connect.ts'
import { hasFailed, NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { toldOfCertificate } from '../../trust/inspect-certificate.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { targetByAddress } from '../by-address.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { querySql } from '../query-sql.ts'
import { SQL_REASONS } from '../sql-line.ts'
import { firstValue, JUDGED_REASONS, judgeSql } from './judge-sql.rules.ts'
import { type SqlSpec, sqlSchema } from './spec.ts'

export type { SqlSpec } from './spec.ts'

/** Databases that must let users in and answer. */
export const sql: MonitorKind<SqlSpec> = {
  kind: 'sql',
  title: 'SQL database',
  description:
    'Logs in to PostgreSQL, MySQL or MariaDB and runs at most one statement that can only read: is there a ' +
    'connection left, is it the primary, is the value right? It writes nothing, and so does not see a full disk.',
  schema: sqlSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    ...SQL_REASONS,
    ...JUDGED_REASONS,
    'sql.slow',
  ],
  cost: 'network',
  target: (spec) =>
    `${spec.engine}://${endpointText(spec.target.host, spec.target.port)}/${spec.database ?? ''}`,
  check,
  typedAs: ['postgres://USER:PASSWORD@HOST/DATABASE[?query=SELECT 1]', 'mysql://USER:PASSWORD@HOST/DATABASE'],
  schemes: {
    postgres: settingsOf('postgres', 5432),
    postgresql: settingsOf('postgres', 5432),
    mysql: settingsOf('mysql', 3306),
    mariadb: settingsOf('mysql', 3306),
  },
  speaksTls: (target) => /[?&]tls=require\b/.test(target),
  byAddress: targetByAddress({ named: true }),
  cannotSee: [
    {
      failureClass: 'storage.full',
      why: 'It writes nothing: a full disk is seen by a metric of its free space, with its forecast.',
      seenBy: ['metric'],
    },
    {
      failureClass: 'resource.growth',
      why: 'It judges one value at one time: what grows toward a limit is seen by a metric with a forecast.',
      seenBy: ['metric'],
    },
  ],
}

/** `postgres://user:password@host:5432/database?tls=require&query=…` as settings. */
function settingsOf(engine: SqlSpec['engine'], defaultPort: number) {
  return (target: string): Record<string, unknown> => {
    if (!URL.canParse(target)) return { engine, target }
    const url = new URL(target)
    const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decoded)
    const [tls, query] = ['tls', 'query'].map((name) => url.searchParams.get(name) ?? '')
    const optional = { password, database, tls, query }
    return {
      engine,
      target: `${url.hostname}:${url.port || defaultPort}`,
      user: user || (engine === 'postgres' ? 'postgres' : 'root'),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function check(spec: SqlSpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const observed = (verdict: Observation['verdict'], reason: string, summary: string): Observation => ({
    verdict,
    reason,
    summary,
    tookMs: clock.now() - started,
    values: {},
  })
  const answer = await querySql(spec, context)
  if (hasFailed(answer)) {
    const verdict = answer.failed === 'tls.ca-unreadable' ? 'unknown' : 'down'
    return { ...observed(verdict, answer.failed, answer.summary), ...toldOfCertificate(answer) }
  }
  const { inspection, rows, role, version, connectMs, queryMs, address } = answer
  const tookMs = clock.now() - started
  const more = {
    values: {
      ...inspection?.values,
      role,
      version,
      connectMs,
      queryMs,
      address,
      ...(spec.query !== undefined && { rows: rows.length, value: figureOf(firstValue(rows)) }),
    },
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
  }
  const problem = judgeSql(answer, spec.expect)
  if (problem) return { ...observed('down', problem.reason, problem.summary), ...more }
  const limit = spec.expect.maxLatency
  if (limit !== undefined && tookMs > limit) {
    const summary = `answered in ${formatDuration(tookMs)}, allowed is ${formatDuration(limit)}`
    return { ...observed('degraded', 'sql.slow', summary), ...more }
  }
  if (inspection?.verdict === 'degraded')
    return { ...observed('degraded', inspection.reason, inspection.summary), ...more }
  const found = spec.query === undefined ? '' : `, ${rows.length === 1 ? '1 row' : `${rows.length} rows`}`
  return { ...observed('up', 'ok', `${version}, ${role}${found} in ${formatDuration(tookMs)}`), ...more }
}

function figureOf(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : String(value)
  // A number that the driver gave as text, to keep all of its digits.
  return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text.slice(0, 100)
}
