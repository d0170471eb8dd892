import { z } from 'zod'
import type { World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { personSignedIn } from './facts.ts'
import { type OpenedSession, openSessionIn, passwordInput, type RequestOrigin } from './open-session.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { findAccount, setPasswordHash } from './people.rows.ts'
import { actorOfPerson } from './person-actor.ts'
import { accountKeyOf, countAttempt, placeOf } from './sign-in-limit.ts'
import { forgiveFailures } from './sign-ins.rows.ts'

const schema = z.strictObject({ email: z.string().trim().min(1).max(320), password: passwordInput })

function wrong(): TocsinError {
  return new TocsinError('wrong-credentials', 'The e-mail address or the password is wrong.')
}

/** Opens a session. A wrong address and a wrong password are told apart neither by words nor by time. */
export async function signIn(
  world: World,
  input: z.input<typeof schema>,
  from: RequestOrigin,
): Promise<OpenedSession> {
  const { email, password } = parseInput(schema, input)
  const accountKey = accountKeyOf(email)
  await countAttempt(world, accountKey, from.ip)
  const account = await findAccount(world.store.read, email)
  const { right, outdated } = await verifyPassword(password, account?.passwordHash ?? null)
  if (!account || !right) throw wrong()
  const better = outdated ? await hashPassword(password) : null
  return world.transact(async (tx) => {
    // The password may have been changed while this one was being checked.
    const now = await findAccount(tx.db, email)
    if (now?.passwordHash !== account.passwordHash || now?.person.id !== account.person.id) throw wrong()
    if (better) await setPasswordHash(tx.db, now.person.id, better, tx.now)
    await forgiveFailures(tx.db, accountKey, placeOf(from.ip))
    const session = await openSessionIn(tx, now.person, from)
    await personSignedIn.append(tx, world, {
      subject: now.person.id,
      actor: actorOfPerson(now.person),
      data: { personId: now.person.id, sessionId: session.sessionId, ip: from.ip.slice(0, 64) },
    })
    return session
  })
}
