import { DAY } from '../kit/duration.ts'
import type { PostmortemSettings } from './config.ts'

type Severity = 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4'

/** After the resolution, where the configuration says nothing: the worse it was, the sooner. */
export const USUAL_DUE: Readonly<Record<Severity, { draft: number; review: number }>> = {
  SEV1: { draft: 2 * DAY, review: 5 * DAY },
  SEV2: { draft: 3 * DAY, review: 7 * DAY },
  SEV3: { draft: 5 * DAY, review: 14 * DAY },
  SEV4: { draft: 7 * DAY, review: 14 * DAY },
}

/** When the draft and the review of an incident are due; a draft never after its review. */
export function dueDates(
  settings: Pick<PostmortemSettings, 'due' | 'reviewWithin'>,
  severity: Severity,
  resolvedAt: number,
): { draftDueAt: number; dueAt: number } {
  // Stored by a program that knew no `due`.
  const own = (settings.due as PostmortemSettings['due'] | undefined)?.[severity]
  const review = own?.review ?? settings.reviewWithin ?? Math.max(USUAL_DUE[severity].review, own?.draft ?? 0)
  const draft = Math.min(own?.draft ?? USUAL_DUE[severity].draft, review)
  return { draftDueAt: resolvedAt + draft, dueAt: resolvedAt + review }
}

export type Reminder =
  | { what: 'none'; reason: 'nobody-waits' }
  | { what: 'draft' | 'review'; reason: 'due-soon' | 'due-now' | 'late'; dueAt: number; lateMs: number }

interface Awaited {
  state: string
  draftDueAt: number | null
  dueAt: number | null
}

/** What somebody waits for now, and until when. */
function awaited({ state, draftDueAt, dueAt }: Awaited): { what: 'draft' | 'review'; dueAt: number } | null {
  if (state === 'draft' && draftDueAt !== null) return { what: 'draft', dueAt: draftDueAt }
  if (state === 'in review' && dueAt !== null) return { what: 'review', dueAt }
  return null
}

/** What people are to be reminded of at this moment. */
export function decideReminder(postmortem: Awaited, now: number): Reminder {
  const due = awaited(postmortem)
  if (due === null) return { what: 'none', reason: 'nobody-waits' }
  const lateMs = Math.max(0, now - due.dueAt)
  return { ...due, reason: now < due.dueAt ? 'due-soon' : lateMs === 0 ? 'due-now' : 'late', lateMs }
}

/** When to remind next: some time before, at the moment itself, and then again and again; null where nobody waits. */
export function nextReminder(
  postmortem: Awaited,
  now: number,
  { remindBefore, remindEvery }: { remindBefore: number; remindEvery: number },
): number | null {
  const due = awaited(postmortem)
  if (due === null) return null
  if (now < due.dueAt - remindBefore) return due.dueAt - remindBefore
  if (now < due.dueAt) return due.dueAt
  return due.dueAt + (Math.floor((now - due.dueAt) / remindEvery) + 1) * remindEvery
}
