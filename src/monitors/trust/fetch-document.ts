import { isIP, type Socket } from 'node:net'
import { connect, getCACertificates } from 'node:tls'
import { reasonOf } from '../../kit/errors.ts'
import { openConnection } from '../net/connect.ts'
import { exchange } from '../net/exchange.ts'
import { failure, hasFailed, type StepFailure } from '../net/failure.ts'

/** A small document of the web. */
export interface Document {
  status: number
  retryAfter: string | undefined
  body: string
  /** The same, for what is no text. */
  bytes: Uint8Array
}

const MOST_BYTES = 65_536

/** Fetches a small document by the egress policy of checks; it follows nothing, and trusts what this machine trusts. */
export async function fetchDocument(
  address: string,
  { ca, signal }: { ca?: string | undefined; signal: AbortSignal },
): Promise<Document | StepFailure<string>> {
  const url = new URL(address)
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const connection = await openConnection(host, Number(url.port) || (secure ? 443 : 80), 'any', signal)
  if (hasFailed(connection)) return connection
  try {
    const socket = secure ? await secured(connection.socket, host, ca, signal) : connection.socket
    if (hasFailed(socket)) return socket
    const headers = {
      Host: url.host,
      'User-Agent': 'Tocsin',
      Accept: 'application/json, */*',
      'Accept-Encoding': 'identity',
      Connection: 'close',
    }
    const answer = await exchange(
      socket,
      { url, method: 'GET', headers, body: undefined, maxBody: MOST_BYTES },
      signal,
    )
    if (hasFailed(answer)) return answer
    return {
      status: answer.status,
      retryAfter: answer.headers['retry-after'],
      body: answer.body.toString('utf8'),
      bytes: answer.body,
    }
  } finally {
    connection.socket.destroy()
  }
}

function secured(
  raw: Socket,
  host: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Socket | StepFailure<'tls.handshake-failed'>> {
  return new Promise((resolve) => {
    const settle = (outcome: Socket | StepFailure<'tls.handshake-failed'>) => {
      signal.removeEventListener('abort', onAbort)
      resolve(outcome)
    }
    const socket = connect({
      socket: raw,
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ...(ca && { ca: [...getCACertificates('default'), ca] }),
    })
    const fail = (why: string) => {
      socket.destroy()
      settle(failure('tls.handshake-failed', why))
    }
    const onAbort = () => fail('no handshake in time')
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('secureConnect', () => settle(socket))
    socket.on('error', (error) => fail(reasonOf(error)))
    if (signal.aborted) onAbort()
  })
}
