import { Cron } from 'croner'
import type { Millis } from '../kit/clock.ts'

/** A time in which trouble is expected: once, or again and again. */
export interface Maintenance {
  id: string
  name: string
  monitors: string[]
  services: string[]
  when: { from: Millis; to: Millis } | { cron: string; duration: Millis; timezone: string }
  managedBy: 'file' | 'api'
  /** When somebody ended it early. */
  endedAt: Millis | null
}

export type MaintenanceReason = 'not-yet' | 'in-window' | 'window-passed' | 'ended-early'

export interface MaintenanceStanding {
  state: 'planned' | 'running' | 'over'
  reason: MaintenanceReason
  /** Since when it stands so; null before the first window. */
  since: Millis | null
  /** The window that runs, or the next one, or the last. */
  from: Millis
  to: Millis
}

/** How a maintenance stands at an instant. */
export function standingOf(maintenance: Maintenance, now: Millis): MaintenanceStanding {
  const { endedAt } = maintenance
  const window = windowNear(maintenance, now)
  if (endedAt !== null && ('from' in maintenance.when || window.from <= endedAt))
    if (endedAt <= now) return { state: 'over', reason: 'ended-early', since: endedAt, ...window }
  if (now < window.from) return { state: 'planned', reason: 'not-yet', since: null, ...window }
  if (now < window.to) return { state: 'running', reason: 'in-window', since: window.from, ...window }
  return { state: 'over', reason: 'window-passed', since: window.to, ...window }
}

/** The window that contains the instant, else the next one, else (for a single one) the only one. */
function windowNear({ when }: Maintenance, now: Millis): { from: Millis; to: Millis } {
  if ('from' in when) return when
  const cron = new Cron(when.cron, { paused: true, timezone: when.timezone })
  // The cron looks strictly after: starting one duration back finds a window that is still open.
  const open = cron.nextRun(new Date(now - when.duration))
  const from = (open ?? new Date(now)).getTime()
  return { from, to: from + when.duration }
}

/** When the standing of any of these changes next; null when it never does. */
export function nextBoundary(all: Maintenance[], now: Millis): Millis | null {
  let next: Millis | null = null
  for (const maintenance of all) {
    const { state, from, to } = standingOf(maintenance, now)
    const at = state === 'planned' ? from : state === 'running' ? to : null
    if (at !== null && at > now && (next === null || at < next)) next = at
  }
  return next
}

/** Whether one of these covers the monitor, by itself or by its service. */
export function isCovered(
  monitor: { id: string; serviceId: string },
  all: Maintenance[],
  now: Millis,
): boolean {
  return all.some(
    (maintenance) =>
      (maintenance.monitors.includes(monitor.id) || maintenance.services.includes(monitor.serviceId)) &&
      standingOf(maintenance, now).state === 'running',
  )
}
