import type { Millis } from '../../kit/clock.ts'
import { reasonOf } from '../../kit/errors.ts'
import { openConnection } from '../net/connect.ts'
import { failure, hasFailed, type StepFailure } from '../net/failure.ts'
import { shakeHands } from '../trust/handshake.ts'
import { type Inspection, inspectCertificate, refusedBy } from '../trust/inspect-certificate.ts'
import type { CheckContext } from './kind.ts'
import { askMysql } from './query-mysql.ts'
import { askPostgres } from './query-postgres.ts'
import {
  Refused,
  type SqlAnswer,
  type SqlFailure,
  type SqlLine,
  type SqlReason,
  type SqlSettings,
} from './sql-line.ts'

export { SQL_REASONS, type SqlAnswer, type SqlSettings } from './sql-line.ts'

const LARGEST_ANSWER = 8 * 1_048_576

/** Connects, asks one question and leaves; every failure of the database is a value. */
export async function querySql(
  settings: SqlSettings,
  context: CheckContext,
): Promise<SqlAnswer | StepFailure<string>> {
  const { clock, signal } = context
  const { target, family, engine, expect } = settings
  const started = clock.now()
  const connection = await openConnection(target.host, target.port, family, signal)
  if (hasFailed(connection)) return connection
  const { socket, address } = connection
  let inspection: Inspection | null = null
  let ready: Millis | null = null
  let received = 0
  let tooLarge = false
  const count = (bytes: Buffer) => {
    received += bytes.length
    if (received <= LARGEST_ANSWER) return
    tooLarge = true
    socket.destroy()
  }
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const line: SqlLine = {
      socket,
      settings,
      onReady: () => {
        ready = clock.now()
      },
      async secure(raw) {
        const name = expect.name ?? target.host
        const handshake = await shakeHands(raw, { servername: name }, signal)
        if (hasFailed(handshake)) throw new Refused(handshake)
        const inspected = await inspectCertificate(handshake, { ...expect, name }, context)
        if (hasFailed(inspected)) throw new Refused(inspected)
        inspection = inspected
        if (inspection.verdict === 'down') throw new Refused(refusedBy(inspection))
        handshake.socket.on('data', count)
        return handshake.socket
      },
    }
    if (settings.tls === 'off') socket.on('data', count)
    if (signal.aborted) throw new Error('late')
    const answer = await (engine === 'postgres' ? askPostgres(line) : askMysql(line))
    const queryMs = clock.now() - (ready ?? started)
    return { ...answer, connectMs: (ready ?? started) - started, queryMs, address, inspection }
  } catch (error) {
    if (error instanceof Refused) return error.failure
    if (tooLarge) return failure('sql.answer-too-large', `the answer has more than ${LARGEST_ANSWER} bytes`)
    if (signal.aborted)
      return ready === null
        ? failure('sql.no-answer', 'connected, but the database did not let us in in time')
        : failure('sql.query-timeout', 'the query was not answered in time')
    return engineFailure(engine, error, ready !== null)
  } finally {
    signal.removeEventListener('abort', onAbort)
    socket.destroy()
  }
}

type DriverError = Error & { code?: string; errno?: number; severity?: string }

function engineFailure(engine: SqlSettings['engine'], error: unknown, asked: boolean): SqlFailure {
  const { code = '', errno } = error as DriverError
  const why = reasonOf(error).replace(/\s+/g, ' ').slice(0, 160)
  const known = engine === 'postgres' ? POSTGRES[code] : MYSQL[errno ?? 0]
  if (known) return failure(known, `${WORDS[known]}: ${why}`)
  const said = engine === 'postgres' ? /^[0-9A-Z]{5}$/.test(code) : errno !== undefined && errno >= 1_000
  if (said) return failure(asked ? 'sql.query-failed' : 'sql.not-ready', `the database says: ${why}`)
  if (LOST.test(`${code} ${why}`))
    return failure('sql.connection-lost', 'the connection broke before the answer')
  return failure('sql.protocol-unknown', `what answers is no ${NAMES[engine]}: ${why}`)
}

const NAMES = { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB' }
const LOST =
  /ECONNRESET|EPIPE|PROTOCOL_CONNECTION_LOST|terminated unexpectedly|Connection terminated|closed state|ERR_STREAM/

const POSTGRES: Record<string, SqlReason> = {
  '28P01': 'sql.auth-refused',
  '28000': 'sql.auth-refused',
  '42501': 'sql.auth-refused',
  '3D000': 'sql.database-missing',
  '53300': 'sql.too-many-connections',
  '57P03': 'sql.not-ready',
  '57014': 'sql.query-timeout',
}
const MYSQL: Record<number, SqlReason> = {
  1044: 'sql.auth-refused',
  1045: 'sql.auth-refused',
  1129: 'sql.auth-refused',
  1130: 'sql.auth-refused',
  1698: 'sql.auth-refused',
  1049: 'sql.database-missing',
  1040: 'sql.too-many-connections',
  1203: 'sql.too-many-connections',
  1226: 'sql.too-many-connections',
  1969: 'sql.query-timeout',
  3024: 'sql.query-timeout',
}
const WORDS: Partial<Record<SqlReason, string>> = {
  'sql.auth-refused': 'the database refuses this user',
  'sql.database-missing': 'there is no such database',
  'sql.too-many-connections': 'the database has no connection left',
  'sql.not-ready': 'the database is not ready',
  'sql.query-timeout': 'the query took too long',
}
