import type { Selectable } from 'kysely'
import type { SessionsTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { Session } from './catalog.ts'

export type SessionRow = Selectable<SessionsTable>

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    personId: row.person_id,
    ip: row.ip,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  }
}

export async function insertSession(db: Db, row: Omit<SessionRow, 'ended_at'>): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ ...row, ended_at: null })
    .execute()
}

export async function findSessionRow(db: Reader, secretHash: string): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  return row ?? null
}

/** The sessions of a person that have not ended, the latest used first. */
export async function listSessions(db: Reader, personId: string, now: number): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .execute()
  return rows.map(toSession)
}

export async function touchSession(db: Db, id: string, now: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

export async function endSession(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Ends every session of a person; answers how many there were. */
export async function endSessionsOf(db: Db, personId: string, now: number): Promise<number> {
  const result = await db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return touched(result)
}

export async function purgeSessions(db: Db, before: number): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where((eb) => eb.or([eb('expires_at', '<', before), eb('ended_at', '<', before)]))
    .execute()
}
