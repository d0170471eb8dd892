import type { Observation } from '../../observation.ts'
import type { MemberSight } from '../../pools/pool.ts'

export const POOL_REASONS = [
  'ok',
  'pool.quorum-lost',
  'pool.members-down',
  'pool.too-small',
  'pool.members-degraded',
  'pool.members-unknown',
  'pool.unresolved',
] as const

/** How many good members the pool needs, and how many there must be at all. */
export interface PoolNeeds {
  least: number
  wanted: number
  size: number | null
}

type Judgement = Pick<Observation, 'verdict' | 'summary'> & { reason: (typeof POOL_REASONS)[number] }

/**
 * The verdict of a pool from its members. A member that could not be judged counts for neither side: only where it
 * decides whether the pool stands is the verdict unknown.
 */
export function judgePool(members: readonly MemberSight[], needs: PoolNeeds): Judgement {
  const by = (verdict: MemberSight['verdict']) => members.filter((member) => member.verdict === verdict)
  const [down, degraded, unknown] = [by('down'), by('degraded'), by('unknown')]
  const good = members.length - down.length - unknown.length
  const of = `${good} of ${members.length} members are well`
  const because = (named: MemberSight[]) => `${of}; ${tellMembers(named)}`
  if (good + unknown.length < needs.least)
    return {
      verdict: 'down',
      reason: 'pool.quorum-lost',
      summary: `${of}, ${needs.least} are needed; ${tellMembers(down)}`,
    }
  if (good < needs.least)
    return { verdict: 'unknown', reason: 'pool.members-unknown', summary: because(unknown) }
  if (down.length > 0 && good + unknown.length < needs.wanted)
    return { verdict: 'degraded', reason: 'pool.members-down', summary: because(down) }
  if (needs.size !== null && members.length < needs.size)
    return {
      verdict: 'degraded',
      reason: 'pool.too-small',
      summary: `there are ${members.length} members, ${needs.size} are expected`,
    }
  if (good < needs.wanted)
    return { verdict: 'degraded', reason: 'pool.members-unknown', summary: because(unknown) }
  if (degraded.length > 0)
    return { verdict: 'degraded', reason: 'pool.members-degraded', summary: because(degraded) }
  return {
    verdict: 'up',
    reason: 'ok',
    summary: down.length + unknown.length > 0 ? of : `all ${members.length} members are well`,
  }
}

const MOST_NAMED = 3

/** The bad members by name, each with what is wrong. */
function tellMembers(members: readonly MemberSight[]): string {
  const told = members.slice(0, MOST_NAMED).map(({ member, summary }) => `${member}: ${summary}`)
  const more = members.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
