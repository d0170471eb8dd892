import type { FastifyInstance } from 'fastify'
import { BEAT_HEADER, BEAT_LIMIT } from '../engine/life/beat.ts'
import { hearPeer } from '../monitors/index.ts'
import type { HttpOptions } from './context.ts'

/** Signs of life of other Tocsins: `POST /peers/<monitor>/beat`, signed with the key of the monitor. */
export function servePeers(app: FastifyInstance, { world }: HttpOptions): void {
  app.removeAllContentTypeParsers()
  // The signature is over the bytes: they are read as they are.
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BEAT_LIMIT }, (_request, body, done) =>
    done(null, body),
  )
  app.post<{ Params: { name: string } }>(
    '/peers/:name/beat',
    { bodyLimit: BEAT_LIMIT },
    async (request, reply) => {
      const { status, body } = await hearPeer(world, {
        monitorId: request.params.name,
        body: typeof request.body === 'string' ? request.body : '',
        signature: request.headers[BEAT_HEADER],
      })
      return reply
        .code(status)
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(body))
    },
  )
}
