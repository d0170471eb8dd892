import { authorize } from '../engine/authorize.ts'
import { cancelTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { maintenanceChanged, maintenancePassed } from './facts.ts'
import { allMaintenance, findMaintenance, markEnded, upsertMaintenance } from './maintenance.rows.ts'
import { isCovered, type Maintenance, nextBoundary, standingOf } from './maintenance.rules.ts'
import { allMonitors } from './monitors.rows.ts'
import { allStates, updateState } from './states.rows.ts'
import { tellVerdict } from './tell-verdict.ts'
import { hasNotBegun } from './verdict.rules.ts'

export const MAINTENANCE_TIMER = 'monitors.maintenance'
const ours = systemActor('monitors')

/**
 * Brings every monitor's maintenance mark up to date and sets the timer for the next boundary. A monitor that is
 * bad when its maintenance ends says so again: nobody was told while it lasted.
 */
export async function settleMaintenanceIn(tx: Tx, world: World): Promise<void> {
  const all = await allMaintenance(tx.db)
  const states = await allStates(tx.db)
  const began: string[] = []
  const ended: string[] = []
  for (const monitor of await allMonitors(tx.db)) {
    const state = states.get(monitor.id)
    const covered = isCovered(monitor, all, tx.now)
    if (!state || state.maintenance === covered) continue
    const after = { ...state, maintenance: covered, version: state.version + 1 }
    if (!(await updateState(tx.db, monitor.id, after)))
      throw wrongState(`The monitor "${monitor.id}" was judged at the same time.`)
    ;(covered ? began : ended).push(monitor.id)
    if (covered || state.verdict === 'up' || hasNotBegun(state)) continue
    await tellVerdict(tx, world, ours, monitor, state.verdict, after)
  }
  if (began.length + ended.length > 0)
    await maintenancePassed.append(tx, world, { subject: 'maintenance', actor: ours, data: { began, ended } })
  const dueAt = nextBoundary(all, tx.now)
  if (dueAt === null) await cancelTimer(tx, MAINTENANCE_TIMER)
  else await setTimer(tx, { key: MAINTENANCE_TIMER, kind: MAINTENANCE_TIMER, dueAt })
}

/** A window begins or ends. */
export const maintenanceDue: TimerHandler = (tx, world) => settleMaintenanceIn(tx, world)

export interface MaintenanceInput {
  name: string
  monitors: string[]
  services: string[]
  from: number
  to: number
}

/** Plans one window; one that should begin now begins with the commit. */
export async function planMaintenance(
  world: World,
  actor: Actor,
  input: MaintenanceInput,
): Promise<Maintenance> {
  authorize(actor, 'responder')
  const { name, monitors, services, from, to } = input
  const problem = (path: string, message: string) =>
    new TocsinError('invalid-input', `The maintenance is not valid: ${message}.`, [{ path, message }])
  if (to <= from) throw problem('to', 'it must end after it begins')
  if (to <= world.clock.now()) throw problem('to', 'it must end in the future')
  if (monitors.length + services.length === 0)
    throw problem('monitors', 'it must cover a monitor or a service')
  return world.transact(async (tx) => {
    const maintenance: Maintenance = {
      id: newId(tx.now),
      name,
      monitors,
      services,
      when: { from, to },
      managedBy: 'api',
      endedAt: null,
    }
    await upsertMaintenance(tx.db, maintenance, tx.now)
    await maintenanceChanged.append(tx, world, {
      subject: maintenance.id,
      actor,
      data: { maintenanceId: maintenance.id, name, change: 'planned' },
    })
    await settleMaintenanceIn(tx, world)
    return maintenance
  })
}

/** Ends a window now, whoever planned it; of a recurring one, the window that runs. */
export async function endMaintenance(world: World, actor: Actor, id: string): Promise<void> {
  authorize(actor, 'responder')
  await world.transact(async (tx) => {
    const maintenance = await findMaintenance(tx.db, id)
    if (!maintenance) throw notFound('maintenance', id)
    if (maintenance.managedBy === 'file')
      throw new TocsinError('managed-by-file', `The configuration file manages the maintenance "${id}".`)
    if (standingOf(maintenance, tx.now).state === 'over' || !(await markEnded(tx.db, id, tx.now)))
      throw wrongState('The maintenance is over already.')
    await maintenanceChanged.append(tx, world, {
      subject: id,
      actor,
      data: { maintenanceId: id, name: maintenance.name, change: 'ended' },
    })
    await settleMaintenanceIn(tx, world)
  })
}
