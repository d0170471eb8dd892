import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { canonicalJson } from '../kit/json.ts'
import { type OncallConfig, policySpec, scheduleSpec } from './config.ts'
import { oncallConfigured } from './facts.ts'
import { deletePolicy, listPolicies, putPolicy } from './policy.rows.ts'
import type { Policy } from './policy.ts'
import { deleteSchedule, listSchedules, putSchedule } from './schedule.rows.ts'
import type { Schedule } from './schedule.ts'

type Noun = 'schedule' | 'policy'

/** Brings schedules and policies to what the configuration file says; what it no longer names goes. */
export async function applyOncallConfig(
  tx: Tx,
  world: World,
  actor: Actor,
  section: OncallConfig,
): Promise<void> {
  authorize(actor, 'administrator')
  const schedules = Object.entries(section.oncall).map(
    ([id, config]): Schedule => ({
      id,
      name: config.name ?? id,
      spec: scheduleSpec(config),
      managedBy: 'file',
    }),
  )
  const policies = Object.entries(section.policies).map(
    ([id, config]): Policy => ({
      id,
      name: config.name ?? id,
      spec: policySpec(config),
      isDefault: config.default,
      managedBy: 'file',
    }),
  )
  await reconcile(
    tx,
    world,
    actor,
    'schedule',
    await listSchedules(tx.db),
    schedules,
    putSchedule,
    deleteSchedule,
  )
  await reconcile(tx, world, actor, 'policy', await listPolicies(tx.db), policies, putPolicy, deletePolicy)
}

async function reconcile<Thing extends { id: string; managedBy: 'file' | 'api' }>(
  tx: Tx,
  world: World,
  actor: Actor,
  noun: Noun,
  before: Thing[],
  after: Thing[],
  put: (tx: Tx, thing: Thing, position: number) => Promise<void>,
  remove: (tx: Tx, id: string) => Promise<void>,
): Promise<void> {
  const say = (id: string, change: 'created' | 'changed' | 'removed') =>
    oncallConfigured.append(tx, world, { subject: id, actor, data: { noun, id, change } })
  const order = before.filter((thing) => thing.managedBy === 'file').map((thing) => thing.id)
  for (const [position, thing] of after.entries()) {
    const old = before.find((b) => b.id === thing.id)
    const same = old !== undefined && canonicalJson(old) === canonicalJson(thing)
    if (!same || order[position] !== thing.id) await put(tx, thing, position)
    if (!same) await say(thing.id, old ? 'changed' : 'created')
  }
  for (const old of before) {
    if (old.managedBy !== 'file' || after.some((thing) => thing.id === old.id)) continue
    await remove(tx, old.id)
    await say(old.id, 'removed')
  }
}
