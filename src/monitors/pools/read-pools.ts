import type { Reader } from '../../store/store.ts'
import { allPoolMembers, membersOfPool, type PoolMember } from './pool-members.rows.ts'

/** A pool as people see it. */
export interface PoolView {
  monitorId: string
  members: PoolMember[]
  /** Members that take users, and those that we keep from them. */
  inPool: number
  drained: number
}

function viewOf(monitorId: string, stored: PoolMember[]): PoolView {
  const members = stored.filter(({ state }) => state !== 'gone')
  const drained = members.filter(({ state }) => state === 'drained').length
  return { monitorId, members, inPool: members.length - drained, drained }
}

/** Every pool that was ever checked. */
export async function listPools(db: Reader): Promise<PoolView[]> {
  const pools = await allPoolMembers(db)
  return [...pools]
    .map(([id, members]) => viewOf(id, members))
    .sort((a, b) => (a.monitorId < b.monitorId ? -1 : 1))
}

/** One pool; without members, where it was never checked. */
export async function readPool(db: Reader, monitorId: string): Promise<PoolView> {
  return viewOf(monitorId, await membersOfPool(db, monitorId))
}
