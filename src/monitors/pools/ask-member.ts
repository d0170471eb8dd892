import type { World } from '../../engine/world.ts'
import { agentAnswer } from './answer-balancer.rules.ts'
import { findPoolMember, noteTold, type PoolMember } from './pool-members.rows.ts'

/**
 * What a load balancer is told of a member, read from what was decided last; null where there is no such member.
 * That it was told of a return is stored, because `ready` is not said for ever.
 */
export async function askMember(
  world: World,
  pool: string,
  name: string,
): Promise<{ line: string; member: PoolMember } | null> {
  const member = await findPoolMember(world.store.read, pool, name)
  if (!member) return null
  const now = world.clock.now()
  const { line, saysReady } = agentAnswer(member, now)
  if (saysReady && member.toldAt === null) await world.store.transaction((db) => noteTold(db, member, now))
  return { line, member }
}
