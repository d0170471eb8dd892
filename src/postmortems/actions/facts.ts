import { defineFact } from '../../engine/facts.ts'
import type { Counterpart } from './counterparts.rows.ts'

/** A person was reminded of an action. */
export const actionReminded = defineFact<{
  actionId: string
  personId: string
  reason: string
  channel: string
}>('action.reminded')

/** A reminder reached nobody; `personId` is null where there is nobody to tell. */
export const actionReminderFailed = defineFact<{
  actionId: string
  personId: string | null
  reason: string
  why: string
}>('action.reminder-failed')

/** The action is with a vendor or another team, or no longer. */
export const actionCounterpartSet = defineFact<{
  actionId: string
  from: Counterpart | null
  to: Counterpart | null
}>('action.counterpart-set')

export const actionPromised = defineFact<{ actionId: string; by: string; promisedAt: number }>(
  'action.promised',
)
