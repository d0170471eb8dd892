export { EVIDENCE_REASONS } from './accept-evidence.rules.ts'
export { type ActionProof, findProof } from './action-proof.rows.ts'
export { answerDrill } from './answer-drill.ts'
export { applyDrillsIn } from './apply-drills.ts'
export { type JudgeBlindSpotInput, judgeBlindSpot } from './blindspots/judge-blind-spot.ts'
export { viewBlindSpot, viewBlindSpots } from './blindspots/read-blind-spots.ts'
export { type AdoptCaseInput, adoptCase, planCase, type ServicePlan } from './cases/adopt-case.ts'
export { applyCasesIn } from './cases/apply-cases.ts'
export { type CaseConfig, type IncidentCase, NOTICED_BY } from './cases/case.ts'
export { type CasesConfig, casesConfig } from './cases/config.ts'
export { danglingCases } from './cases/dangling-cases.ts'
export { fillTemplate } from './cases/fill-template.rules.ts'
export { findCase, listCases, shippedCases } from './cases/find-case.ts'
export { removeCase } from './cases/remove-case.ts'
export { planView, viewCase, viewCases } from './cases/view-cases.ts'
export { type WriteCaseInput, writeCase } from './cases/write-case.ts'
export {
  type DrillConfig,
  danglingDrills,
  drillConfig,
  drillKindsWithSettings,
  type ProofsConfig,
  proofsConfig,
} from './config.ts'
export { type CreateDrillInput, createDrill } from './create-drill.ts'
export type { Disposable, StartDisposable } from './disposable.ts'
export { type Drill, type DrillRun, findDrill, findRun, listDrills, listRuns } from './drill.rows.ts'
export {
  type Cause,
  type Evidence,
  type FaultResult,
  OUTCOMES,
  type Outcome,
  type ReplicaPage,
} from './drill.ts'
export type { Reached, ReachPerson } from './drills/kind.ts'
export { drillKinds } from './drills/registry.ts'
export { type GivenEvidence, listEvidence } from './evidence.rows.ts'
export { createExercise } from './exercises/create-exercise.ts'
export { viewExercise, viewExercises } from './exercises/read-exercises.ts'
export { answerExercise, joinExercise, moveExercise } from './exercises/take-part.ts'
export {
  drillConfigured,
  drillFailed,
  drillInconclusive,
  drillPassed,
  drillRetired,
  drillStarted,
  evidenceGiven,
} from './facts.ts'
export { FAILURE_CLASSES, findFailureClass } from './failure-class.ts'
export {
  blindSpots,
  type FaultScore,
  type FaultsCaught,
  faultsCaughtBy,
  listScores,
} from './fault-score.rows.ts'
export { faultsOfKind } from './faults/faults-of-kind.ts'
export { type LabCa, type LabCertificate, mintLabCa, mintSelfSigned } from './faults/lab-ca.ts'
export { FAULTS } from './faults/registry.ts'
export { giveProof } from './give-proof.ts'
export { runView, viewDrill, viewDrills, viewRun, viewRuns } from './read-drills.ts'
export { removeDrill } from './remove-drill.ts'
export type { ComposeReplica, Replica, ReplicaOptions } from './replica.ts'
export { proofsRoom } from './room.ts'
export { runDrill } from './run-drill.ts'
export { proofAlertKey } from './settle-action.ts'
export { tellProofs } from './tell-proofs.ts'
export { type UnseenFault, unseenFaults } from './unseen-faults.ts'
