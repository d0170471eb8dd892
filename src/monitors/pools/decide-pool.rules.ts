import type { Millis } from '../../kit/clock.ts'
import type { HeldCause, MemberSight, PoolPolicy, Share, Standing, StandingCause } from './pool.ts'

/** One decision, to be written down as a fact. */
export interface PoolChange {
  member: string
  change: 'drained' | 'returned'
  cause: StandingCause
}

export interface PoolDecision {
  standings: Standing[]
  changes: PoolChange[]
  /** Members that have just begun to be held back from draining. */
  newlyHeld: { member: string; cause: HeldCause }[]
  /** How many members may not be drained, of those there are. */
  floor: number
}

/** A share as a number of members, rounded up; at least one where there is any. */
export function membersOf(share: Share, members: number): number {
  const wanted = 'count' in share ? share.count : Math.ceil((share.percent / 100) * members)
  return Math.min(members, Math.max(1, wanted))
}

/**
 * Decides who takes users, from what one check saw of every member. Three things always hold: at least `floor`
 * members are not drained by us; a member is drained only after bad checks in a row, and one that could not be
 * judged breaks the row; and nobody is drained while no other member is well, because users would gain nothing
 * and a check that calls everybody bad is more likely wrong itself.
 */
export function decidePool(
  before: readonly Standing[],
  sights: readonly Pick<MemberSight, 'member' | 'verdict'>[],
  policy: PoolPolicy,
  now: Millis,
): PoolDecision {
  const changes: PoolChange[] = []
  const known = new Map(before.map((standing) => [standing.member, standing]))
  const seen = new Set(sights.map(({ member }) => member))
  const turn = (standing: Standing, state: Standing['state'], cause: StandingCause) => {
    if (state === 'drained') changes.push({ member: standing.member, change: 'drained', cause })
    else if (standing.state === 'drained')
      changes.push({ member: standing.member, change: 'returned', cause })
    Object.assign(standing, { state, cause, since: now, held: null })
  }

  const present: Standing[] = []
  const joined: Standing[] = []
  for (const { member, verdict } of sights) {
    const old = known.get(member)
    const isNew = !old || old.state === 'gone'
    const standing: Standing = isNew ? newcomer(member, now) : { ...old }
    count(standing, verdict, policy)
    present.push(standing)
    if (isNew && before.length > 0) joined.push(standing)
  }
  const floor = membersOf(policy.floor, present.length)
  const inPool = () => present.filter((standing) => standing.state === 'in')

  for (const standing of joined) {
    if (policy.decide === 'watch' || policy.newcomers === 'trusted') standing.cause = 'trusted-newcomer'
    else if (standing.greens < policy.returnAfter && inPool().length > floor)
      turn(standing, 'drained', 'not-tested-yet')
  }
  for (const standing of present) {
    if (standing.state !== 'drained') continue
    if (policy.decide === 'watch') turn(standing, 'in', 'decides-no-more')
    else if (standing.greens >= policy.returnAfter) turn(standing, 'in', 'good-in-a-row')
  }
  // The pool has become smaller or the floor higher: the least bad come back.
  const waiting = present.filter((standing) => standing.state === 'drained').sort(leastBadFirst)
  for (const standing of waiting) if (inPool().length < floor) turn(standing, 'in', 'floor-demands-it')

  const newlyHeld: PoolDecision['newlyHeld'] = []
  const well = new Set(sights.filter(isWell).map(({ member }) => member))
  for (const standing of present) {
    const bad = standing.state === 'in' && standing.reds >= policy.drainAfter && policy.decide === 'act'
    if (!bad) {
      standing.held = null
      continue
    }
    const cause = whyHeld(inPool(), floor, well)
    if (cause === null) turn(standing, 'drained', 'bad-in-a-row')
    else {
      if (standing.held === null) newlyHeld.push({ member: standing.member, cause })
      standing.held = cause
    }
  }

  const left = before
    .filter(({ member }) => !seen.has(member))
    .map((standing) => {
      const last: Standing = { ...standing, reds: 0, greens: 0 }
      if (last.state !== 'gone') turn(last, 'gone', 'left-the-pool')
      return last
    })
  return { standings: [...present, ...left], changes, newlyHeld, floor }
}

function newcomer(member: string, now: Millis): Standing {
  return { member, state: 'in', cause: 'member-from-the-start', since: now, reds: 0, greens: 0, held: null }
}

const isWell = ({ verdict }: Pick<MemberSight, 'verdict'>) => verdict === 'up' || verdict === 'degraded'

function count(standing: Standing, verdict: MemberSight['verdict'], policy: PoolPolicy): void {
  const well = isWell({ verdict })
  standing.greens = well ? Math.min(standing.greens + 1, policy.returnAfter) : 0
  standing.reds = verdict === 'down' ? Math.min(standing.reds + 1, policy.drainAfter) : 0
}

function whyHeld(inPool: Standing[], floor: number, well: ReadonlySet<string>): HeldCause | null {
  // Whoever is to be drained is bad, so that those who are well are others.
  if (!inPool.some(({ member }) => well.has(member))) return 'none-is-well'
  return inPool.length - 1 < floor ? 'floor' : null
}

function leastBadFirst(one: Standing, other: Standing): number {
  return other.greens - one.greens || one.reds - other.reds || other.since - one.since
}

/** Everything that we did, undone: for a pool that is watched no more. */
export function undoAll(
  before: readonly Standing[],
  now: Millis,
): Pick<PoolDecision, 'standings' | 'changes'> {
  const changes: PoolChange[] = []
  const standings = before.map((standing): Standing => {
    if (standing.state !== 'drained') return { ...standing, held: null }
    changes.push({ member: standing.member, change: 'returned', cause: 'decides-no-more' })
    return { ...standing, state: 'in', cause: 'decides-no-more', since: now, reds: 0, greens: 0, held: null }
  })
  return { standings, changes }
}
