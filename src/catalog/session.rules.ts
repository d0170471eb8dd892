import { DAY, HOUR, MINUTE } from '../kit/duration.ts'

/** A session ends when nobody used it for this long … */
export const SESSION_IDLE = 12 * HOUR
/** … and at the latest after this. */
export const SESSION_LONGEST = 30 * DAY
/** How exactly its last use is known: not every request is worth a write. */
export const SESSION_TOUCH = MINUTE

export const SESSION_REASONS = ['open', 'ended', 'expired', 'idle', 'person-disabled'] as const
export type SessionReason = (typeof SESSION_REASONS)[number]

/** Whether a session still opens anything, and whether its last use is to be written down. */
export function judgeSession(
  session: { lastSeenAt: number; expiresAt: number; endedAt: number | null },
  personDisabled: boolean,
  now: number,
): { open: boolean; reason: SessionReason; touch: boolean } {
  const closed = (reason: SessionReason) => ({ open: false, reason, touch: false })
  if (session.endedAt !== null) return closed('ended')
  if (personDisabled) return closed('person-disabled')
  if (now >= session.expiresAt) return closed('expired')
  if (now - session.lastSeenAt >= SESSION_IDLE) return closed('idle')
  return { open: true, reason: 'open', touch: now - session.lastSeenAt >= SESSION_TOUCH }
}
