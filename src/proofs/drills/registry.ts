import { drillKind as incidentCase } from './case/index.ts'
import { drillKind as cutOffAPlace } from './cut-off-a-place/index.ts'
import { drillKind as endToEnd } from './end-to-end/index.ts'
import { drillKind as incidentReplay } from './incident-replay/index.ts'
import type { DrillKind } from './kind.ts'
import { drillKind as monitorFaults } from './monitor-faults/index.ts'
import { drillKind as pageAHuman } from './page-a-human/index.ts'
import { drillKind as restoreBackup } from './restore-backup/index.ts'
import { drillKind as signals } from './signals/index.ts'
import { drillKind as stopTheWatcher } from './stop-the-watcher/index.ts'

/** Every kind of drill: one folder beside this file and one line here. */
export const drillKinds = {
  'monitor-faults': monitorFaults,
  'end-to-end': endToEnd,
  signals,
  'incident-replay': incidentReplay,
  'page-a-human': pageAHuman,
  'restore-backup': restoreBackup,
  'cut-off-a-place': cutOffAPlace,
  'stop-the-watcher': stopTheWatcher,
  case: incidentCase,
}
export type DrillKindName = keyof typeof drillKinds

/** A kind by its name, or null. */
export function drillKindNamed(name: string): DrillKind | null {
  return Object.hasOwn(drillKinds, name) ? (drillKinds[name as DrillKindName] as unknown as DrillKind) : null
}
