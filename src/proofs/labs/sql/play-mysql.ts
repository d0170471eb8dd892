import type { Socket } from 'node:net'
import type { PlayedDatabase } from './lab.ts'

/** The server's half of the driver, which is not in its types. */
interface ServerSide {
  /** Of the next packet: each command begins anew, which the server's half does not do by itself. */
  sequenceId: number
  on(event: 'query' | 'stmt_prepare', listener: (sql: string) => void): void
  on(event: 'error', listener: () => void): void
  serverHandshake(greeting: object): void
  writeColumns(columns: object[]): void
  writeTextRow(cells: (string | null)[]): void
  writeEof(): void
  writeOk(): void
  writeError(error: { code: number; message: string }): void
}

// Protocol 4.1, secure connections, transactions; no TLS.
const CAPABILITIES = 0x0000_a20d
const TEXT = {
  catalog: 'def',
  schema: '',
  table: '',
  orgTable: '',
  characterSet: 33,
  columnType: 253,
  flags: 0,
}

/** Speaks as much of MySQL's protocol as a check hears: log-in, and one answer. */
export async function playMysql(
  socket: Socket,
  played: PlayedDatabase,
  twist: string | undefined,
): Promise<void> {
  const { createConnection } = (await import('mysql2')).default
  const options = { stream: socket, isServer: true } as unknown as Parameters<typeof createConnection>[0]
  const server = createConnection(options) as unknown as ServerSide
  server.on('error', () => {})
  if (twist === 'too-many-connections') {
    server.writeError({ code: 1_040, message: 'Too many connections' })
    socket.end()
    return
  }
  const answer = (sql: string) => {
    const asksForRole = sql.includes('read_only')
    if (!asksForRole && /^(set|start)\b/i.test(sql)) return server.writeOk()
    const role = played.role === 'replica' ? '1' : '0'
    server.writeColumns([{ ...TEXT, name: 'value', orgName: 'value', columnLength: 300, decimals: 0 }])
    for (let left = asksForRole ? 1 : played.rows; left > 0; left--)
      server.writeTextRow([asksForRole ? role : played.value])
    server.writeEof()
  }
  // A statement that sets something is told of as one that prepares.
  for (const event of ['query', 'stmt_prepare'] as const)
    server.on(event, (sql) => {
      answer(sql)
      server.sequenceId = 0
    })
  server.serverHandshake({
    protocolVersion: 10,
    serverVersion: '8.0.0-drill',
    connectionId: 1,
    statusFlags: 2,
    characterSet: 33,
    capabilityFlags: CAPABILITIES,
    authCallback: (
      _login: unknown,
      done: (error: null, refusal?: { code: number; message: string }) => void,
    ) => {
      done(null, twist === 'auth-refused' ? { code: 1_045, message: 'Access denied' } : undefined)
      server.sequenceId = 0
    },
  })
}
