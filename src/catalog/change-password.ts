import { z } from 'zod'
import type { Actor, World } from '../engine/world.ts'
import { TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { passwordInput } from './open-session.ts'
import { wordsOf } from './password.rules.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { findPerson, passwordHashOf } from './people.rows.ts'
import { requirePassword, setPasswordIn } from './set-password.ts'
import { accountKeyOf, countAttempt, placeOf } from './sign-in-limit.ts'
import { forgiveFailures } from './sign-ins.rows.ts'

const schema = z.strictObject({ current: passwordInput, next: passwordInput })

// Guesses behind an open session are counted apart, so that they cannot lock the person out.
const PLACE = 'signed-in'

/** Changes one's own password; every session ends, this one too. */
export async function changePassword(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
): Promise<void> {
  const { current, next } = parseInput(schema, input)
  const person = actor.personId ? await findPerson(world.store.read, actor.personId) : null
  if (!person) throw wrongState('Only a person has a password.')
  requirePassword(next, person, 'next')
  const accountKey = accountKeyOf(`session ${person.id}`)
  await countAttempt(world, accountKey, PLACE)
  const before = await passwordHashOf(world.store.read, person.id)
  if (!(await verifyPassword(current, before)).right)
    throw new TocsinError('wrong-credentials', 'The present password is wrong.', [
      { path: 'current', message: 'is wrong' },
    ])
  if (current === next)
    throw new TocsinError('invalid-input', `The password ${wordsOf('same-as-before')}.`, [
      { path: 'next', message: wordsOf('same-as-before') },
    ])
  const hash = await hashPassword(next)
  await world.transact(async (tx) => {
    if ((await passwordHashOf(tx.db, person.id)) !== before)
      throw wrongState('The password was changed meanwhile.')
    await forgiveFailures(tx.db, accountKey, placeOf(PLACE))
    await setPasswordIn(tx, world, person, hash, 'by-the-person')
  })
}
