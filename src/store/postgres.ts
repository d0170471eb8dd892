import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'

// Times are milliseconds in bigint columns and stay far below 2^53.
const INT8 = 20
const NUMERIC = 1700
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if ((oid === INT8 || oid === NUMERIC) && format !== 'binary') return Number
    return pg.types.getTypeParser(oid, format)
  },
}

/** A pool over a PostgreSQL URL; several hosts in the URL give failover, as libpq has it. */
export function openPostgres(url: string, size = 10): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    types: types as never,
    connectionTimeoutMillis: 5_000,
    application_name: 'tocsin',
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

export function postgresDialect(pool: pg.Pool): Dialect {
  return new PostgresDialect({ pool })
}
