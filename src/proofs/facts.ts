import { defineFact } from '../engine/facts.ts'
import type { Cause } from './drill.ts'

/** A drill was added, changed or retired. The subject of each fact about a drill is the drill's id. */
export const drillConfigured = defineFact<{ monitorId: string; actionId: string | null }>('drill.configured')
export const drillRetired = defineFact<{ monitorId: string }>('drill.retired')

interface RunData {
  runId: string
  monitorId: string
  actionId: string | null
}

/** Somebody, or the schedule, asked for a run. */
export const drillStarted = defineFact<RunData & { cause: Cause }>('drill.started')

interface Concluded extends RunData {
  reason: string
  summary: string
  caught: string[]
  missed: string[]
}

/** The three ways in which a run can end. */
export const drillPassed = defineFact<Concluded>('drill.passed')
export const drillFailed = defineFact<Concluded>('drill.failed')
export const drillInconclusive = defineFact<Concluded>('drill.inconclusive')
