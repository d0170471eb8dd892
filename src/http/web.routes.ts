import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HttpOptions } from './context.ts'
import { pageHtml } from './pages/layout.ts'

const NOT_BUILT = pageHtml({
  title: 'Tocsin runs',
  body: `<p>The engine works; its browser application has not been built yet.</p>
<p>Build it with <code>npm run build</code>, then load this page again. The API is at
<a href="/api/openapi.json">/api/openapi.json</a>, the status page at <a href="/status/">/status/</a>.</p>`,
})

const NEVER_APP = /^\/(api|ping|status|ack|verify|assets|healthz|readyz|metrics)(\/|$)/

/** The browser application: its files, and index.html for every other address that a browser asks for. */
export function serveWeb(
  app: FastifyInstance,
  { webDirectory }: HttpOptions,
): {
  answers(request: FastifyRequest): boolean
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
} {
  const index = join(webDirectory, 'index.html')
  if (existsSync(webDirectory))
    app.register(fastifyStatic, {
      root: webDirectory,
      index: 'index.html',
      wildcard: true,
      dotfiles: 'ignore',
      setHeaders(reply, path) {
        // Vite puts a hash into the names under assets/.
        const immutable = path.startsWith(join(webDirectory, 'assets'))
        reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  return {
    answers(request) {
      const path = request.url.split('?', 1)[0]!
      const wantsPage = /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*')
      return (request.method === 'GET' || request.method === 'HEAD') && wantsPage && !NEVER_APP.test(path)
    },
    async answer(_request, reply) {
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache')
      const html = await readFile(index, 'utf8').catch(() => null)
      return html === null ? reply.code(200).send(NOT_BUILT) : reply.send(html)
    },
  }
}
