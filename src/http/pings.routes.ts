import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  PING_BODY_LIMIT,
  type PingAnswer,
  type PingInput,
  recordPing,
  recordPush,
} from '../monitors/index.ts'
import type { HttpOptions } from './context.ts'
import { securityHeaders } from './security-headers.ts'

interface PingRequest {
  Params: { key: string; second?: string; third?: string }
  Querystring: { rid?: unknown; create?: unknown }
}

// What a job may log into its ping is cut, not refused: the ping itself matters more.
const MOST_READ = 100_000
const ACTION = /^(?:start|fail|log|\d+)$/

const HEADERS = {
  'ping-body-limit': String(PING_BODY_LIMIT),
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
  'content-type': 'text/plain; charset=utf-8',
}

/** The parts after `/ping/` as Healthchecks reads them: a uuid or key, a slug, an action. */
function partsOf(key: string, second: string | undefined, third: string | undefined) {
  const isAction = third === undefined && second !== undefined && ACTION.test(second)
  return { key, slug: isAction ? undefined : second, action: isAction ? second : third }
}

// Most pings are this: no body, no query, no sign that needs decoding.
const PLAIN = /^\/ping\/([\w-]{1,100})(?:\/([\w-]{1,100}))?(?:\/(\w{1,20}))?$/

/**
 * Heartbeats in Healthchecks' grammar, `/ping/<key>[/<slug>][/start|fail|log|<exit status>][?rid=<uuid>][&create=1]`,
 * and in Uptime Kuma's, `/api/push/<token>?status=up|down&msg=…&ping=<ms>`.
 */
export function servePings(app: FastifyInstance, options: HttpOptions): void {
  const { world } = options
  readAnyBody(app)

  const input = (request: FastifyRequest<PingRequest>): PingInput => {
    const { key, second, third } = request.params
    const { rid, create } = request.query
    return {
      ...partsOf(key, second, third),
      create: create === '1',
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
        reply.code(status).headers(HEADERS)
        closeUnread(request, reply)
        return reply.send(request.method === 'HEAD' ? '' : text)
      },
    })
  app.route<{ Params: { token: string }; Querystring: { status?: unknown; msg?: unknown; ping?: unknown } }>({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/api/push/:token',
    bodyLimit: Number.MAX_SAFE_INTEGER,
    async handler(request, reply) {
      const { method, ip: remote, query } = request
      const answer = await recordPush(world, { key: request.params.token, method, remote, ...query })
      reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*')
      closeUnread(request, reply)
      if (!answer) return reply.code(404).send({ ok: false, msg: 'Monitor not found or not active.' })
      return reply.send({ ok: true })
    },
  })
  answerPlainPings(app, options)
}

/** A ping takes any body of any type; it is text of which the beginning is kept. */
function readAnyBody(app: FastifyInstance): void {
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
}

// A body that was not read to its end must not be taken for the next request.
function closeUnread(request: FastifyRequest, reply: FastifyReply): void {
  if (!request.raw.complete && request.method !== 'GET' && request.method !== 'HEAD')
    reply.header('connection', 'close')
}

/**
 * At the full hour thousands of jobs ping within a second: a ping without a body and without a query needs no
 * routing. Everything else takes the usual way.
 */
function answerPlainPings(app: FastifyInstance, { world }: HttpOptions): void {
  const common = { ...securityHeaders(world.publicUrl), ...HEADERS }
  const send = (response: ServerResponse, method: string, { status, text }: PingAnswer) =>
    response.writeHead(status, common).end(method === 'HEAD' ? undefined : text)
  const answerAtOnce = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method = '', url = '', headers, socket } = request
    const isBodyless =
      method === 'GET' ||
      method === 'HEAD' ||
      (method === 'POST' && headers['content-length'] === '0' && headers['content-type'] === undefined)
    // Who stands behind a proxy is read from headers: that is Fastify's work.
    if (!isBodyless || headers['x-forwarded-for'] !== undefined) return false
    if (headers['transfer-encoding'] !== undefined || (method !== 'POST' && headers['content-length']))
      return false
    const parts = PLAIN.exec(url)
    if (!parts) return false
    const remote = socket.remoteAddress ?? ''
    recordPing(world, { ...partsOf(parts[1]!, parts[2], parts[3]), method, remote }).then(
      (answer) => send(response, method, answer),
      (error: unknown) => failed(request, response, error),
    )
    return true
  }
  const failed = (request: IncomingMessage, response: ServerResponse, error: unknown) => {
    world.log.error({ error: String(error) }, 'a ping could not be stored')
    response
      .writeHead(503, { ...common, 'retry-after': '5' })
      .end(request.method === 'HEAD' ? '' : 'not stored')
  }
  app.addHook('onReady', async () => {
    const usual = app.server.listeners('request') as ((...args: unknown[]) => void)[]
    app.server.removeAllListeners('request')
    app.server.on('request', (request, response) => {
      if (!answerAtOnce(request, response))
        for (const listener of usual) listener.call(app.server, request, response)
    })
  })
}
