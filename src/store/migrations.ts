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
]
