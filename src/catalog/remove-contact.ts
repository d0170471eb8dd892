import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import type { Contact } from './catalog.ts'
import { findContact, removeContactRow } from './contacts.rows.ts'
import { contactRemoved } from './facts.ts'
import { authorizeFor } from './person-actor.ts'
import { dropVerification } from './queue-verification.ts'

/** Takes the contact away; its row stays, for history. */
export async function removeContactIn(tx: Tx, world: World, actor: Actor, contact: Contact): Promise<void> {
  if (!(await removeContactRow(tx.db, contact.id, tx.now))) return
  await dropVerification(tx, contact.id)
  const { id: contactId, personId, kind } = contact
  await contactRemoved.append(tx, world, { subject: contactId, actor, data: { contactId, personId, kind } })
}

/** Removes a contact that no file manages. */
export async function removeContact(world: World, actor: Actor, input: { contactId: string }): Promise<void> {
  await world.transact(async (tx) => {
    const contact = await findContact(tx.db, input.contactId)
    if (!contact) throw notFound('contact', input.contactId)
    authorizeFor(actor, contact.personId)
    if (contact.managedBy === 'file')
      throw new TocsinError(
        'managed-by-file',
        'Remove this contact in the configuration file, section "people".',
      )
    await removeContactIn(tx, world, actor, contact)
  })
}
