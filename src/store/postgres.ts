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

// Text in PostgreSQL cannot hold NUL, and one such text from a target or a stranger would fail everything that
// shares its transaction. What cannot be kept is kept as the character for that.
const NUL = /\u0000/g
const storable = (value: unknown) =>
  typeof value === 'string' && value.includes('\u0000') ? value.replace(NUL, '\ufffd') : value

class TextClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg overloads this in six ways; all of them pass through
  override query(...[query, values, ...rest]: any[]): any {
    const kept = Array.isArray(values) ? values.map(storable) : values
    return (super.query as (...all: unknown[]) => unknown)(query, kept, ...rest)
  }
}

/** A pool over a PostgreSQL URL; several hosts in the URL give failover, as libpq has it. */
export function openPostgres(url: string, size = 10): pg.Pool {
  const pool = new pg.Pool({
    Client: TextClient,
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
