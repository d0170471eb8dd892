import type { Actor, World } from '../engine/world.ts'
import { MINUTE } from '../kit/duration.ts'
import { hashSecret } from '../kit/ids.ts'
import type { ApiToken } from './catalog.ts'
import { findPerson } from './people.rows.ts'
import { actorOfPerson } from './person-actor.ts'
import { judgeSession } from './session.rules.ts'
import { findSessionRow, touchSession } from './sessions.rows.ts'
import { findTokenByHash, touchToken } from './tokens.rows.ts'

// Only the hash is compared, by the index: what its timing tells about a hash is of no use to find a secret.
const LONGEST_SECRET = 1_000

/** Who the session belongs to, with the role of today; null when it opens nothing (any more). */
export async function actorOfSession(world: World, secret: string): Promise<Actor | null> {
  if (secret.length > LONGEST_SECRET) return null
  const session = await findSessionRow(world.store.read, hashSecret(secret))
  if (!session) return null
  const person = await findPerson(world.store.read, session.person_id)
  if (!person) return null
  const now = world.clock.now()
  const { last_seen_at: lastSeenAt, expires_at: expiresAt, ended_at: endedAt } = session
  const verdict = judgeSession({ lastSeenAt, expiresAt, endedAt }, person.disabledAt !== null, now)
  if (!verdict.open) return null
  if (verdict.touch) await world.transact((tx) => touchSession(tx.db, session.id, tx.now))
  return actorOfPerson(person)
}

/** What the API token may do; null when it is unknown, revoked, expired, or good for one thing only. */
export async function actorOfToken(world: World, secret: string): Promise<Actor | null> {
  const token = await openToken(world, secret)
  if (!token || (token.scope ?? null) !== null) return null
  return { id: `token:${token.id}`, name: token.name, role: token.role, personId: null }
}

/** The place that a token of a probe speaks for; null for any other. */
export async function placeOfToken(world: World, secret: string): Promise<string | null> {
  const token = await openToken(world, secret)
  return /^probe:(.+)$/.exec(token?.scope ?? '')?.[1] ?? null
}

async function openToken(world: World, secret: string): Promise<ApiToken | null> {
  if (secret.length > LONGEST_SECRET) return null
  const token = await findTokenByHash(world.store.read, hashSecret(secret))
  const now = world.clock.now()
  if (!token || token.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= now)) return null
  if (token.lastUsedAt === null || now - token.lastUsedAt >= MINUTE)
    await world.transact((tx) => touchToken(tx.db, token.id, tx.now))
  return token
}
