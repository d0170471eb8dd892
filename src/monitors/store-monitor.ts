import type { Actor, Tx, World } from '../engine/world.ts'
import { wrongState } from '../kit/errors.ts'
import { newSecret } from '../kit/ids.ts'
import { canonicalJson } from '../kit/json.ts'
import type { MonitorEntry } from './config.ts'
import { monitorConfigured } from './facts.ts'
import { insertHeartbeat, restartWaiting } from './heartbeats.rows.ts'
import { forgetHeartbeat, judgeHeartbeatIn } from './judge-heartbeat.ts'
import { kindNamed } from './kinds/find-kind.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import type { LogSpec } from './kinds/log/index.ts'
import type { Monitor, MonitorState } from './monitor.ts'
import { deleteMonitor, insertMonitor, updateMonitor } from './monitors.rows.ts'
import { releasePool } from './pools/settle-pool.ts'
import { deleteScreenshot } from './screenshots.rows.ts'
import { findState, insertState, updateState } from './states.rows.ts'
import { checkRenews } from './tell-renewal.ts'
import { tellVerdict } from './tell-verdict.ts'
import { hasNotBegun, neverChecked } from './verdict.rules.ts'

/** A parsed entry as the monitor that it describes. */
export function monitorFrom(
  id: string,
  entry: MonitorEntry,
  settings: Record<string, unknown> | null,
  before: Monitor | null,
  now: number,
): Monitor {
  const { reported, given } = reportKey(entry)
  // A key that was made up once stays: jobs out there know it.
  const kept = before?.kind === entry.kind ? before.pingKey : null
  return {
    id,
    name: entry.name ?? id,
    serviceId: entry.service,
    kind: entry.kind,
    // Through JSON, so that what is compared and what is stored are the same.
    spec: JSON.parse(JSON.stringify(entry.spec)),
    settings,
    target: kindNamed(entry.kind).target(entry.spec),
    every: entry.every,
    timeout: entry.timeout,
    confirm: entry.confirm,
    recover: entry.recover,
    retryEvery: entry.retryEvery,
    enabled: entry.enabled,
    managedBy: settings === null ? 'file' : 'api',
    pingKey: reported ? (given ?? kept ?? newSecret()) : null,
    places: entry.places ?? null,
    version: before ? before.version + 1 : 1,
    createdAt: before?.createdAt ?? now,
  }
}

/** Whether something outside reports to the monitor, and the key that was chosen for it. */
function reportKey({ kind, spec }: MonitorEntry): { reported: boolean; given?: string } {
  if (kind === 'heartbeat') return { reported: true, given: (spec as HeartbeatSpec).pingKey }
  const { push, pushKey } = spec as Partial<LogSpec>
  return { reported: kind === 'log' && push === true, given: pushKey }
}

/** Stores a new monitor with the state that nothing is known of it; false when the id is taken. */
export async function storeNew(tx: Tx, world: World, actor: Actor, monitor: Monitor): Promise<boolean> {
  if (monitor.managedBy === 'api') await checkRenews(tx.db, monitor, 'settings.renews')
  if (!(await insertMonitor(tx.db, monitor))) return false
  await insertState(tx.db, monitor.id, beginning(monitor, tx.now))
  await startKind(tx, world, monitor)
  await tell(tx, world, actor, monitor, 'created')
  return true
}

/** Stores another version; what is known of the monitor stays, unless it looks at something else now. */
export async function storeChanged(
  tx: Tx,
  world: World,
  actor: Actor,
  monitor: Monitor,
  before: Monitor,
): Promise<boolean> {
  if (sameDefinition(monitor, before)) return false
  // What the file says of its own monitors is checked when it is read.
  if (monitor.managedBy === 'api') await checkRenews(tx.db, monitor, 'settings.renews')
  if (!(await updateMonitor(tx.db, monitor)))
    throw wrongState(`The monitor "${monitor.id}" was changed by somebody else at the same time.`)
  const state = await findState(tx.db, monitor.id)
  const startsAnew = monitor.enabled !== before.enabled || monitor.kind !== before.kind
  if (state && startsAnew) {
    const { maintenance, version } = state
    const anew = { ...beginning(monitor, tx.now), maintenance, version: version + 1 }
    await updateState(tx.db, monitor.id, anew)
    // What was said of it is over; of a monitor that is switched off the configuration tells that.
    if (monitor.enabled && !hasNotBegun(state))
      await tellVerdict(tx, world, actor, monitor, state.verdict, anew)
  } else if (state?.candidate) {
    // What was half confirmed was seen by another check.
    await updateState(tx.db, monitor.id, { ...state, candidate: null, version: state.version + 1 })
  }
  await startKind(
    tx,
    world,
    monitor,
    startsAnew || canonicalJson(monitor.spec) !== canonicalJson(before.spec),
  )
  await tell(tx, world, actor, monitor, 'changed')
  return true
}

/** Removes a monitor; its history stays. */
export async function removeStored(tx: Tx, world: World, actor: Actor, monitor: Monitor): Promise<void> {
  await forgetHeartbeat(tx, monitor.id)
  await releasePool(tx, world, monitor)
  await deleteScreenshot(tx.db, monitor.id)
  await deleteMonitor(tx.db, monitor.id)
  await tell(tx, world, actor, monitor, 'removed')
}

async function startKind(tx: Tx, world: World, monitor: Monitor, anew = true): Promise<void> {
  // Nobody else can take back what load balancers were told.
  if (monitor.kind !== 'pool' || !monitor.enabled) await releasePool(tx, world, monitor)
  if (monitor.kind !== 'heartbeat') return forgetHeartbeat(tx, monitor.id)
  await insertHeartbeat(tx.db, monitor.id, tx.now)
  if (anew) await restartWaiting(tx.db, monitor.id, tx.now)
  await judgeHeartbeatIn(tx, world, monitor)
}

function beginning(monitor: Monitor, now: number): MonitorState {
  if (!monitor.enabled) return neverChecked(now, 'disabled')
  return neverChecked(now, monitor.kind === 'heartbeat' ? 'heartbeat.never' : 'check.never-ran')
}

function sameDefinition(one: Monitor, other: Monitor): boolean {
  const comparable = ({ version: _v, createdAt: _c, target: _t, ...rest }: Monitor) => canonicalJson(rest)
  return comparable(one) === comparable(other)
}

async function tell(
  tx: Tx,
  world: World,
  actor: Actor,
  monitor: Monitor,
  change: 'created' | 'changed' | 'removed',
): Promise<void> {
  const { id, serviceId, kind, version, enabled } = monitor
  await monitorConfigured.append(tx, world, {
    subject: id,
    actor,
    data: { monitorId: id, serviceId, kind, version, enabled, change },
  })
}
