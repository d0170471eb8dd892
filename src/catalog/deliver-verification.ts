import { type ChannelMap, type ChannelMessage, type ChannelSettings, sendThrough } from '../channels/index.ts'
import type { OutboxHandler, OutboxItem } from '../engine/outbox.ts'
import { systemActor, type World } from '../engine/world.ts'
import { HOUR, SECOND } from '../kit/duration.ts'
import { hashSecret, newSecret } from '../kit/ids.ts'
import { addressKeyOf, findContact, insertVerification } from './contacts.rows.ts'
import { verificationFailed } from './facts.ts'
import { findPerson } from './people.rows.ts'
import type { VerificationPayload } from './queue-verification.ts'

/** How long a verification link can be used. */
export const VERIFICATION_LIFETIME = 24 * HOUR

/** What the owner of an address reads. */
export function verificationMessage(world: World, name: string, secret: string, key: string): ChannelMessage {
  return {
    subject: 'Confirm that Tocsin can reach you here',
    text:
      `${name}, Tocsin will use this address when an incident needs you, as soon as you confirm that it is yours.\n\n` +
      'The link can be used for 24 hours. If you did not expect this message, do nothing.',
    link: { label: 'Confirm this address', url: `${world.publicUrl}/verify/${secret}` },
    key,
  }
}

/** Sends verification links. Each attempt makes a secret of its own, of which only the hash is stored. */
export function verificationHandler(channels: ChannelMap, settings: ChannelSettings): OutboxHandler {
  return {
    attempts: 8,
    timeoutMs: 30 * SECOND,
    async deliver(world, item: OutboxItem<VerificationPayload>, signal) {
      const contact = await findContact(world.store.read, item.payload.contactId)
      const key = contact && (await addressKeyOf(world.store.read, contact.id))
      const person = contact && (await findPerson(world.store.read, contact.personId))
      if (!contact || !person || key !== item.payload.addressKey || contact.state === 'verified')
        return { result: 'sent', detail: 'no longer needed' }
      const secret = newSecret()
      await world.transact((tx) =>
        insertVerification(tx.db, {
          secret_hash: hashSecret(secret),
          contact_id: contact.id,
          address_key: key,
          created_at: tx.now,
          expires_at: tx.now + VERIFICATION_LIFETIME,
        }),
      )
      const message = verificationMessage(world, person.name, secret, item.key)
      return sendThrough(channels, contact.kind, contact.address, message, {
        clock: world.clock,
        signal,
        settings,
      })
    },
    async settled(tx, world, item: OutboxItem<VerificationPayload>, delivery) {
      if (delivery.result !== 'refused') return
      const contact = await findContact(tx.db, item.payload.contactId)
      if (!contact) return
      const { id: contactId, personId, kind } = contact
      await verificationFailed.append(tx, world, {
        subject: contactId,
        actor: systemActor('catalog'),
        data: { contactId, personId, kind, reason: delivery.reason },
      })
    },
  }
}
