import { findAlert } from '../alerts/index.ts'
import { findPerson, verifiedContacts } from '../catalog/index.ts'
import { type ChannelMap, type ChannelSettings, sendThrough } from '../channels/index.ts'
import type { Delivery, OutboxHandler, OutboxItem } from '../engine/outbox.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { SECOND } from '../kit/duration.ts'
import { ackSecret } from './ack-secret.ts'
import { applyEvent } from './apply-event.ts'
import { findEscalation, lockEscalation } from './escalation.rows.ts'
import { pageCancelled, pageFailed, pageSent } from './facts.ts'
import { findPage, noteAttempt, pagesOfAlert, settlePage } from './page.rows.ts'
import { pageMessage } from './page-message.rules.ts'
import { pageFact, queueResolved } from './queue-pages.ts'

const actor = systemActor('oncall')

/** Channels and what they share; a function is asked at each delivery, so that a reload counts at once. */
export interface PagingMeans {
  channels: ChannelMap
  settings: ChannelSettings | (() => ChannelSettings)
}

type Item = OutboxItem<{ pageId: string }>

/** Why a page must not leave any more, or null. */
async function overtaken(
  world: World,
  alertId: string,
): Promise<'acknowledged' | 'resolved' | 'silenced' | null> {
  const alert = await findAlert(world.store.read, alertId)
  if (!alert || alert.state === 'resolved') return 'resolved'
  if (alert.state === 'acknowledged') return 'acknowledged'
  const escalation = await findEscalation(world.store.read, alertId)
  return !escalation || escalation.status === 'running'
    ? null
    : escalation.status === 'ended'
      ? 'resolved'
      : escalation.status
}

async function deliver(means: PagingMeans, world: World, item: Item, signal: AbortSignal): Promise<Delivery> {
  const db = world.store.read
  const page = await findPage(db, item.payload.pageId)
  if (!page) return { result: 'refused', reason: 'the page is not in the database' }
  if (page.kind === 'page') {
    const reason = await overtaken(world, page.alertId)
    if (reason) return { result: 'refused', reason }
  }
  const alert = await findAlert(db, page.alertId)
  const person = await findPerson(db, page.personId)
  const contact = (await verifiedContacts(db, page.personId)).find((c) => c.id === page.contactId)
  if (!alert || !person || !contact) return { result: 'refused', reason: 'the contact is no longer verified' }
  const message = pageMessage({
    page,
    alert,
    publicUrl: world.publicUrl,
    secret: await ackSecret(db, page.id),
    timezone: person.timezone,
    now: world.clock.now(),
  })
  const context = {
    clock: world.clock,
    signal,
    settings: typeof means.settings === 'function' ? means.settings() : means.settings,
  }
  return sendThrough(means.channels, contact.kind, contact.address, message, context)
}

const OVERTAKEN = new Set(['acknowledged', 'resolved', 'silenced'])

/** Records what became of a page, in the transaction that ends the delivery. */
async function settled(tx: Tx, world: World, item: Item, delivery: Delivery): Promise<void> {
  const found = await findPage(tx.db, item.payload.pageId)
  if (!found) return
  // The escalation first, so that whoever acknowledges meanwhile waits, or is waited for.
  const escalation = await lockEscalation(tx, world, found.alertId)
  const about = { subject: found.alertId, actor }
  if (delivery.result === 'sent') {
    const reason = delivery.detail ?? 'sent'
    if (!(await settlePage(tx, found.id, { state: 'sent', reason, attempts: item.attempt }))) return
    await pageSent.append(tx, world, { ...about, data: pageFact(found, reason) })
    // It left while the alert was being resolved: whoever was woken is told.
    if (found.kind === 'page' && escalation?.status === 'ended')
      await queueResolved(tx, world, actor, [found])
    return
  }
  const { reason } = delivery
  const cancelled = found.kind === 'page' && OVERTAKEN.has(reason)
  const state = cancelled ? 'cancelled' : 'failed'
  if (!(await settlePage(tx, found.id, { state, reason, attempts: item.attempt }))) return
  const fact = cancelled ? pageCancelled : pageFailed
  await fact.append(tx, world, { ...about, data: pageFact(found, reason) })
  if (cancelled || found.kind !== 'page' || !escalation || escalation.paging !== found.paging) return
  const together = (await pagesOfAlert(tx.db, found.alertId)).filter(
    (p) => p.kind === 'page' && p.paging === found.paging,
  )
  if (together.every((p) => p.state === 'failed'))
    await applyEvent(tx, world, actor, found.alertId, { type: 'refused' })
}

// With the waits between them about four minutes: by then the next step has long been paged.
const ATTEMPTS = 7

/** The outbox handler of pages. */
export function pageHandler(means: PagingMeans): OutboxHandler {
  return {
    attempts: ATTEMPTS,
    timeoutMs: 30 * SECOND,
    deliver: (world, item, signal) => deliver(means, world, item, signal),
    settled,
    delayed: (tx, _world, item, reason) =>
      noteAttempt(
        tx,
        (item as Item).payload.pageId,
        (item as Item).attempt,
        `will be tried again: ${reason}`,
      ),
  }
}
