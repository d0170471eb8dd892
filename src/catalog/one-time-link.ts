import type { Actor, Tx, World } from '../engine/world.ts'
import { DAY } from '../kit/duration.ts'
import { TocsinError } from '../kit/errors.ts'
import { hashSecret, newId, newSecret } from '../kit/ids.ts'
import type { Reader } from '../store/store.ts'
import { linkCreated } from './facts.ts'
import { findLink, insertLink, type LinkPurpose, type LinkRow, voidLinks } from './links.rows.ts'

/** A link that can be used once; its secret is in this answer and never to be seen again. */
export interface OneTimeLink {
  url: string
  secret: string
  expiresAt: number
}

/** Where each kind of link leads in the browser application. */
export const LINK_PATHS: Record<LinkPurpose, string> = {
  'first-administrator': '/setup',
  'set-password': '/invitation',
}

const LINK_LIFETIME = DAY

/**
 * Makes a link; those of the same purpose and person before it open nothing any more. The secret stands behind `#`:
 * browsers keep that part, so that no request line, log or referrer ever holds it.
 */
export async function makeLinkIn(
  tx: Tx,
  world: World,
  actor: Actor,
  purpose: LinkPurpose,
  personId: string | null,
): Promise<OneTimeLink> {
  await voidLinks(tx.db, purpose, personId, tx.now)
  const secret = newSecret()
  const id = newId(tx.now)
  const expiresAt = tx.now + LINK_LIFETIME
  const row = { id, secret_hash: hashSecret(secret), purpose, person_id: personId }
  await insertLink(tx.db, { ...row, created_at: tx.now, expires_at: expiresAt })
  await linkCreated.append(tx, world, {
    subject: personId ?? id,
    actor,
    data: { linkId: id, purpose, personId, expiresAt },
  })
  return { url: `${world.publicUrl}${LINK_PATHS[purpose]}#${secret}`, secret, expiresAt }
}

export function linkSpent(): TocsinError {
  return new TocsinError(
    'token-spent',
    'This link has been used, has expired, or was replaced by a newer one.',
  )
}

/** The link of this secret while it can be used; else throws `token-spent`. */
export async function openLink(
  db: Reader,
  secret: string,
  purpose: LinkPurpose,
  now: number,
): Promise<LinkRow> {
  const link = await findLink(db, hashSecret(secret))
  if (!link || link.purpose !== purpose || link.used_at !== null || link.expires_at <= now) throw linkSpent()
  return link
}
