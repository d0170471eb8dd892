import { alertsRoutes } from './alerts.routes.ts'
import type { RoomRoutes } from './bind.ts'
import { casesRoutes } from './cases.routes.ts'
import { catalogRoutes } from './catalog.routes.ts'
import { certificatesRoutes } from './certificates.routes.ts'
import { commsRoutes } from './comms.routes.ts'
import { exercisesRoutes } from './exercises.routes.ts'
import { incidentsRoutes } from './incidents.routes.ts'
import { learningRoutes } from './learning.routes.ts'
import { monitorsRoutes } from './monitors.routes.ts'
import { oncallRoutes } from './oncall.routes.ts'
import { poolsRoutes } from './pools.routes.ts'
import { postmortemExportsRoutes } from './postmortem-exports.routes.ts'
import { postmortemReviewRoutes } from './postmortem-review.routes.ts'
import { postmortemsRoutes } from './postmortems.routes.ts'
import { proofsRoutes } from './proofs.routes.ts'
import { seriesRoutes } from './remote-write.routes.ts'
import { systemRoutes } from './system.routes.ts'
import { trackersRoutes } from './trackers.routes.ts'

/** What answers the contract, room by room. */
export const apiRoutes: RoomRoutes[] = [
  systemRoutes,
  catalogRoutes,
  monitorsRoutes,
  certificatesRoutes,
  seriesRoutes,
  poolsRoutes,
  alertsRoutes,
  oncallRoutes,
  incidentsRoutes,
  commsRoutes,
  postmortemsRoutes,
  trackersRoutes,
  learningRoutes,
  postmortemReviewRoutes,
  postmortemExportsRoutes,
  proofsRoutes,
  casesRoutes,
  exercisesRoutes,
]
