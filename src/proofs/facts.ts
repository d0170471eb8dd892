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

/** A case was written, changed or taken away. The subject is the case's id. */
export const caseConfigured = defineFact<{ change: 'created' | 'changed' | 'removed'; title: string }>(
  'case.configured',
)

/** Somebody said that it could happen to a service too, and got what would see it. */
export const caseAdopted = defineFact<{
  caseId: string
  serviceId: string
  monitors: string[]
  drills: string[]
}>('case.adopted')

/** Somebody said that a failure class cannot strike a service, or took it back. The subject is the service. */
export const classJudged = defineFact<{
  serviceId: string
  failureClass: string
  applies: boolean
  reason: string
}>('blindspot.judged')

/** Somebody handed in evidence for an action that is no drill. The subject is the action. */
export const evidenceGiven = defineFact<{
  actionId: string
  evidenceId: string
  kind: string
  outcome: 'passed' | 'failed'
  reason: string
}>('evidence.given')

/** A table-top exercise was made, moved on, taken part in or ended. The subject is the exercise. */
export const exerciseCreated = defineFact<{ title: string; steps: number }>('exercise.created')
export const exerciseJoined = defineFact<{ personId: string; name: string }>('exercise.joined')
export const exerciseMoved = defineFact<{ step: number }>('exercise.moved')
export const exerciseAnswered = defineFact<{ step: number; question: string; personId: string }>(
  'exercise.answered',
)
export const exerciseEnded = defineFact<{ answers: number }>('exercise.ended')

/** Whom a drill has paged says that the message came. The subject is the run. */
export const drillAnswered = defineFact<{ personId: string; name: string }>('drill.answered')
