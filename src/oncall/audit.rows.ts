import { sql } from 'kysely'
import type { Tx } from '../engine/world.ts'
import { type Reader, touched } from '../store/store.ts'
import type { EscalationStatus } from './escalation.ts'
import { alertTopic, PAGE_KIND } from './page.ts'

/** What drives an alert, read apart from the code that escalates. */
export interface Drive {
  escalation: { status: EscalationStatus; waitingUntil: number | null } | null
  timerDueAt: number | null
  pendingPages: number
}

/**
 * What drives each alert that has an escalation or pages under way, by alert; of one alert where it is named. The auditor asks the tables of the
 * engine themselves: it must not believe what the escalation code believes.
 */
export async function drives(db: Reader, alertId?: string): Promise<Map<string, Drive>> {
  const found = new Map<string, Drive>()
  const escalations = await db
    .selectFrom('escalations')
    .leftJoin('timers', (join) =>
      join.on('timers.key', '=', sql<string>`'escalation:' || escalations.alert_id`),
    )
    .select(['escalations.alert_id', 'escalations.status', 'escalations.waiting_until', 'timers.due_at'])
    .where('escalations.status', '!=', 'ended')
    .$if(alertId !== undefined, (query) => query.where('escalations.alert_id', '=', alertId!))
    .execute()
  for (const row of escalations)
    found.set(row.alert_id, {
      escalation: { status: row.status as EscalationStatus, waitingUntil: row.waiting_until },
      timerDueAt: row.due_at,
      pendingPages: 0,
    })
  const pending = await db
    .selectFrom('outbox')
    .select(['topic', (eb) => eb.fn.countAll().as('pages')])
    .where('kind', '=', PAGE_KIND)
    .where('state', 'in', ['queued', 'sending'])
    .$if(alertId !== undefined, (query) => query.where('topic', '=', alertTopic(alertId!)))
    .groupBy('topic')
    .execute()
  for (const { topic, pages } of pending) {
    const id = topic.slice(alertTopic('').length)
    const drive = found.get(id) ?? { escalation: null, timerDueAt: null, pendingPages: 0 }
    found.set(id, { ...drive, pendingPages: Number(pages) })
  }
  return found
}

export interface AuditorRow {
  lastRunAt: number
  checked: number
  problems: number
  runs: number
  lastProblemAt: number | null
}

const NAME = 'escalations'

/** What the auditor last found, or null before its first run. */
export async function readAuditor(db: Reader): Promise<AuditorRow | null> {
  const row = await db.selectFrom('auditor').selectAll().where('name', '=', NAME).executeTakeFirst()
  if (!row) return null
  const { checked, problems, runs } = row
  return { lastRunAt: row.last_run_at, checked, problems, runs, lastProblemAt: row.last_problem_at }
}

/** Takes the next run; answers false when another replica took it. */
export async function takeAuditRun(tx: Tx, last: AuditorRow | null): Promise<boolean> {
  if (last === null) {
    const inserted = await tx.db
      .insertInto('auditor')
      .values({ name: NAME, last_run_at: tx.now, checked: 0, problems: 0, runs: 1, last_problem_at: null })
      .onConflict((c) => c.column('name').doNothing())
      .executeTakeFirst()
    return Number(inserted.numInsertedOrUpdatedRows ?? 0n) > 0
  }
  const updated = await tx.db
    .updateTable('auditor')
    .set({ last_run_at: tx.now, runs: last.runs + 1 })
    .where('name', '=', NAME)
    .where('runs', '=', last.runs)
    .executeTakeFirst()
  return touched(updated) > 0
}

/** Writes what a run found. */
export async function recordAudit(tx: Tx, found: { checked: number; problems: number }): Promise<void> {
  await tx.db
    .updateTable('auditor')
    .set({ ...found, ...(found.problems > 0 ? { last_problem_at: tx.now } : {}) })
    .where('name', '=', NAME)
    .execute()
}
