import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { routes } from '../contract/routes.ts'
import { TocsinError } from '../kit/errors.ts'
import { apiRoutes } from './api.ts'
import { binder } from './bind.ts'
import type { HttpOptions } from './context.ts'
import { endStreamsOnClose, liveStreams } from './events.routes.ts'
import { serveHealth } from './health.routes.ts'
import { serveLogs } from './logs.routes.ts'
import { serveMetrics } from './metrics.routes.ts'
import { openApiDocument } from './openapi.ts'
import { servePages } from './pages/pages.routes.ts'
import { servePeers } from './peers.routes.ts'
import { servePings } from './pings.routes.ts'
import { servePlaces } from './places.routes.ts'
import { servePools } from './pools.routes.ts'
import { sendProblem } from './problem.ts'
import { readJsonBodies } from './read-json.ts'
import { serveRemoteWrite } from './remote-write.routes.ts'
import { securityHeaders } from './security-headers.ts'
import { serveStatus } from './status.routes.ts'
import { serveTrackers } from './trackers.routes.ts'
import { serveWeb } from './web.routes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route as `GET /path`, for the tests that hold lists against it. */
    served: string[]
  }
}

/** The largest body that the API reads. */
export const BODY_LIMIT = 1_000_000
const MINUTE = 60_000

/** The front desk: one server for the API, pings, pages, the status page and the browser application. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy ?? 'loopback',
    // A client that dribbles its headers or body must not hold a socket for ever.
    requestTimeout: MINUTE,
    keepAliveTimeout: MINUTE,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, _request, reply) => void sendProblem(options.world, reply as never, error),
  })
  const headers = securityHeaders(options.world.publicUrl)
  const served: string[] = []
  app.decorate('served', served)
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') served.push(`${one} ${url}`)
  })
  app.decorateRequest('identity', null)
  app.removeAllContentTypeParsers()
  app.register(cookie)
  app.addHook('onSend', async (_request, reply, payload) => {
    for (const name in headers) if (!reply.hasHeader(name)) reply.header(name, headers[name])
    // Closing while the other side still sends would reset the connection, and our answer would be lost with it:
    // the rest is thrown away unread instead, for as long as `requestTimeout` allows.
    if (reply.statusCode === 413) reply.removeHeader('connection')
    return payload
  })
  app.setErrorHandler((error, _request, reply) => sendProblem(options.world, reply, error))

  const streams = liveStreams(options)
  endStreamsOnClose(app, streams)
  app.register(async (api) => {
    readJsonBodies(api)
    const bound = new Set<string>()
    const bind = binder(api, options, bound)
    for (const room of [...apiRoutes, streams.routes]) room(bind, options)
    await api.register(async (write) => serveRemoteWrite(write, options, bound))
    const missing = routes.filter((route) => !bound.has(route.id)).map((route) => route.id)
    if (missing.length > 0)
      throw new Error(`routes of the contract that nothing answers: ${missing.join(', ')}`)
    const document = JSON.stringify(openApiDocument(options.version))
    api.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document))
  })
  app.register(async (pings) => servePings(pings, options))
  app.register(async (peers) => servePeers(peers, options))
  app.register(async (places) => servePlaces(places, options))
  app.register(async (logs) => serveLogs(logs, options))
  app.register(async (trackers) => serveTrackers(trackers, options))
  app.register(async (pools) => servePools(pools, options))
  app.register(async (pages) => servePages(pages, options))
  app.register(async (health) => {
    serveHealth(health, options)
    serveMetrics(health, options, streams)
  })
  app.register(async (status) => serveStatus(status, options))
  const web = serveWeb(app, options)

  app.setNotFoundHandler(async (request, reply) => {
    if (web.answers(request)) return web.answer(request, reply)
    return sendProblem(options.world, reply, notFound(request, reply))
  })
  return app
}

const templates = routes.map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${route.path.replace(/:[a-z]+/gi, '[^/]+')}$`),
}))

function notFound(request: FastifyRequest, reply: FastifyReply): TocsinError {
  const path = request.url.split('?', 1)[0]!
  const methods = templates
    .filter((route) => route.pattern.test(path))
    .map((route) => route.method)
    .sort()
  if (methods.length === 0)
    return new TocsinError('not-found', `There is nothing at ${request.method} ${path}.`)
  reply.header('allow', methods.join(', '))
  return new TocsinError('method-not-allowed', `${path} takes ${methods.join(', ')}, not ${request.method}.`)
}
