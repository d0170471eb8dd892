import type { Migration } from './migration.ts'
import { migration as engine } from './migrations/0001-engine.ts'
import { migration as catalog } from './migrations/0002-catalog.ts'
import { migration as monitors } from './migrations/0003-monitors.ts'
import { migration as alerts } from './migrations/0004-alerts.ts'
import { migration as oncall } from './migrations/0005-oncall.ts'
import { migration as incidents } from './migrations/0006-incidents.ts'
import { migration as comms } from './migrations/0007-comms.ts'
import { migration as postmortems } from './migrations/0008-postmortems.ts'
import { migration as proofs } from './migrations/0009-proofs.ts'
import { migration as monitorMemories } from './migrations/0010-monitor-memories.ts'
import { migration as certificateInventory } from './migrations/0012-certificate-inventory.ts'
import { migration as poolMembers } from './migrations/0014-pool-members.ts'
import { migration as heartbeatLedger } from './migrations/0015-heartbeat-ledger.ts'
import { migration as logPushes } from './migrations/0016-log-pushes.ts'
import { migration as metricSamples } from './migrations/0017-metric-samples.ts'
import { migration as peers } from './migrations/0018-peers.ts'
import { migration as places } from './migrations/0019-places.ts'
import { migration as monitorTarget } from './migrations/0020-monitor-target.ts'
import { migration as monitorScreenshots } from './migrations/0021-monitor-screenshots.ts'
import { migration as postmortemSources } from './migrations/0022-postmortem-sources.ts'
import { migration as cases } from './migrations/0023-cases.ts'
import { migration as evidenceAndExercises } from './migrations/0024-evidence-and-exercises.ts'
import { migration as searchAndLearning } from './migrations/0025-search-and-learning.ts'
import { migration as postmortemReview } from './migrations/0026-postmortem-review.ts'
import { migration as actionFollowUp } from './migrations/0027-action-follow-up.ts'
import { migration as exportsAndPublications } from './migrations/0028-exports-and-publications.ts'

/** In the order of application. */
export const migrations: Migration[] = [
  engine,
  catalog,
  monitors,
  alerts,
  oncall,
  incidents,
  comms,
  postmortems,
  proofs,
  monitorMemories,
  certificateInventory,
  poolMembers,
  heartbeatLedger,
  logPushes,
  metricSamples,
  peers,
  places,
  monitorTarget,
  monitorScreenshots,
  postmortemSources,
  cases,
  evidenceAndExercises,
  searchAndLearning,
  postmortemReview,
  actionFollowUp,
  exportsAndPublications,
]
