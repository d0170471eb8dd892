import { failure, hasFailed } from '../../net/failure.ts'
import { refusedBy } from '../../trust/inspect-certificate.ts'
import { querySql } from '../query-sql.ts'
import { MOST_SERIES, type ReadSource, rowSeries } from './reading.ts'

/** Runs one SELECT that can only read, and takes the last column of each row, or the one named, for its value. */
export const readSql: ReadSource = async (spec, { now }, context) => {
  const url = new URL(spec.database!)
  const postgres = url.protocol.startsWith('postgres')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const answer = await querySql(
    {
      engine: postgres ? 'postgres' : 'mysql',
      target: spec.connectTo ?? { host, port: Number(url.port) || (postgres ? 5432 : 3306) },
      user: decodeURIComponent(url.username) || 'tocsin',
      password: spec.password,
      database: decodeURIComponent(url.pathname.slice(1)) || undefined,
      tls: spec.tls ? 'require' : 'off',
      expect: { ...spec.expect, name: spec.expect.name ?? host },
      family: spec.family,
      query: spec.query,
      statementTimeout: spec.timeout,
    },
    context,
  )
  if (hasFailed(answer)) return answer
  const { columns, rows, inspection } = answer
  if (inspection?.verdict === 'down') return refusedBy(inspection)
  if (rows.length > MOST_SERIES)
    return failure('metric.too-large', `the query gives more than ${MOST_SERIES} rows`)
  const series = rows
    .map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))
    .map((row) => rowSeries(row, spec.value, now))
    .filter((one) => one !== null)
  if (rows.length > 0 && series.length === 0)
    return failure('metric.unreadable', 'the last column of the query is not a number')
  return { series, hasPast: false, inspection }
}
