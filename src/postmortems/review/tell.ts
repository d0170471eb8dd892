import { findPerson, verifiedContacts } from '../../catalog/index.ts'
import { type ChannelMap, type ChannelSettings, sendThrough } from '../../channels/index.ts'
import { enqueue, type OutboxHandler, type OutboxItem } from '../../engine/outbox.ts'
import { systemActor, type Tx, type World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import { postmortemTold } from '../facts.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { noteTold } from './reviewers.rows.ts'
import { type About, tellMessage } from './tell-messages.rules.ts'

export const TELL = 'postmortems.tell'

interface Payload {
  postmortemId: string
  personId: string
  contactId: string
  about: About
}

/** How words leave; a function is asked at each delivery, so that a reload counts at once. */
export interface TellingMeans {
  channels: ChannelMap
  settings: () => ChannelSettings
}

/**
 * Queues a message to a person, once per key. Nobody is to be woken by it: it goes to their mail where they have a
 * verified address, and only otherwise to the first way in which they can be reached.
 */
export async function tellIn(
  tx: Tx,
  world: World,
  { postmortemId, personId, about, key }: Omit<Payload, 'contactId'> & { key: string },
): Promise<void> {
  // A drill tells nobody.
  if (world.drill !== null) return
  const contacts = await verifiedContacts(tx.db, personId)
  const mails = contacts.filter(({ kind }) => kind === 'email')
  const [contact] = mails.length > 0 ? mails : contacts
  if (!contact) {
    await noteTold(tx, postmortemId, personId, 'failed', 'no verified contact')
    return
  }
  const queued = await enqueue(tx, {
    kind: TELL,
    key: `${TELL}:${key}:${personId}`,
    topic: `postmortem:${postmortemId}`,
    payload: { postmortemId, personId, contactId: contact.id, about } satisfies Payload,
  })
  if (queued) await noteTold(tx, postmortemId, personId, 'queued', 'on its way')
}

/** Sends what was queued, and notes whether it arrived. */
export function tellHandler(means: TellingMeans): OutboxHandler {
  return {
    attempts: 8,
    timeoutMs: 30 * SECOND,
    async deliver(world, { payload, key }: OutboxItem<Payload>, signal) {
      const db = world.store.read
      const postmortem = await findPostmortem(db, payload.postmortemId)
      const contact = (await verifiedContacts(db, payload.personId)).find(
        ({ id }) => id === payload.contactId,
      )
      const person = await findPerson(db, payload.personId)
      if (!postmortem || !person || !contact)
        return { result: 'refused', reason: 'the contact is no longer verified' }
      const url = `${world.publicUrl}/post-mortems/${postmortem.id}`
      const message = tellMessage(payload.about, { title: postmortem.title, url, key })
      const context = { clock: world.clock, signal, settings: means.settings() }
      return sendThrough(means.channels, contact.kind, contact.address, message, context)
    },
    async settled(tx, world, { payload }: OutboxItem<Payload>, delivery) {
      const { postmortemId, personId, about } = payload
      const result = delivery.result === 'sent' ? 'sent' : 'failed'
      const reason = delivery.result === 'sent' ? (delivery.detail ?? 'sent') : delivery.reason
      await noteTold(tx, postmortemId, personId, result, reason)
      await postmortemTold.append(tx, world, {
        subject: postmortemId,
        actor: systemActor('postmortems'),
        data: { postmortemId, personId, about: about.kind, result, reason },
      })
    },
  }
}
