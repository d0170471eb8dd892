import * as contract from '../contract/cases.ts'
import { notFound } from '../kit/errors.ts'
import {
  adoptCase,
  findCase,
  judgeBlindSpot,
  planCase,
  planView,
  removeCase,
  viewBlindSpot,
  viewBlindSpots,
  viewCase,
  viewCases,
  writeCase,
} from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'

/** Cases, and the map of blind spots. */
export const casesRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const now = () => world.clock.now()
  bind(contract.listCases, ({ query }) => viewCases(db, now(), query))
  bind(contract.readCase, ({ params }) => viewCase(db, now(), params.id))
  bind(contract.removeCase, async ({ actor, params }) => {
    await removeCase(world, actor, params.id)
    return undefined
  })
  bind(contract.adoptCase, async ({ actor, params, body: { dryRun, ...input } }) => {
    const incident = await findCase(db, params.id)
    if (!incident) throw notFound('case', params.id)
    const work = dryRun ? planCase : adoptCase
    const plans = await work(world, actor, { ...input, caseId: params.id })
    return { created: !dryRun, plans: plans.map((plan) => planView(plan, incident.values)) }
  })
  bind(contract.writeCase, ({ actor, params, body }) =>
    writeCase(world, actor, { ...body, postmortemId: params.id }),
  )
  bind(contract.readBlindSpots, ({ query }) => viewBlindSpots(db, now(), query.service))
  bind(contract.readBlindSpot, ({ params }) => viewBlindSpot(db, now(), params))
  bind(contract.judgeBlindSpot, async ({ actor, body }) => {
    await judgeBlindSpot(world, actor, body)
    return viewBlindSpot(db, now(), { service: body.serviceId, failureClass: body.failureClass })
  })
}
