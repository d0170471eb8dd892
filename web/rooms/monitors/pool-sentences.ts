import type { Pool } from '../../../src/contract/pools.ts'

/** How many members a pool needs and how many are never drained, of as many as it has. */
export interface PoolLimits {
  members: number
  least: number
  wanted: number
  floor: number
  /** With `watch` nobody is drained. */
  decide: 'act' | 'watch'
}

type Settings = Record<string, unknown>
const group = (value: unknown): Settings =>
  typeof value === 'object' && value !== null ? (value as Settings) : {}

/** A share as it is written (`2`, `"50%"`) or as it is stored, as a number of members; at least one. */
function countOf(share: unknown, otherwise: number, members: number): number {
  const percent = (text: number) => Math.ceil((text / 100) * members)
  const { count, percent: part } = group(share)
  const wanted =
    typeof share === 'number'
      ? share
      : typeof share === 'string' && /^\d+%$/.test(share)
        ? percent(Number.parseInt(share, 10))
        : typeof count === 'number'
          ? count
          : percent(typeof part === 'number' ? part : otherwise)
  return Math.min(members, Math.max(1, wanted))
}

/** The limits of a pool, from the settings of its monitor. */
export function poolLimits(spec: Settings, members: number): PoolLimits {
  const { least, wanted } = group(spec.needs)
  const { floor, decide } = group(spec.drain)
  return {
    members,
    least: countOf(least, 50, members),
    wanted: countOf(wanted, 100, members),
    floor: countOf(floor, 50, members),
    decide: decide === 'watch' ? 'watch' : 'act',
  }
}

const members = (count: number) => (count === 1 ? '1 member' : `${count} members`)
const are = (count: number) => (count === 1 ? 'is' : 'are')

/** How a pool stands, its quorum and its floor, in one sentence each. */
export function poolSentences(pool: Pool, limits: PoolLimits): string[] {
  const total = pool.members.length
  const well = pool.members.filter(isWell).length
  const unclear = pool.members.filter(({ verdict }) => verdict === 'unknown').length
  const spare = well - limits.least
  const judged = unclear > 0 ? `, ${unclear} could not be judged` : ''
  const quorum =
    spare < 0
      ? `the pool is down with fewer than ${limits.least}`
      : spare === 0
        ? `no further one may fail: the pool is down with fewer than ${limits.least}`
        : `${spare} more may fail before the pool is down`
  const taking =
    limits.decide === 'watch'
      ? 'Tocsin only watches this pool: it keeps nobody from users.'
      : pool.inPool <= limits.floor
        ? `${pool.inPool} of ${total} take users, which is the floor: none further is drained, however bad it is.`
        : `${pool.inPool} of ${total} take users; at least ${limits.floor} always will, whatever the checks say.`
  return [`${well} of ${members(total)} ${are(well)} well${judged}; ${quorum}.`, taking]
}

/** Degraded ones still serve. */
const isWell = ({ verdict }: Pool['members'][number]) => verdict === 'up' || verdict === 'degraded'

const CAUSES: Record<string, string> = {
  'member-from-the-start': 'a member from the start',
  'trusted-newcomer': 'joined, and newcomers are trusted',
  'not-tested-yet': 'joined, and must be seen well first',
  'bad-in-a-row': 'bad too often in a row',
  'good-in-a-row': 'good often enough in a row',
  'floor-demands-it': 'the floor demands it',
  'left-the-pool': 'left the pool',
  'decides-no-more': 'nobody is drained any more',
}

/** Why a member stands where it stands, and by whom. */
export function sayCause(member: Pool['members'][number]): string {
  const cause = CAUSES[member.cause] ?? member.cause.replaceAll('-', ' ')
  return member.state === 'drained' ? `by Tocsin: ${cause}` : cause
}

/** Why a member that is bad keeps its users; null where it is not held back. */
export function sayHeld({ held }: Pool['members'][number]): string | null {
  if (held === null) return null
  if (held === 'floor') return 'bad, and kept: the floor allows no further drain'
  if (held === 'none-is-well') return 'bad, and kept: no other member is well'
  return `bad, and kept: ${held.replaceAll('-', ' ')}`
}

const WEIGHT = { down: 0, unknown: 1, degraded: 2, up: 3 }

/** Those that need somebody first: drained, bad, unclear, well; by name within. */
export function byNeed(a: Pool['members'][number], b: Pool['members'][number]): number {
  const drained = Number(b.state === 'drained') - Number(a.state === 'drained')
  return (
    drained ||
    WEIGHT[a.verdict] - WEIGHT[b.verdict] ||
    a.member.localeCompare(b.member, 'en', { numeric: true })
  )
}
