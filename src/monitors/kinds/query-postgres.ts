import { once } from 'node:events'
import type { Socket } from 'node:net'
import { failure } from '../net/failure.ts'
import { type EngineAnswer, Refused, type SqlLine } from './sql-line.ts'

// Length and code of the request for TLS, as PostgreSQL's protocol has it.
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Asks a PostgreSQL server over an open socket. */
export async function askPostgres({ socket, settings, secure, onReady }: SqlLine): Promise<EngineAnswer> {
  const { default: pg } = await import('pg')
  const stream = settings.tls === 'require' ? await secure(await offeredTls(socket)) : socket
  const client = new pg.Client({
    host: settings.target.host,
    port: settings.target.port,
    user: settings.user,
    // A function, since an empty text would make the driver look into its environment.
    password: () => settings.password ?? '',
    database: settings.database ?? settings.user,
    ssl: false,
    stream: () => alreadyOpen(stream),
    application_name: 'tocsin',
  })
  // It tells of broken connections by event, too.
  client.on('error', () => {})
  await client.connect()
  onReady()
  const role = await client.query("SELECT pg_is_in_recovery(), current_setting('server_version')")
  const [facts] = role.rows as [{ pg_is_in_recovery: boolean; current_setting: string }]
  let [columns, rows]: [string[], unknown[][]] = [[], []]
  if (settings.query !== undefined) {
    await client.query('BEGIN READ ONLY')
    // Not as a parameter of the log-in, which connection poolers refuse.
    await client.query(`SET LOCAL statement_timeout = ${settings.statementTimeout}`)
    // The extended protocol takes one statement: none can end the transaction and begin another.
    const config = { text: settings.query, rowMode: 'array', queryMode: 'extended' } as const
    const answer = await client.query<unknown[]>(config)
    columns = answer.fields.map((field) => field.name)
    rows = answer.rows
    await client.query('ROLLBACK')
  }
  await client.end()
  return {
    columns,
    rows,
    role: facts.pg_is_in_recovery ? 'replica' : 'primary',
    version: `PostgreSQL ${facts.current_setting.split(' ')[0]}`,
  }
}

async function offeredTls(socket: Socket): Promise<Socket> {
  socket.write(TLS_REQUEST)
  const heard = await Promise.race([once(socket, 'data'), once(socket, 'close')])
  const [answer] = heard as [Buffer | boolean]
  socket.pause()
  if (!(answer instanceof Buffer)) throw Object.assign(new Error('closed'), { code: 'ECONNRESET' })
  // More than this one byte would be what somebody in between put before the encrypted part.
  if (answer.length === 1 && answer[0] === 0x53) return socket
  if (answer.length === 1 && answer[0] === 0x4e)
    throw new Refused(failure('sql.tls-refused', 'the database does not speak TLS'))
  throw new Error('it does not know the request for TLS')
}

/** The driver connects by itself; this socket is connected, and shaken where it speaks TLS. */
function alreadyOpen(stream: Socket): Socket {
  return Object.assign(stream, {
    connect: () => {
      process.nextTick(() => stream.emit('connect'))
      return stream
    },
  })
}
