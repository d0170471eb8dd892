import { type Alert, countUnresolved, findAlert, listUnresolved } from '../alerts/index.ts'
import type { Loop } from '../engine/loop.ts'
import { remember } from '../engine/remember.ts'
import { systemActor, type World } from '../engine/world.ts'
import { reasonOf } from '../kit/errors.ts'
import type { Reader } from '../store/store.ts'
import { applyEvent } from './apply-event.ts'
import { type AuditorRow, type Drive, drives, readAuditor, recordAudit, takeAuditRun } from './audit.rows.ts'
import { type AuditProblem, auditAlert, auditInterval, auditorIsLate } from './audit.rules.ts'
import { lockEscalation } from './escalation.rows.ts'
import { auditFailed } from './facts.ts'

const actor = systemActor('auditor')

export interface FoundProblem {
  alertId: string
  problem: AuditProblem
}

const UNDRIVEN: Drive = { escalation: null, timerDueAt: null, pendingPages: 0 }

function problemOf(alert: Alert, drive: Drive = UNDRIVEN, now: number): AuditProblem | null {
  const { state, silenceId, changedAt } = alert
  const { outcome, reason } = auditAlert({ ...drive, state, silenced: silenceId !== null, changedAt }, now)
  return outcome === 'problem' ? (reason as AuditProblem) : null
}

/** Every unresolved alert that is waiting for nothing; changes nothing. */
export async function auditEscalations(
  db: Reader,
  now: number,
): Promise<{ checked: number; problems: FoundProblem[] }> {
  const alerts = await listUnresolved(db)
  const driven = alerts.length === 0 ? new Map<string, Drive>() : await drives(db)
  const problems: FoundProblem[] = []
  for (const alert of alerts) {
    const problem = problemOf(alert, driven.get(alert.id), now)
    if (problem) problems.push({ alertId: alert.id, problem })
  }
  return { checked: alerts.length, problems }
}

export interface AuditorHealth {
  /** null before the first run. */
  lastRunAt: number | null
  checked: number
  problems: number
  lastProblemAt: number | null
  /** The auditor itself has fallen silent. */
  late: boolean
}

/** Who watches the auditor: when it last ran and what it found, for /metrics, /healthz and the second watcher. */
export async function auditorHealth(db: Reader, now: number): Promise<AuditorHealth> {
  const row = await readAuditor(db)
  return {
    lastRunAt: row?.lastRunAt ?? null,
    checked: row?.checked ?? 0,
    problems: row?.problems ?? 0,
    lastProblemAt: row?.lastProblemAt ?? null,
    late: auditorIsLate(row?.lastRunAt ?? null, await countUnresolved(db), now),
  }
}

/** Says what is wrong with one alert and calls its last resort, in a transaction of its own. */
async function rescue(world: World, alertId: string): Promise<void> {
  await world.transact(async (tx) => {
    await lockEscalation(tx, world, alertId)
    const alert = await findAlert(tx.db, alertId)
    // Somebody may have acknowledged it since the auditor looked.
    const drive = (await drives(tx.db, alertId)).get(alertId)
    const problem = !alert || alert.state === 'resolved' ? null : problemOf(alert, drive, tx.now)
    if (!problem) return
    await auditFailed.append(tx, world, { subject: alertId, actor, data: { alertId, problem } })
    await applyEvent(tx, world, actor, alertId, { type: 'audit-failed' })
  })
}

/**
 * The auditor: each minute, while any is unresolved, it looks at every unresolved alert by itself and pages the last resort of those that
 * wait for nothing. It is a loop of its own and no timer, so that it still runs when the timers do not.
 */
export function auditorLoop(world: World): Loop {
  const known = remember(world, async () => ({
    last: await readAuditor(world.store.read),
    unresolved: await countUnresolved(world.store.read),
  }))
  function dueAt({ last, unresolved }: { last: AuditorRow | null; unresolved: number }): number | null {
    // A drill's world lives only as long as its alerts; there is nobody to watch its auditor.
    if (world.drill && unresolved === 0) return null
    return last === null ? world.clock.now() : last.lastRunAt + auditInterval(unresolved)
  }
  return {
    name: 'auditor',
    async nextDueAt() {
      return dueAt(await known.get())
    },
    async runDue() {
      const { last, unresolved } = await known.get()
      const due = dueAt({ last, unresolved })
      if (due === null || due > world.clock.now()) return 0
      if (!(await world.transact((tx) => takeAuditRun(tx, last)))) return 0
      // The whole process slept or was away: timers that are overdue for this reason get their turn first.
      if (last !== null && auditorIsLate(last.lastRunAt, 1, world.clock.now())) return 1
      const { checked, problems } = await auditEscalations(world.store.read, world.clock.now())
      for (const found of problems) {
        try {
          await rescue(world, found.alertId)
        } catch (error) {
          world.log.error({ ...found, error: reasonOf(error) }, 'the auditor could not call the last resort')
        }
      }
      // In a drill nobody watches the auditor; a month of writing down that all is well would take the time of a replay.
      if (!world.drill || problems.length > 0)
        await world.transact((tx) => recordAudit(tx, { checked, problems: problems.length }))
      return 1
    },
  }
}
