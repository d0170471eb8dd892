import { z } from 'zod'
import * as contract from '../contract/proofs.ts'
import {
  createDrill,
  drillKindsWithSettings,
  runDrill,
  runView,
  viewDrill,
  viewDrills,
  viewRun,
  viewRuns,
} from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'

/** Drills and their runs. */
export const proofsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listDrills, ({ query }) => viewDrills(db, query))
  bind(contract.readDrill, ({ params }) => viewDrill(db, params.id))
  bind(contract.createDrill, async ({ actor, body }) => {
    const drill = await createDrill(world, actor, body)
    return viewDrill(db, drill.id)
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
}
