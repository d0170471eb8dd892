import type { World } from '../engine/world.ts'
import { hashSecret } from '../kit/ids.ts'
import { personSignedOut } from './facts.ts'
import { findPerson } from './people.rows.ts'
import { actorOfPerson } from './person-actor.ts'
import { endSession, findSessionRow } from './sessions.rows.ts'

/** Ends the session of this secret; nothing happens when it has ended already. */
export async function signOut(world: World, secret: string): Promise<void> {
  await world.transact(async (tx) => {
    const session = await findSessionRow(tx.db, hashSecret(secret))
    if (!session || !(await endSession(tx.db, session.id, tx.now))) return
    const person = await findPerson(tx.db, session.person_id)
    if (!person) return
    await personSignedOut.append(tx, world, {
      subject: person.id,
      actor: actorOfPerson(person),
      data: { personId: person.id, sessionId: session.id },
    })
  })
}
