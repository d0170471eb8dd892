import { cancelTopic, enqueue } from '../engine/outbox.ts'
import type { Tx } from '../engine/world.ts'
import { MINUTE } from '../kit/duration.ts'
import { newId } from '../kit/ids.ts'
import type { Contact } from './catalog.ts'
import { addressKey, askVerification } from './contacts.rows.ts'

/** What the outbox carries: the secret of the link is made when it is sent, and never stored. */
export interface VerificationPayload {
  contactId: string
  addressKey: string
}

/** A mailbox that is not the person's own must not be flooded from here. */
export const VERIFICATION_PAUSE = MINUTE

const topicOf = (contactId: string) => `contact:${contactId}`

/** Queues the verification of a contact's address; answers false when one was asked for a moment ago. */
export async function queueVerification(
  tx: Tx,
  contact: Pick<Contact, 'id' | 'kind' | 'address'>,
): Promise<boolean> {
  if (!(await askVerification(tx.db, contact.id, tx.now, tx.now - VERIFICATION_PAUSE))) return false
  const payload: VerificationPayload = {
    contactId: contact.id,
    addressKey: addressKey(contact.kind, contact.address),
  }
  return enqueue(tx, {
    kind: 'catalog.verify-contact',
    key: `verify-contact:${newId(tx.now)}`,
    topic: topicOf(contact.id),
    payload,
  })
}

/** The address is gone or another one: what was queued for it is not sent. */
export async function dropVerification(tx: Tx, contactId: string): Promise<void> {
  await cancelTopic(tx, topicOf(contactId))
}
