import { listUpdates, publishUpdate, type Update } from '../comms/index.ts'
import * as contract from '../contract/comms.ts'
import { findIncident } from '../incidents/index.ts'
import { iso } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import type { RoomRoutes } from './bind.ts'
import { pageOfAll } from './presenting.ts'

/** Public updates. */
export const commsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listUpdates, async ({ params, query }) => {
    if (!(await findIncident(db, params.id))) throw notFound('incident', params.id)
    return pageOfAll(await listUpdates(db, params.id), query, updateView, (update) => update.id)
  })
  bind(contract.publishUpdate, async ({ actor, params, body }) =>
    updateView(await publishUpdate(world, actor, { ...body, incidentId: params.id })),
  )
}

function updateView(update: Update): contract.Update {
  return {
    id: update.id,
    incidentId: update.incidentId,
    status: update.status,
    body: update.body,
    by: update.actorName,
    at: iso(update.publishedAt),
  }
}
