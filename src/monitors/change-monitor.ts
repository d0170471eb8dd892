import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { checkOnce } from './check-once.ts'
import { type MonitorEntry, monitorEntry } from './config.ts'
import { settleMaintenanceIn } from './keep-maintenance.ts'
import { kindNamed, problemsOf } from './kinds/find-kind.ts'
import type { Monitor, MonitorView } from './monitor.ts'
import { findDefinition, findMonitor } from './monitors.rows.ts'
import type { Observation } from './observation.ts'
import { withHidden } from './shown-spec.ts'
import { monitorFrom, removeStored, storeChanged, storeNew } from './store-monitor.ts'

/** Settings as they are written in the configuration file: `service`, `type`, and what the kind has. */
export type MonitorSettings = Record<string, unknown>

function parseEntry(settings: MonitorSettings): MonitorEntry {
  const result = monitorEntry.safeParse(settings)
  if (result.success) return result.data
  const problems = problemsOf(result.error.issues).map((problem) => ({
    ...problem,
    path: ['settings', problem.path].filter(Boolean).join('.'),
  }))
  const detail = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new TocsinError('invalid-input', `The settings of the monitor are not valid: ${detail}`, problems)
}

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Adds a monitor that people manage. */
export async function createMonitor(
  world: World,
  actor: Actor,
  input: { id: string; settings: MonitorSettings },
): Promise<MonitorView> {
  return world.transact((tx) => createMonitorIn(tx, world, actor, input))
}

/** Adds a monitor within a transaction, for what is made of several things at once. */
export async function createMonitorIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { id, settings }: { id: string; settings: MonitorSettings },
): Promise<MonitorView> {
  authorize(actor, 'editor')
  if (!ID.test(id))
    throw new TocsinError('invalid-input', 'The id of the monitor is not valid.', [
      { path: 'id', message: 'must be lower-case letters, digits and hyphens, such as docs-certificate' },
    ])
  const entry = parseEntry(settings)
  if (!(await storeNew(tx, world, actor, monitorFrom(id, entry, settings, null, tx.now))))
    throw new TocsinError('duplicate', `There is a monitor "${id}" already.`)
  await settleMaintenanceIn(tx, world)
  return (await findMonitor(tx.db, id))!
}

/** Changes a monitor that people manage. */
export async function changeMonitor(
  world: World,
  actor: Actor,
  input: { id: string; settings: MonitorSettings },
): Promise<MonitorView> {
  authorize(actor, 'editor')
  const { id } = input
  return world.transact(async (tx) => {
    const before = managedByPeople(await findDefinition(tx.db, id), id)
    const settings = withHidden(input.settings, before.settings ?? {})
    const entry = parseEntry(settings)
    await storeChanged(tx, world, actor, monitorFrom(id, entry, settings, before, tx.now), before)
    await settleMaintenanceIn(tx, world)
    return (await findMonitor(tx.db, id))!
  })
}

/** Removes a monitor that people manage; its history stays. */
export async function removeMonitor(world: World, actor: Actor, id: string): Promise<void> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    await removeStored(tx, world, actor, managedByPeople(await findDefinition(tx.db, id), id))
  })
}

/** Kinds that hear: nothing can be asked of what they watch. */
const NOT_TRIED: Record<string, string> = {
  heartbeat: 'A heartbeat is heard and not asked for. Add it, and let the job report to its ping address.',
  peer: 'Signs of life come from the other Tocsin by themselves. Add the monitor, and give the other its key.',
  place: 'The probe of a place reports by itself. Add the monitor, and start the probe there.',
}

/** Why settings of a kind cannot be tried; null where they can. */
export const whyNotTried = (kind: string): string | null => NOT_TRIED[kind] ?? null

/**
 * Checks once with these settings and stores nothing. With the monitor that is being changed, its secrets stand where
 * the settings show them as hidden.
 */
export async function tryMonitor(
  world: World,
  actor: Actor,
  settings: MonitorSettings,
  id?: string,
): Promise<Observation> {
  authorize(actor, 'editor')
  const before = id === undefined ? null : await findDefinition(world.store.read, id)
  const entry = parseEntry(before ? withHidden(settings, before.settings ?? {}) : settings)
  const kind = kindNamed(entry.kind)
  const why = whyNotTried(entry.kind)
  if (!kind.check || why !== null)
    throw new TocsinError('invalid-input', why ?? `A ${entry.kind} is not checked: it is heard.`)
  return checkOnce(kind, entry.spec, { clock: world.clock, deadlineMs: entry.timeout })
}

function managedByPeople(monitor: Monitor | null, id: string): Monitor {
  if (!monitor) throw notFound('monitor', id)
  if (monitor.managedBy === 'file')
    throw new TocsinError('managed-by-file', `The configuration file manages the monitor "${id}".`, [
      { path: 'id', message: 'the configuration file manages it', remedy: 'Change the file and reload it.' },
    ])
  return monitor
}
