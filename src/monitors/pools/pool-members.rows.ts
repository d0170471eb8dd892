import type { Insertable, Selectable } from 'kysely'
import type { PoolMembersTable } from '../../store/schema/monitors.ts'
import { type Db, type Reader, touched } from '../../store/store.ts'
import type { Verdict } from '../observation.ts'
import type { HeldCause, MemberSight, Standing, StandingCause } from './pool.ts'

/** A stored member: what was decided, and what the newest check saw. */
export interface PoolMember extends Standing, Omit<MemberSight, 'tookMs'> {
  monitorId: string
  place: number
  tell: 'drain' | 'down'
  toldAt: number | null
  version: number
}

function readMember(row: Selectable<PoolMembersTable>): PoolMember {
  return {
    monitorId: row.monitor_id,
    member: row.member,
    address: row.address,
    place: row.place,
    state: row.state,
    cause: row.cause as StandingCause,
    since: row.since,
    reds: row.reds,
    greens: row.greens,
    held: row.held as HeldCause | null,
    verdict: row.verdict as Verdict,
    reason: row.reason,
    summary: row.summary,
    tell: row.tell === 'down' ? 'down' : 'drain',
    toldAt: row.told_at,
    version: row.version,
  }
}

function toRow(member: PoolMember): Insertable<PoolMembersTable> {
  return {
    monitor_id: member.monitorId,
    member: member.member,
    address: member.address,
    place: member.place,
    state: member.state,
    cause: member.cause,
    since: member.since,
    reds: member.reds,
    greens: member.greens,
    held: member.held,
    verdict: member.verdict,
    reason: member.reason,
    summary: member.summary,
    tell: member.tell,
    told_at: member.toldAt,
    version: member.version,
  }
}

/** The members of one pool in their order, those that have left at the end. */
export async function membersOfPool(db: Reader, monitorId: string): Promise<PoolMember[]> {
  const rows = await db
    .selectFrom('pool_members')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .orderBy('place')
    .orderBy('member')
    .execute()
  return rows.map(readMember)
}

/** Every member of every pool, by pool. */
export async function allPoolMembers(db: Reader): Promise<Map<string, PoolMember[]>> {
  const rows = await db.selectFrom('pool_members').selectAll().orderBy('place').orderBy('member').execute()
  const pools = new Map<string, PoolMember[]>()
  for (const row of rows) pools.set(row.monitor_id, [...(pools.get(row.monitor_id) ?? []), readMember(row)])
  return pools
}

/** One member by its name, or null. */
export async function findPoolMember(db: Reader, pool: string, member: string): Promise<PoolMember | null> {
  const row = await db
    .selectFrom('pool_members')
    .selectAll()
    .where('monitor_id', '=', pool)
    .where('member', '=', member)
    .executeTakeFirst()
  return row ? readMember(row) : null
}

/** Stores a member over the version before it; false when somebody was faster. */
export async function storePoolMember(db: Db, member: PoolMember): Promise<boolean> {
  const row = toRow(member)
  if (member.version > 1) {
    const result = await db
      .updateTable('pool_members')
      .set(row)
      .where('monitor_id', '=', member.monitorId)
      .where('member', '=', member.member)
      .where('version', '=', member.version - 1)
      .executeTakeFirst()
    return touched(result) > 0
  }
  const result = await db
    .insertInto('pool_members')
    .values(row)
    .onConflict((c) => c.columns(['monitor_id', 'member']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n) > 0
}

/** Notes when a load balancer first heard that a member is back, unless it has been drained again meanwhile. */
export async function noteTold(db: Db, { monitorId, member, since }: PoolMember, at: number): Promise<void> {
  await db
    .updateTable('pool_members')
    .set({ told_at: at })
    .where('monitor_id', '=', monitorId)
    .where('member', '=', member)
    .where('since', '=', since)
    .where('told_at', 'is', null)
    .execute()
}

/** Forgets members that left before this instant: addresses of a name may come and go for ever. */
export async function forgetGoneMembers(db: Db, monitorId: string, before: number): Promise<void> {
  await db
    .deleteFrom('pool_members')
    .where('monitor_id', '=', monitorId)
    .where('state', '=', 'gone')
    .where('since', '<', before)
    .execute()
}
