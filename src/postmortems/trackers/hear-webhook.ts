import { createHash } from 'node:crypto'
import type { World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import type { Headers } from './classify-answer.rules.ts'
import { findTracker } from './configured-trackers.ts'
import { actionsOfIssue } from './issues.rows.ts'
import { noteDelivery } from './standings.rows.ts'
import { syncBy } from './sync-timer.ts'

export const HEARD = [
  'looks',
  'no-issue-of-ours',
  'heard-before',
  'unknown',
  'unsigned',
  'wrong',
  'unreadable',
] as const
export type Heard = (typeof HEARD)[number]

// Several webhooks of one change come within a moment: one look is enough.
const MOMENT = 2 * SECOND

/**
 * Hears a webhook of a tracker. Nothing of what it says is believed: it makes Tocsin look at the issue itself, by the
 * address and the token of the configuration. Whoever forges or repeats one gains a look, and no more.
 */
export async function hearWebhook(
  world: World,
  webhook: { tracker: string; headers: Headers; body: string },
): Promise<Heard> {
  const tracker = findTracker(world, webhook.tracker)
  if (!tracker) return 'unknown'
  const verdict = tracker.kind.checkWebhook(tracker.settings, webhook.headers, webhook.body)
  if (verdict !== 'valid') return verdict
  let payload: unknown
  try {
    payload = JSON.parse(webhook.body)
  } catch {
    return 'unreadable'
  }
  const ref = tracker.kind.issueOfWebhook(webhook.headers, payload)
  if (!ref) return 'no-issue-of-ours'
  const digest = createHash('sha256').update(webhook.body).digest('hex')
  return world.transact(async (tx) => {
    const actionIds = await actionsOfIssue(tx.db, tracker.name, ref)
    if (actionIds.length === 0) return 'no-issue-of-ours'
    // Not the number of the delivery: that is not signed, and whoever repeats one may change it.
    if (!(await noteDelivery(tx, tracker.name, digest))) return 'heard-before'
    for (const actionId of actionIds) await syncBy(tx, actionId, tx.now + MOMENT)
    return 'looks'
  })
}
