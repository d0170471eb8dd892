import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { findMonitor } from '../monitors/index.ts'
import { type DrillConfig, parseDrill } from './config.ts'
import { type Drill, findDrill, insertDrill, NO_MONITOR } from './drill.rows.ts'
import { millis } from './drills/fields.ts'
import { scheduleDrill } from './due.ts'
import { drillConfigured } from './facts.ts'

export interface CreateDrillInput {
  id: string
  /** As in the configuration: kind, monitor, every, and the settings of the kind. */
  settings: unknown
  /** The action that it proves; also read from the settings. */
  actionId?: string | null
}

/** Adds a drill. */
export async function createDrill(world: World, actor: Actor, input: CreateDrillInput): Promise<Drill> {
  authorize(actor, 'editor')
  const settings = parseDrill(input.settings)
  const drill = drillOf(input.id, settings, 'api', input.actionId ?? null)
  await world.transact((tx) => createDrillIn(tx, world, actor, drill))
  return (await findDrill(world.store.read, input.id))!
}

/** Adds a drill within a transaction: refuses an unknown monitor and an id that is taken. */
export async function createDrillIn(
  tx: Tx,
  world: World,
  actor: Actor,
  drill: Omit<Drill, 'createdAt'>,
): Promise<void> {
  if (drill.monitorId !== NO_MONITOR && !(await findMonitor(tx.db, drill.monitorId)))
    throw new TocsinError('invalid-input', `There is no monitor "${drill.monitorId}".`, [
      { path: 'settings.monitor', message: 'there is no such monitor', remedy: 'Name the id of a monitor.' },
    ])
  if (!(await insertDrill(tx, drill)))
    throw new TocsinError('duplicate', `There is a drill "${drill.id}" already.`, [
      { path: 'id', message: 'it is taken', remedy: 'Choose another id.' },
    ])
  await drillConfigured.append(tx, world, {
    subject: drill.id,
    actor,
    data: { monitorId: drill.monitorId, actionId: drill.actionId },
  })
  await scheduleDrill(tx, drill)
}

/** A drill as its settings describe it. */
export function drillOf(
  id: string,
  settings: DrillConfig,
  managedBy: Drill['managedBy'],
  actionId: string | null = null,
): Omit<Drill, 'createdAt'> {
  return {
    id,
    name: settings.name ?? id,
    kind: settings.kind,
    monitorId: settings.monitor ?? NO_MONITOR,
    actionId: actionId ?? settings.action ?? null,
    settings,
    everyMs: settings.every === undefined ? null : millis(settings.every),
    managedBy,
  }
}
