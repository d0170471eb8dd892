import type { OutboxHandler } from '../../engine/outbox.ts'
import type { TimerHandler } from '../../engine/timers.ts'
import type { TellingMeans } from '../review/tell.ts'
import { syncDue, syncHandler } from '../trackers/sync-issue.ts'
import { SYNC, SYNC_DUE } from '../trackers/sync-timer.ts'
import { remindersHandler } from './deliver-reminders.ts'
import { CHASE, chaseAction, chaseAgain, GATHER, gatherReminders, RECHASE, REMINDERS } from './remind.ts'

/** What falls due so that actions get done. */
export const followUpTimers: Record<string, TimerHandler> = {
  [CHASE]: chaseAction,
  [GATHER]: gatherReminders,
  [RECHASE]: chaseAgain,
  [SYNC_DUE]: syncDue,
}

/** What leaves for people and for trackers. */
export const followUpDeliveries = (means: TellingMeans): Record<string, OutboxHandler> => ({
  [REMINDERS]: remindersHandler(means),
  [SYNC]: syncHandler,
})
