import { z } from 'zod'
import { type ChannelMap, parseAddress, channels as realChannels } from '../channels/index.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Contact } from './catalog.ts'
import { addressKey, changeContactAddress, findContact, listContacts } from './contacts.rows.ts'
import { contactChanged } from './facts.ts'
import { contactInput } from './fields.ts'
import { lockCatalog } from './lock.rows.ts'
import { authorizeFor } from './person-actor.ts'
import { dropVerification, queueVerification } from './queue-verification.ts'

const schema = z.strictObject({ contactId: z.string().max(200), address: contactInput.shape.address })

/** Writes another address: the contact is unverified from here on, and its verification is queued. */
export async function changeContactIn(
  tx: Tx,
  world: World,
  actor: Actor,
  contact: Contact,
  address: Record<string, unknown>,
): Promise<Contact> {
  await dropVerification(tx, contact.id)
  await changeContactAddress(tx.db, contact, address)
  const { id: contactId, personId, kind } = contact
  await contactChanged.append(tx, world, { subject: contactId, actor, data: { contactId, personId, kind } })
  await queueVerification(tx, { id: contactId, kind, address })
  return (await findContact(tx.db, contactId))!
}

/** Changes the address of a contact that no file manages. */
export async function changeContact(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
  channels: ChannelMap = realChannels,
): Promise<Contact> {
  const { contactId, address: raw } = parseInput(schema, input)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const contact = await findContact(tx.db, contactId)
    if (!contact) throw notFound('contact', contactId)
    authorizeFor(actor, contact.personId)
    if (contact.managedBy === 'file')
      throw new TocsinError(
        'managed-by-file',
        'Change this contact in the configuration file, section "people".',
      )
    const address = parseAddress(channels, contact.kind, raw)
    const key = addressKey(contact.kind, address)
    if (key === addressKey(contact.kind, contact.address)) return contact
    const others = await listContacts(tx.db, contact.personId)
    if (others.some((other) => addressKey(other.kind, other.address) === key))
      throw new TocsinError('duplicate', 'The person has this contact already.')
    return changeContactIn(tx, world, actor, contact, address)
  })
}
