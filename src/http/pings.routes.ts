import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PING_BODY_LIMIT, recordPing } from '../monitors/index.ts'
import type { HttpOptions } from './context.ts'

interface PingRequest {
  Params: { key: string; second?: string; third?: string }
  Querystring: { rid?: unknown }
}

// What a job may log into its ping is cut, not refused: the ping itself matters more.
const MOST_READ = 100_000
const ACTION = /^(?:start|fail|log|\d+)$/

/** Heartbeats in Healthchecks' grammar: `/ping/<key>[/<slug>][/start|fail|log|<exit status>][?rid=<uuid>]`. */
export function servePings(app: FastifyInstance, { world }: HttpOptions): void {
  // A ping takes any body of any type; it is text of which the beginning is kept.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    let kept = Buffer.alloc(0)
    let read = 0
    payload.on('data', (chunk: Buffer) => {
      read += chunk.length
      if (kept.length < PING_BODY_LIMIT)
        kept = Buffer.concat([kept, chunk.subarray(0, PING_BODY_LIMIT - kept.length)])
      // Whoever sends for ever is heard, and no longer listened to.
      if (read > MOST_READ) {
        payload.removeAllListeners('data')
        done(null, kept.toString('utf8'))
      }
    })
    payload.on('end', () => read <= MOST_READ && done(null, kept.toString('utf8')))
    payload.on('error', (error: Error) => done(error))
  })

  const input = (request: FastifyRequest<PingRequest>) => {
    const { key, second, third } = request.params
    const isAction = third === undefined && second !== undefined && ACTION.test(second)
    const { rid } = request.query
    return {
      key,
      slug: isAction ? undefined : second,
      action: isAction ? second : third,
      // Given twice it is none: the parser says so.
      rid: rid === undefined ? undefined : String(rid),
      method: request.method,
      remote: request.ip,
      body: typeof request.body === 'string' ? request.body : undefined,
    }
  }
  for (const url of ['/ping/:key', '/ping/:key/:second', '/ping/:key/:second/:third'])
    app.route<PingRequest>({
      method: ['GET', 'HEAD', 'POST'],
      url,
      bodyLimit: Number.MAX_SAFE_INTEGER,
      async handler(request, reply) {
        const { status, text } = await recordPing(world, input(request))
        reply
          .code(status)
          .header('ping-body-limit', String(PING_BODY_LIMIT))
          .header('access-control-allow-origin', '*')
          .header('cache-control', 'no-store')
          .type('text/plain; charset=utf-8')
        // A body that was not read to its end must not be taken for the next request.
        if (!request.raw.complete && request.method === 'POST') reply.header('connection', 'close')
        return reply.send(request.method === 'HEAD' ? '' : text)
      },
    })
}
