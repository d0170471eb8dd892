import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { BEAT_HEADER, BEAT_LIMIT } from '../../engine/life/beat.ts'
import type { WatcherSettings } from './settings.ts'

/** What a desk answers to a beat: a status, and a body for who asked. */
export interface BeatAnswer {
  status: 200 | 400 | 401 | 409 | 503
  body: object
}

/** Takes beats in over HTTP or HTTPS; what they mean is decided by `take`. */
export function peerDesk(
  tls: WatcherSettings['tls'],
  take: (peer: string, body: string, signature: unknown) => BeatAnswer,
  isWell: () => boolean,
): Server {
  const answer = (response: ServerResponse, status: number, body: object) =>
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        connection: 'close',
      })
      .end(JSON.stringify(body))

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').split('?', 1)[0]!
    if (path === '/healthz' && request.method === 'GET') {
      const well = isWell()
      return void answer(response, well ? 200 : 503, { status: well ? 'ok' : 'failing' })
    }
    const peer = /^\/peers\/([a-z0-9-]{1,80})\/beat$/.exec(path)?.[1]
    if (!peer || request.method !== 'POST') return void answer(response, 404, { reason: 'not-found' })
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > BEAT_LIMIT) {
        answer(response, 413, { reason: 'too-large' })
        request.destroy()
      } else parts.push(part)
    })
    request.on('end', () => {
      if (size > BEAT_LIMIT) return
      const { status, body } = take(peer, Buffer.concat(parts).toString('utf8'), request.headers[BEAT_HEADER])
      answer(response, status, body)
    })
    request.on('error', () => {})
  }

  const options = {
    requestTimeout: 10_000,
    headersTimeout: 5_000,
    maxHeaderSize: 8_192,
    connectionsCheckingInterval: 2_000,
  }
  const server = tls ? createTlsServer({ ...options, ...tls }, handle) : createServer(options, handle)
  server.maxConnections = 200
  server.on('clientError', (_error, socket) => socket.destroy())
  return server as Server
}
