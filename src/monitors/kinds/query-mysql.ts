import type { Socket } from 'node:net'
import type { Connection, ConnectionOptions } from 'mysql2'
import { failure } from '../net/failure.ts'
import { type EngineAnswer, Refused, type SqlLine } from './sql-line.ts'

/** What of the driver is not in its types. */
interface Inside {
  stream: Socket
  packetParser: { execute(data: Buffer): void }
  startTLS(onSecure: (error?: Error) => void): void
  _handshakePacket?: { serverVersion?: string }
}

// A transaction that only reads does not hold here: each statement that changes a table or a user ends it first.
const READS = /^\s*(select|show|with|values|table|explain|describe)\b/i
const WRITES_A_FILE = /\binto\s+(outfile|dumpfile)\b/i

/** Asks a MySQL or MariaDB server over an open socket. */
export async function askMysql({ socket, settings, secure, onReady }: SqlLine): Promise<EngineAnswer> {
  const { createConnection } = (await import('mysql2')).default
  const options: ConnectionOptions = {
    stream: () => socket,
    user: settings.user,
    password: settings.password ?? '',
    ...(settings.database !== undefined && { database: settings.database }),
    ...(settings.tls === 'require' && { ssl: { rejectUnauthorized: false } }),
    // The deadline is kept from outside; and no server may ask for files of this machine.
    connectTimeout: 0,
    flags: ['-LOCAL_FILES'],
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  }
  const connection = createConnection(options)
  const inside = connection as unknown as Inside
  // The handshake is ours: the certificate is judged before any credential is sent.
  inside.startTLS = (onSecure) => {
    socket.removeAllListeners('data')
    secure(socket).then((stream) => {
      stream.on('data', (data: Buffer) => inside.packetParser.execute(data))
      stream.on('close', () => socket.destroy())
      inside.stream = stream
      onSecure()
    }, onSecure)
  }
  try {
    await opened(connection)
    const version = inside._handshakePacket?.serverVersion ?? ''
    const maria = /mariadb/i.test(version)
    onReady()
    const limit = maria
      ? `SET SESSION max_statement_time = ${settings.statementTimeout / 1_000}`
      : `SET SESSION max_execution_time = ${settings.statementTimeout}`
    await ask(connection, limit)
    const readOnly = await ask(connection, 'SELECT @@global.read_only')
    let answer: Pick<EngineAnswer, 'columns' | 'rows'> = { columns: [], rows: [] }
    if (settings.query !== undefined) {
      if (!READS.test(settings.query) || WRITES_A_FILE.test(settings.query))
        throw new Refused(failure('sql.query-failed', 'only what reads is asked: SELECT, SHOW and the like'))
      await ask(connection, 'START TRANSACTION READ ONLY')
      answer = await ask(connection, settings.query)
    }
    // A connection that is dropped without a word is counted, and logged, as aborted.
    await new Promise<void>((resolve) => connection.end(() => resolve()))
    const [number] = version.replace(/^5\.5\.5-/, '').split('-')
    return {
      ...answer,
      role: Number(readOnly.rows[0]?.[0]) > 0 ? 'replica' : 'primary',
      version: `${maria ? 'MariaDB' : 'MySQL'} ${number}`,
    }
  } finally {
    connection.destroy()
  }
}

function opened(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', (error: Error & { code?: string }) =>
      reject(
        error.code === 'HANDSHAKE_NO_SSL_SUPPORT'
          ? new Refused(failure('sql.tls-refused', 'the database does not speak TLS'))
          : error,
      ),
    )
    connection.on('connect', () => resolve())
  })
}

function ask(connection: Connection, sql: string): Promise<Pick<EngineAnswer, 'columns' | 'rows'>> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, rowsAsArray: true }, (error, rows, fields) => {
      if (error) return reject(error)
      const columns = Array.isArray(fields) ? fields.map((field) => field.name) : []
      resolve({ columns, rows: Array.isArray(rows) ? (rows as unknown[][]) : [] })
    })
  })
}
