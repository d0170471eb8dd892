import { z } from 'zod'
import { byId, id, instant, page, pageQuery, route, text } from './route.ts'

const room = 'comms'
export const update = z.object({
  id,
  incidentId: id,
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
  body: z.string(),
  by: z.string(),
  at: instant,
})
export type Update = z.infer<typeof update>
export const listUpdates = route({
  id: 'listUpdates',
  method: 'GET',
  path: '/api/v1/incidents/:id/updates',
  summary: 'Public updates of an incident',
  room,
  access: 'viewer',
  params: byId,
  query: pageQuery,
  answer: page(update),
})
export const publishUpdate = route({
  id: 'publishUpdate',
  method: 'POST',
  path: '/api/v1/incidents/:id/updates',
  summary: 'Tell the public',
  room,
  access: 'responder',
  params: byId,
  status: 201,
  body: z.strictObject({
    status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
    body: text.min(1),
  }),
  answer: update,
})
