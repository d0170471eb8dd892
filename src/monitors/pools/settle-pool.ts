import { systemActor, type Tx, type World } from '../../engine/world.ts'
import { DAY } from '../../kit/duration.ts'
import { TocsinError } from '../../kit/errors.ts'
import type { Monitor } from '../monitor.ts'
import type { Observation } from '../observation.ts'
import { decidePool, type PoolChange, type PoolDecision, undoAll } from './decide-pool.rules.ts'
import { floorHeld, memberDrained, memberReturned } from './facts.ts'
import type { MemberSight, PoolDetails, PoolPolicy } from './pool.ts'
import { forgetGoneMembers, membersOfPool, type PoolMember, storePoolMember } from './pool-members.rows.ts'

/** The part of a pool's parameters that decisions need. */
export interface PoolSettings {
  policy: PoolPolicy
  tell: 'drain' | 'down'
}

const ours = systemActor('monitors')
// Until then a load balancer that asks for a member that has left is told to take back what we said of it.
const FORGET_AFTER = 7 * DAY

/**
 * Takes what a check saw of a pool into account: counts, decides, and writes rows and facts in one transaction.
 * Nothing is written where nothing changes. A check that could not even tell who the members are decides nothing.
 */
export async function settlePool(
  world: World,
  monitor: Monitor,
  settings: PoolSettings,
  observation: Observation,
): Promise<PoolDecision | null> {
  const sights = (observation.details as PoolDetails | undefined)?.members
  if (!sights || sights.length === 0) return null
  const now = world.clock.now()
  const settle = (stored: PoolMember[], at: number) => {
    const decision = decidePool(stored, sights, settings.policy, at)
    return { decision, changed: changedMembers(monitor.id, stored, decision, sights, settings.tell) }
  }
  const first = settle(await membersOfPool(world.store.read, monitor.id), now)
  if (first.changed.length === 0) return first.decision
  return world.transact(async (tx) => {
    const { decision, changed } = settle(await membersOfPool(tx.db, monitor.id), tx.now)
    await store(tx, changed)
    await forgetGoneMembers(tx.db, monitor.id, tx.now - FORGET_AFTER)
    const present = decision.standings.filter(({ state }) => state !== 'gone')
    await tell(tx, world, monitor, decision.changes, changed, present)
    if (decision.newlyHeld.length > 0)
      await floorHeld.append(tx, world, {
        subject: monitor.id,
        actor: ours,
        data: {
          monitorId: monitor.id,
          serviceId: monitor.serviceId,
          members: decision.newlyHeld,
          floor: decision.floor,
          inPool: present.filter(({ state }) => state === 'in').length,
        },
      })
    return decision
  })
}

/** Returns all that was drained: the monitor is removed, switched off, or looks at something else now. */
export async function releasePool(
  tx: Tx,
  world: World,
  monitor: Pick<Monitor, 'id' | 'serviceId'>,
): Promise<void> {
  const stored = await membersOfPool(tx.db, monitor.id)
  if (!stored.some(({ state }) => state === 'drained')) return
  const { standings, changes } = undoAll(stored, tx.now)
  const changed = standings.map((standing, i): PoolMember => {
    const old = stored[i]!
    const turned = old.state !== standing.state
    return { ...old, ...standing, version: old.version + 1, ...(turned && { toldAt: null }) }
  })
  await store(tx, changed)
  const present = changed.filter(({ state }) => state !== 'gone')
  await tell(tx, world, monitor, changes, changed, present)
}

/** The members whose rows differ from what is stored. */
function changedMembers(
  monitorId: string,
  stored: PoolMember[],
  { standings }: PoolDecision,
  sights: readonly MemberSight[],
  tell: 'drain' | 'down',
): PoolMember[] {
  const known = new Map(stored.map((member) => [member.member, member]))
  const seen = new Map(sights.map((sight, place) => [sight.member, { ...sight, place }]))
  const changed: PoolMember[] = []
  for (const standing of standings) {
    const old = known.get(standing.member)
    const sight = seen.get(standing.member)
    // The summary holds figures that move with every check: it is news only together with its reason.
    const news = !old || !sight || old.verdict !== sight.verdict || old.reason !== sight.reason
    const turned = !old || old.state !== standing.state || old.since !== standing.since
    const next: PoolMember = {
      monitorId,
      ...standing,
      address: sight?.address ?? old!.address,
      place: sight?.place ?? sights.length,
      verdict: sight?.verdict ?? 'unknown',
      reason: sight?.reason ?? 'left-the-pool',
      summary: (news ? sight?.summary : old.summary) ?? 'it is no longer a member',
      tell,
      toldAt: turned ? null : old.toldAt,
      version: (old?.version ?? 0) + 1,
    }
    if (!old || differs(old, next)) changed.push(next)
  }
  return changed
}

function differs({ version: _, ...old }: PoolMember, next: PoolMember): boolean {
  return (Object.keys(old) as (keyof typeof old)[]).some((key) => old[key] !== next[key])
}

async function store(tx: Tx, members: PoolMember[]): Promise<void> {
  for (const member of members)
    if (!(await storePoolMember(tx.db, member)))
      throw new TocsinError(
        'wrong-state',
        `The pool "${member.monitorId}" was decided by somebody else meanwhile.`,
      )
}

async function tell(
  tx: Tx,
  world: World,
  monitor: Pick<Monitor, 'id' | 'serviceId'>,
  changes: PoolChange[],
  members: PoolMember[],
  present: readonly { state: string }[],
): Promise<void> {
  for (const { member, change, cause } of changes) {
    const { address, reason, summary } = members.find((one) => one.member === member)!
    const fact = change === 'drained' ? memberDrained : memberReturned
    await fact.append(tx, world, {
      subject: monitor.id,
      actor: ours,
      data: {
        monitorId: monitor.id,
        serviceId: monitor.serviceId,
        member,
        address,
        cause,
        reason,
        summary,
        inPool: present.filter(({ state }) => state === 'in').length,
        members: present.length,
      },
    })
  }
}
