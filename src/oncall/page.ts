/** queued → sent, failed or cancelled. */
export const PAGE_STATES = ['queued', 'sent', 'failed', 'cancelled'] as const
export type PageState = (typeof PAGE_STATES)[number]

/** One attempt to reach one person by one contact: to wake them, or to tell them that it is over. */
export interface Page {
  id: string
  /** One for (alert, paging, contact): a copy carries the same. */
  key: string
  kind: 'page' | 'resolved'
  alertId: string
  escalationId: string
  paging: number
  round: number
  step: number
  stepName: string
  personId: string
  personName: string
  contactId: string
  channel: string
  state: PageState
  /** Why it was sent, or what became of it. */
  reason: string
  queuedAt: number
  settledAt: number | null
  attempts: number
}

/** The outbox kind of pages. */
export const PAGE_KIND = 'oncall.page'

/** What is pending for an alert; acknowledging cancels it. */
export function alertTopic(alertId: string): string {
  return `alert:${alertId}`
}

/** Messages that say that it is over; nothing cancels them. */
export function resolvedTopic(alertId: string): string {
  return `alert:${alertId}:resolved`
}

/** The one key of a page. */
export function pageKey(alertId: string, paging: number | 'resolved', contactId: string): string {
  return `page:${alertId}:${paging}:${contactId}`
}
