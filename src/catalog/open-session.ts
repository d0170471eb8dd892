import { z } from 'zod'
import type { Actor, Tx } from '../engine/world.ts'
import { hashSecret, newId, newSecret } from '../kit/ids.ts'
import type { Person } from './catalog.ts'
import { actorOfPerson } from './person-actor.ts'
import { SESSION_LONGEST } from './session.rules.ts'
import { insertSession } from './sessions.rows.ts'

/** Where a request comes from: the network address as the server sees it, and the browser's name for itself. */
export interface RequestOrigin {
  ip: string
  userAgent: string
}

/** A session just opened; the secret goes into the cookie and is known nowhere else. */
export interface OpenedSession {
  secret: string
  sessionId: string
  expiresAt: number
  actor: Actor
}

/** A password as it arrives: any text, so that a wrong one is wrong and not malformed. */
export const passwordInput = z.string().min(1).max(2_000)

/** Opens a session for the person. */
export async function openSessionIn(tx: Tx, person: Person, from: RequestOrigin): Promise<OpenedSession> {
  const secret = newSecret()
  const sessionId = newId(tx.now)
  const expiresAt = tx.now + SESSION_LONGEST
  await insertSession(tx.db, {
    id: sessionId,
    secret_hash: hashSecret(secret),
    person_id: person.id,
    ip: from.ip.slice(0, 64),
    user_agent: from.userAgent.replace(/\p{Cc}/gu, ' ').slice(0, 200),
    created_at: tx.now,
    last_seen_at: tx.now,
    expires_at: expiresAt,
  })
  return { secret, sessionId, expiresAt, actor: actorOfPerson(person) }
}
