import type { Tx, World } from '../engine/world.ts'
import { TocsinError, wrongState } from '../kit/errors.ts'
import type { Person } from './catalog.ts'
import { passwordSet } from './facts.ts'
import { voidLinks } from './links.rows.ts'
import { judgePassword, wordsOf } from './password.rules.ts'
import { setPasswordHash } from './people.rows.ts'
import { actorOfPerson } from './person-actor.ts'
import { endSessionsOf } from './sessions.rows.ts'

/** Throws `invalid-input` when the password may not be set. */
export function requirePassword(
  password: string,
  person: { name: string; email: string },
  path = 'password',
): void {
  const reason = judgePassword(password, person)
  if (reason === 'acceptable') return
  throw new TocsinError('invalid-input', `The password ${wordsOf(reason)}.`, [
    { path, message: wordsOf(reason) },
  ])
}

/** Stores the hash of a password; every session of the person ends, and links to set one are spent. */
export async function setPasswordIn(
  tx: Tx,
  world: World,
  person: Person,
  hash: string,
  how: 'first-administrator' | 'link' | 'by-the-person',
): Promise<void> {
  if (!(await setPasswordHash(tx.db, person.id, hash, tx.now)))
    throw wrongState(`${person.name} is disabled.`)
  await voidLinks(tx.db, 'set-password', person.id, tx.now)
  const endedSessions = await endSessionsOf(tx.db, person.id, tx.now)
  await passwordSet.append(tx, world, {
    subject: person.id,
    actor: actorOfPerson(person),
    data: { personId: person.id, how, endedSessions },
  })
}
