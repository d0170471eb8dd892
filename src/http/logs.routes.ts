import type { FastifyInstance } from 'fastify'
import { recordLines } from '../monitors/index.ts'
import type { HttpOptions } from './context.ts'

const BODY_LIMIT = 1_000_000

/** Lines pushed for log monitors, as text or as JSON: `POST /logs/<key>`. An unknown key is never answered 200. */
export function serveLogs(app: FastifyInstance, { world }: HttpOptions): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  )
  app.post<{ Params: { key: string } }>('/logs/:key', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : ''
    const answer = await recordLines(world, request.params.key, body)
    reply.header('cache-control', 'no-store')
    return answer ? reply.send(answer) : reply.code(404).type('text/plain; charset=utf-8').send('not found')
  })
}
