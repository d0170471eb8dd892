import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import type { Contact } from './catalog.ts'
import { findContact } from './contacts.rows.ts'
import { authorizeFor } from './person-actor.ts'
import { queueVerification } from './queue-verification.ts'

/** Sends the verification link again; at most once a minute. */
export function sendVerification(world: World, actor: Actor, input: { contactId: string }): Promise<Contact> {
  return world.transact(async (tx) => {
    const contact = await findContact(tx.db, input.contactId)
    if (!contact) throw notFound('contact', input.contactId)
    authorizeFor(actor, contact.personId)
    if (contact.state === 'verified') throw wrongState('This contact is verified.')
    if (!(await queueVerification(tx, contact)))
      throw new TocsinError(
        'too-many-requests',
        'A link was sent within the last minute. Wait a little, then look there.',
      )
    return { ...contact, verificationAskedAt: tx.now }
  })
}
