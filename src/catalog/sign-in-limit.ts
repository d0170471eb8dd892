import ipaddr from 'ipaddr.js'
import type { World } from '../engine/world.ts'
import { formatDuration } from '../kit/duration.ts'
import { TocsinError } from '../kit/errors.ts'
import { hashSecret, newId } from '../kit/ids.ts'
import { emailKey } from './people.rows.ts'
import { admitSignIn, FAILURE_WINDOW } from './sign-in.rules.ts'
import { deleteFailure, insertFailure, recentFailures } from './sign-ins.rows.ts'

/** Too many wrong passwords; says when the next attempt makes sense. */
export class SignInLimited extends TocsinError {
  readonly retryAfterSeconds: number
  constructor(retryAfterMs: number) {
    super('too-many-requests', `Too many failed attempts. Try again in ${formatDuration(retryAfterMs)}.`)
    this.retryAfterSeconds = Math.ceil(retryAfterMs / 1_000)
  }
}

/** What counts as one place: an IPv4 address, or an IPv6 network of 64 bits, which one household has. */
export function placeOf(ip: string): string {
  const bare = ip.split('%')[0]!
  if (!ipaddr.isValid(bare)) return bare.slice(0, 64)
  const address = ipaddr.process(bare)
  if (address.kind() === 'ipv4') return address.toString()
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

/** What failures are counted under: not the address itself, because people type passwords into that field. */
export function accountKeyOf(email: string): string {
  return hashSecret(emailKey(email))
}

/**
 * Counts an attempt as failed before it is made, so that many at once cannot all slip in below the limit.
 * Throws `too-many-requests` when there were too many; an attempt that is not admitted does not count.
 */
export async function countAttempt(world: World, accountKey: string, ip: string): Promise<void> {
  const place = placeOf(ip)
  const now = world.clock.now()
  const id = newId(now)
  const admission = async () =>
    admitSignIn(await recentFailures(world.store.read, accountKey, place, now - FAILURE_WINDOW, id), now)
  let verdict = await admission()
  if (verdict.admitted) {
    await world.transact((tx) => insertFailure(tx.db, { id, account_key: accountKey, ip: place, at: now }))
    verdict = await admission()
    if (verdict.admitted) return
    await world.transact((tx) => deleteFailure(tx.db, id))
  }
  world.log.warn({ place, reason: verdict.reason }, 'a sign-in was not admitted')
  throw new SignInLimited(verdict.retryAfterMs)
}
