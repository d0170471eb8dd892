import { MINUTE } from '../kit/duration.ts'

/** Failures older than this are forgotten. */
export const FAILURE_WINDOW = 15 * MINUTE

/** Wrong attempts within the window: five from one place, many from one place at several accounts, or a swarm. */
export const FAILURE_LIMITS = { pair: 5, ip: 50, account: 100 } as const

interface Failures {
  count: number
  /** When the oldest within the window was. */
  oldest: number | null
}

export interface RecentFailures {
  pair: Failures
  ip: Failures
  account: Failures
}

export const ADMISSION_REASONS = [
  'admitted',
  'account-from-here',
  'too-many-from-here',
  'account-under-attack',
] as const
export type AdmissionReason = (typeof ADMISSION_REASONS)[number]

/** Whether another attempt may be made, and when at the earliest it may be. */
export function admitSignIn(
  failures: RecentFailures,
  now: number,
): { admitted: boolean; reason: AdmissionReason; retryAfterMs: number } {
  const refused = (reason: AdmissionReason, { oldest }: Failures) => ({
    admitted: false,
    reason,
    retryAfterMs: Math.max(1_000, (oldest ?? now) + FAILURE_WINDOW - now),
  })
  if (failures.pair.count >= FAILURE_LIMITS.pair) return refused('account-from-here', failures.pair)
  if (failures.ip.count >= FAILURE_LIMITS.ip) return refused('too-many-from-here', failures.ip)
  if (failures.account.count >= FAILURE_LIMITS.account)
    return refused('account-under-attack', failures.account)
  return { admitted: true, reason: 'admitted', retryAfterMs: 0 }
}
