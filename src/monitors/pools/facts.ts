import { defineFact } from '../../engine/facts.ts'
import type { HeldCause, StandingCause } from './pool.ts'

interface MemberDecided {
  monitorId: string
  serviceId: string
  member: string
  address: string
  cause: StandingCause
  /** What the newest check said of it. */
  reason: string
  summary: string
  /** How many members take users now, of how many. */
  inPool: number
  members: number
}

/** A member of a pool is kept from users: load balancers that ask are told so from now on. */
export const memberDrained = defineFact<MemberDecided>('pool.member-drained')

/** A member that we had drained takes users again. */
export const memberReturned = defineFact<MemberDecided>('pool.member-returned')

/** Members are bad long enough to be drained, and are not: too few would be left, or none is well. */
export const floorHeld = defineFact<{
  monitorId: string
  serviceId: string
  members: { member: string; cause: HeldCause }[]
  floor: number
  inPool: number
}>('pool.floor-held')
