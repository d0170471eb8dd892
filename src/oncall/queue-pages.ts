import { enqueue } from '../engine/outbox.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { hashSecret, newId } from '../kit/ids.ts'
import { newAckSecret } from './ack-secret.ts'
import type { Decision } from './escalate.rules.ts'
import type { StoredEscalation } from './escalation.rows.ts'
import { type PageFact, pageQueued } from './facts.ts'
import { insertPage } from './page.rows.ts'
import { alertTopic, PAGE_KIND, type Page, pageKey, resolvedTopic } from './page.ts'

/** A page as its facts tell it. */
export function pageFact(page: Page, reason?: string): PageFact {
  const { alertId, personId, personName, channel, step, stepName, key, kind } = page
  const data = { pageId: page.id, alertId, personId, personName, channel, step, stepName, key, kind }
  return reason === undefined ? data : { ...data, reason }
}

async function queue(tx: Tx, world: World, actor: Actor, page: Page): Promise<void> {
  const secret = await newAckSecret(tx, page.id)
  // The key is there already: the same page must not be queued twice.
  if (!(await insertPage(tx, page, hashSecret(secret)))) return
  const topic = page.kind === 'page' ? alertTopic(page.alertId) : resolvedTopic(page.alertId)
  await enqueue(tx, { kind: PAGE_KIND, key: page.key, topic, payload: { pageId: page.id } })
  await pageQueued.append(tx, world, { subject: page.alertId, actor, data: pageFact(page, page.reason) })
}

/** Queues one page for each contact of each person that a step reaches. */
export async function queuePages(
  tx: Tx,
  world: World,
  actor: Actor,
  escalation: StoredEscalation,
  decision: Extract<Decision, { do: 'page' }>,
): Promise<void> {
  for (const person of decision.people)
    for (const contact of person.contacts)
      await queue(tx, world, actor, {
        id: newId(tx.now),
        key: pageKey(escalation.alertId, decision.paging, contact.contactId),
        kind: 'page',
        alertId: escalation.alertId,
        escalationId: escalation.id,
        paging: decision.paging,
        round: decision.round,
        step: decision.step,
        stepName: decision.stepName,
        personId: person.personId,
        personName: person.personName,
        contactId: contact.contactId,
        channel: contact.channel,
        state: 'queued',
        reason: decision.reason,
        queuedAt: tx.now,
        settledAt: null,
        attempts: 0,
      })
}

/** Tells each contact that was paged, once, that it is over. */
export async function queueResolved(
  tx: Tx,
  world: World,
  actor: Actor,
  paged: readonly Page[],
): Promise<void> {
  for (const page of paged)
    await queue(tx, world, actor, {
      ...page,
      id: newId(tx.now),
      key: pageKey(page.alertId, 'resolved', page.contactId),
      kind: 'resolved',
      stepName: 'resolved',
      state: 'queued',
      reason: 'resolved',
      queuedAt: tx.now,
      settledAt: null,
      attempts: 0,
    })
}
