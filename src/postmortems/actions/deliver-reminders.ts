import { type Contact, findPerson, verifiedContacts } from '../../catalog/index.ts'
import { sendThrough } from '../../channels/index.ts'
import { type Delivery, enqueue, type OutboxHandler, type OutboxItem } from '../../engine/outbox.ts'
import { systemActor, type Tx, type World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import type { Reader } from '../../store/store.ts'
import { findAction } from '../postmortems.rows.ts'
import type { TellingMeans } from '../review/tell.ts'
import { findCounterpart, listPromises } from './counterparts.rows.ts'
import { actionReminded, actionReminderFailed } from './facts.ts'
import { REMINDERS, standingOf } from './remind.ts'
import { type RemindedAction, reminderMessage } from './reminder-message.rules.ts'
import { type Notice, noticesOfBatch, settleNotice } from './reminders.rows.ts'
import { overtakenBy } from './reminders.rules.ts'

interface Payload {
  personId: string
  batch: string
  /** The contacts that refused it. */
  tried: string[]
}
type Item = OutboxItem<Payload>

const actor = systemActor('postmortems')
const ATTEMPTS = 8
const NO_CONTACT = 'there is no verified contact'

/** A reminder wakes nobody: it goes to a mailbox where there is one, and else the way that pages go first. */
async function nextContact(db: Reader, { personId, tried }: Payload): Promise<Contact | null> {
  const left = (await verifiedContacts(db, personId)).filter(({ id }) => !tried.includes(id))
  return left.find(({ kind }) => kind === 'email') ?? left[0] ?? null
}

/** Those of the message that still hold when it leaves. */
async function stillTrue(db: Reader, batch: string): Promise<{ notice: Notice; action: RemindedAction }[]> {
  const found: { notice: Notice; action: RemindedAction }[] = []
  for (const notice of await noticesOfBatch(db, batch)) {
    const action = await findAction(db, notice.actionId)
    if (!action || overtakenBy(notice, await standingOf(db, action)) !== null) continue
    const promises = await listPromises(db, action.id)
    const owner = action.owner === null ? null : await findPerson(db, action.owner)
    found.push({
      notice,
      action: {
        id: action.id,
        title: action.title,
        criterion: action.criterion,
        reason: notice.reason,
        stateReason: action.reason,
        dueAt: action.dueAt,
        ownerName: owner?.name ?? null,
        counterpart: await findCounterpart(db, action.id),
        promises: { count: promises.length, last: promises.at(-1)?.promisedAt ?? null },
        url: '',
      },
    })
  }
  return found
}

async function deliver(
  means: TellingMeans,
  world: World,
  item: Item,
  signal: AbortSignal,
): Promise<Delivery> {
  const db = world.store.read
  const { personId, batch } = item.payload
  const left = await stillTrue(db, batch)
  if (left.length === 0) return { result: 'sent', detail: 'no longer needed' }
  const person = await findPerson(db, personId)
  const contact = person && (await nextContact(db, item.payload))
  if (!contact) return { result: 'refused', reason: NO_CONTACT }
  const message = reminderMessage({
    actions: left.map(({ action }) => ({ ...action, url: `${world.publicUrl}/actions/${action.id}` })),
    timezone: person.timezone,
    now: world.clock.now(),
    publicUrl: world.publicUrl,
    key: item.key,
  })
  const context = { clock: world.clock, signal, settings: means.settings() }
  return sendThrough(means.channels, contact.kind, contact.address, message, context)
}

async function settled(tx: Tx, world: World, item: Item, delivery: Delivery): Promise<void> {
  const { personId, batch, tried } = item.payload
  const contact = await nextContact(tx.db, item.payload)
  if (delivery.result === 'refused' && contact && delivery.reason !== NO_CONTACT) {
    const payload: Payload = { personId, batch, tried: [...tried, contact.id] }
    const key = `reminders:${batch}:${payload.tried.length}`
    if (await nextContact(tx.db, payload)) {
      await enqueue(tx, { kind: REMINDERS, key, topic: item.topic, payload })
      return
    }
  }
  for (const notice of await noticesOfBatch(tx.db, batch)) {
    const about = { subject: notice.actionId, actor }
    const told = { actionId: notice.actionId, personId, reason: notice.reason }
    if (delivery.result !== 'sent') {
      const why = 'reason' in delivery ? delivery.reason : ''
      await settleNotice(tx, notice.id, { state: 'failed', channel: contact?.kind ?? null, detail: why })
      await actionReminderFailed.append(tx, world, { ...about, data: { ...told, why } })
    } else if (delivery.detail === 'no longer needed')
      await settleNotice(tx, notice.id, { state: 'dropped', detail: 'settled' })
    else {
      const channel = contact?.kind ?? null
      await settleNotice(tx, notice.id, { state: 'sent', channel, detail: delivery.detail ?? 'sent' })
      await actionReminded.append(tx, world, { ...about, data: { ...told, channel: channel ?? '' } })
    }
  }
}

/** The outbox handler of reminders. */
export function remindersHandler(means: TellingMeans): OutboxHandler {
  return {
    attempts: ATTEMPTS,
    timeoutMs: 30 * SECOND,
    deliver: (world, item, signal) => deliver(means, world, item, signal),
    settled,
  }
}
