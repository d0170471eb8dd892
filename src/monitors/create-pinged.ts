import { systemActor, type Tx, type World } from '../engine/world.ts'
import { DAY, HOUR } from '../kit/duration.ts'
import type { MonitorEntry } from './config.ts'
import { settleMaintenanceIn } from './keep-maintenance.ts'
import { heartbeat } from './kinds/heartbeat/index.ts'
import type { Monitor } from './monitor.ts'
import { monitorFrom, storeNew } from './store-monitor.ts'

/** A slug that nobody has yet, and the monitors that share its key. */
export interface SlugToCreate {
  key: string
  slug: string
  sharing: readonly Monitor[]
}

// Whoever knows the key may add jobs with it, but not fill the table.
const MOST_BY_PING = 200
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/
const ours = systemActor('monitors')

/** Adds the heartbeat that a ping with `create=1` asks for: once a day, in the service of those with its key. */
export async function createPinged(
  tx: Tx,
  world: World,
  { key, slug, sharing }: SlugToCreate,
): Promise<Monitor | { status: 404 | 409 | 429; text: string }> {
  const id = slug.replaceAll('_', '-')
  if (!ID.test(id)) return { status: 404, text: 'not found' }
  if (sharing.length >= MOST_BY_PING) return { status: 429, text: 'too many checks with this ping key' }
  const service = sharing[0]!.serviceId
  const settings = { service, type: 'heartbeat', every: '1d', startGrace: '1h', pingKey: key }
  const entry: MonitorEntry = {
    service,
    name: slug,
    kind: 'heartbeat',
    enabled: true,
    every: DAY,
    timeout: 0,
    confirm: 1,
    recover: 1,
    retryEvery: HOUR,
    spec: heartbeat.schema.parse({ every: '1d', startGrace: '1h', pingKey: key }) as Record<string, unknown>,
  }
  const monitor = monitorFrom(id, entry, { ...settings, name: slug }, null, tx.now)
  // The id belongs to a monitor with another key.
  if (!(await storeNew(tx, world, ours, monitor))) return { status: 409, text: 'ambiguous slug' }
  await settleMaintenanceIn(tx, world)
  return monitor
}
