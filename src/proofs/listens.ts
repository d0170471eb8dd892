import { catalogConfigured, contactRemoved } from '../catalog/index.ts'
import { type Listener, on } from '../engine/room.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { findMonitor, monitorConfigured } from '../monitors/index.ts'
import { oncallConfigured } from '../oncall/index.ts'
import {
  actionChanged,
  actionClaimed,
  actionDropped,
  actionTakenBack,
  findAction,
  listActions,
} from '../postmortems/index.ts'
import { beginProof, findProof } from './action-proof.rows.ts'
import { findDrill, listDrills, setDrillAction } from './drill.rows.ts'
import { hurryDrill } from './due.ts'
import { drillConfigured } from './facts.ts'
import { askRun } from './run-drill.ts'
import { forgetProofIn } from './settle-action.ts'

/** Somebody says that an action is done: its drill decides. */
async function onClaim(tx: Tx, world: World, actionId: string, drillId: string | null): Promise<void> {
  const named = drillId === null ? null : await findDrill(tx.db, drillId)
  const drill = named ?? (await listDrills(tx.db, { actionId }))[0]
  // Without a drill the action stays claimed; its room says so.
  if (!drill || world.drill !== null) return
  // One drill may prove several actions; it names the first.
  if (drill.actionId === null) await setDrillAction(tx, drill.id, actionId)
  const before = await findProof(tx.db, actionId)
  await beginProof(tx, {
    actionId,
    state: 'awaiting',
    drillId: drill.id,
    runId: null,
    reason: 'claimed',
    concludedAt: null,
    provedAt: null,
    // An alert about the proof that broke stands until a drill passes.
    alerted: before?.alerted ?? false,
  })
  await askRun(tx, world, systemActor('proofs'), drill, 'action-claimed')
}

/** A claim that had no drill when it was made has one now. */
async function onNamed(tx: Tx, world: World, actionId: string): Promise<void> {
  const action = await findAction(tx.db, actionId)
  if (action?.state !== 'claimed' || (await findProof(tx.db, actionId))) return
  await onClaim(tx, world, actionId, action.drillId)
}

/** Claims that have waited for this drill to be made. */
async function onDrill(tx: Tx, world: World, drillId: string, actionId: string | null): Promise<void> {
  for (const action of await listActions(tx.db, { drillId, states: ['claimed'], limit: 1_000 }))
    await onNamed(tx, world, action.id)
  if (actionId !== null) await onNamed(tx, world, actionId)
}

/** Every drill of a monitor, soon; and those of a case, which are played against all monitors of its service. */
async function onMonitor(tx: Tx, world: World, monitorId: string, serviceId: string): Promise<void> {
  if (world.drill !== null) return
  for (const drill of await listDrills(tx.db, { monitorId })) await hurryDrill(tx, drill)
  for (const drill of await listDrills(tx.db, { kind: 'signals' }))
    if (Object.hasOwn((drill.settings.signals as object | undefined) ?? {}, monitorId))
      await hurryDrill(tx, drill)
  // Who has to agree with whom is what such a drill is about, whichever monitor it is.
  for (const drill of await listDrills(tx.db, { kind: 'cut-off-a-place' })) await hurryDrill(tx, drill)
  for (const drill of await listDrills(tx.db, { kind: 'case' })) {
    if (drill.monitorId === monitorId) continue
    const anchor = await findMonitor(tx.db, drill.monitorId)
    if (anchor?.serviceId === serviceId) await hurryDrill(tx, drill)
  }
}

// The kinds of drill that ask who is paged.
const PAGES = new Set(['end-to-end', 'case', 'signals', 'incident-replay', 'cut-off-a-place'])

/** Who is paged may have changed: the drills that ask for it, soon. */
async function onRoutes(tx: Tx, world: World): Promise<void> {
  if (world.drill !== null) return
  const drills = await listDrills(tx.db)
  for (const drill of drills) if (PAGES.has(drill.kind)) await hurryDrill(tx, drill)
}

/** What this room hears. An override is no change of the configuration: it says who stands in today. */
export const proofsListener: Listener = {
  name: 'proofs',
  hears: [
    on(actionClaimed, (tx, world, fact) => onClaim(tx, world, fact.subject, fact.data.drillId)),
    on(actionChanged, async (tx, world, fact) => {
      if (fact.data.changes.some(({ what }) => what === 'drill')) await onNamed(tx, world, fact.subject)
    }),
    on(drillConfigured, (tx, world, fact) => onDrill(tx, world, fact.subject, fact.data.actionId)),
    on(actionDropped, (tx, world, fact) => forgetProofIn(tx, world, systemActor('proofs'), fact.subject)),
    on(actionTakenBack, (tx, world, fact) => forgetProofIn(tx, world, systemActor('proofs'), fact.subject)),
    on(monitorConfigured, (tx, world, fact) =>
      onMonitor(tx, world, fact.data.monitorId, fact.data.serviceId),
    ),
    on(oncallConfigured, onRoutes),
    on(catalogConfigured, onRoutes),
    on(contactRemoved, onRoutes),
  ],
}
