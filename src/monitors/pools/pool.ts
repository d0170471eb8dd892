import type { Millis } from '../../kit/clock.ts'
import type { Verdict } from '../observation.ts'

/** Where a member stands: taking users, kept from them by us, or no longer a member. */
export type MemberState = 'in' | 'drained' | 'gone'

/** Why a member stands where it stands. */
export const STANDING_CAUSES = [
  'member-from-the-start',
  'trusted-newcomer',
  'not-tested-yet',
  'bad-in-a-row',
  'good-in-a-row',
  'floor-demands-it',
  'left-the-pool',
  'decides-no-more',
] as const
export type StandingCause = (typeof STANDING_CAUSES)[number]

/** Why a member that is bad long enough is not drained. */
export const HELD_CAUSES = ['floor', 'none-is-well'] as const
export type HeldCause = (typeof HELD_CAUSES)[number]

/** What is decided about one member, as it is stored. */
export interface Standing {
  member: string
  state: MemberState
  cause: StandingCause
  /** Since when it is in this state. */
  since: Millis
  /** Bad and good checks in a row, counted no further than they matter. */
  reds: number
  greens: number
  held: HeldCause | null
}

/** What a check saw of one member. */
export interface MemberSight {
  member: string
  address: string
  verdict: Verdict
  reason: string
  summary: string
  tookMs: number
}

/** How bad checks turn into decisions. */
export interface PoolPolicy {
  /** With `watch` nothing is drained, and what was drained is returned. */
  decide: 'act' | 'watch'
  /** Bad checks in a row before a member is drained. */
  drainAfter: number
  /** Good checks in a row before a drained or new member takes users. */
  returnAfter: number
  /** How many members must never be drained. */
  floor: Share
  /** Whether a member that joins later must first be seen well. */
  newcomers: 'tested' | 'trusted'
}

/** A number of members, or a share of them. */
export type Share = { count: number } | { percent: number }

/** The details of an observation of a pool. */
export interface PoolDetails {
  members: MemberSight[]
}
