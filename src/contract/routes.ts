import * as alerts from './alerts.ts'
import * as cases from './cases.ts'
import * as catalog from './catalog.ts'
import * as certificates from './certificates.ts'
import * as comms from './comms.ts'
import * as exercises from './exercises.ts'
import * as incidents from './incidents.ts'
import * as learning from './learning.ts'
import * as livePieces from './live-pieces.ts'
import * as metrics from './metrics.ts'
import * as monitors from './monitors.ts'
import * as oncall from './oncall.ts'
import * as pools from './pools.ts'
import * as postmortemExports from './postmortem-exports.ts'
import * as postmortemImports from './postmortem-imports.ts'
import * as postmortemReview from './postmortem-review.ts'
import * as postmortems from './postmortems.ts'
import * as proofs from './proofs.ts'
import type { Route } from './route.ts'
import * as system from './system.ts'
import * as trackers from './trackers.ts'

function isRoute(value: unknown): value is Route {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value
  )
}

/** Every route of the public API, in the order of the rooms. */
export const routes: Route[] = [
  system,
  catalog,
  monitors,
  certificates,
  metrics,
  pools,
  alerts,
  oncall,
  incidents,
  comms,
  postmortems,
  trackers,
  learning,
  postmortemReview,
  livePieces,
  postmortemImports,
  postmortemExports,
  proofs,
  exercises,
  cases,
].flatMap((room) => Object.values(room as Record<string, unknown>).filter(isRoute))
