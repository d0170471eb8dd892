import { z } from 'zod'
import * as contract from '../contract/proofs.ts'
import { iso } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { findAction } from '../postmortems/index.ts'
import {
  answerDrill,
  createDrill,
  drillKindsWithSettings,
  type GivenEvidence,
  giveProof,
  listEvidence,
  removeDrill,
  runDrill,
  runView,
  viewDrill,
  viewDrills,
  viewRun,
  viewRuns,
} from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'
import { pageOf } from './presenting.ts'

/** Drills and their runs. */
export const proofsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listDrills, ({ query }) => viewDrills(db, query))
  bind(contract.readDrill, ({ params }) => viewDrill(db, params.id))
  bind(contract.createDrill, async ({ actor, body }) => {
    const drill = await createDrill(world, actor, body)
    return viewDrill(db, drill.id)
  })
  bind(contract.removeDrill, async ({ actor, params }) => {
    await removeDrill(world, actor, params.id)
    return undefined
  })
  bind(contract.listDrillKinds, async () => ({
    items: drillKindsWithSettings().map(({ settings, reasons, ...kind }) => ({
      ...kind,
      reasons: [...reasons],
      schema: z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
    })),
    next: null,
  }))
  bind(contract.runDrill, async ({ actor, params }) => runView(await runDrill(world, actor, params.id)))
  bind(contract.listDrillRuns, ({ params, query }) => viewRuns(db, params.id, query))
  bind(contract.readDrillRun, ({ params }) => viewRun(db, params.id))
  bind(contract.answerDrill, async ({ actor, params }) => runView(await answerDrill(world, actor, params.id)))
  bind(contract.giveProof, async ({ actor, params, body }) =>
    evidenceView(await giveProof(world, actor, { actionId: params.id, proof: body })),
  )
  bind(contract.listProofs, async ({ params, query: { cursor, limit } }) => {
    if (!(await findAction(db, params.id))) throw notFound('action', params.id)
    const found = await listEvidence(db, params.id, { before: cursor, limit: limit + 1 })
    return pageOf(found, limit, evidenceView, ({ id }) => id)
  })
}

function evidenceView(given: GivenEvidence): contract.EvidenceView {
  const { givenByName, seenAt, expiresAt, givenAt } = given
  return {
    id: given.id,
    actionId: given.actionId,
    kind: given.kind as contract.EvidenceView['kind'],
    outcome: given.outcome,
    reason: given.reason,
    summary: given.summary,
    details: given.details,
    givenBy: givenByName,
    seenAt: iso(seenAt),
    expiresAt: iso(expiresAt),
    givenAt: iso(givenAt),
  }
}
