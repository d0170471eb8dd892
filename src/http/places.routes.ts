import type { FastifyInstance, FastifyRequest } from 'fastify'
import { placeOfToken } from '../catalog/index.ts'
import { TocsinError } from '../kit/errors.ts'
import { takeDelivery, workForPlace } from '../monitors/index.ts'
import type { HttpOptions } from './context.ts'
import { readJsonBodies } from './read-json.ts'

interface PlaceRequest {
  Params: { place: string }
}

/** For `tocsin probe`: its work, and what it saw. The token is good for one place and for nothing else. */
export function servePlaces(app: FastifyInstance, { world }: HttpOptions): void {
  readJsonBodies(app)
  const placeOf = async (request: FastifyRequest<PlaceRequest>): Promise<string> => {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const place = bearer === undefined ? null : await placeOfToken(world, bearer)
    if (place === null || place !== request.params.place)
      throw new TocsinError('not-signed-in', 'Send the token of this place as "Authorization: Bearer …".')
    return place
  }
  app.post<PlaceRequest>('/probe/:place/work', async (request, reply) => {
    const place = await placeOf(request)
    reply.header('cache-control', 'no-store')
    return { monitors: await workForPlace(world, place, request.body) }
  })
  app.post<PlaceRequest>('/probe/:place/observations', async (request, reply) => {
    const place = await placeOf(request)
    reply.header('cache-control', 'no-store')
    return takeDelivery(world, place, request.body)
  })
}
