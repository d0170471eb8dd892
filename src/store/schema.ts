import type { ActionFollowUpSchema } from './schema/action-follow-up.ts'
import type { AlertsSchema } from './schema/alerts.ts'
import type { CatalogSchema } from './schema/catalog.ts'
import type { CommsSchema } from './schema/comms.ts'
import type { EngineSchema } from './schema/engine.ts'
import type { IncidentsSchema } from './schema/incidents.ts'
import type { LearningSchema } from './schema/learning.ts'
import type { MonitorsSchema } from './schema/monitors.ts'
import type { OncallSchema } from './schema/oncall.ts'
import type { PostmortemsSchema } from './schema/postmortems.ts'
import type { ProofsSchema } from './schema/proofs.ts'

/** Every table. Each is written by the `*.rows.ts` of one room only. */
export interface Schema
  extends EngineSchema,
    CatalogSchema,
    MonitorsSchema,
    AlertsSchema,
    OncallSchema,
    IncidentsSchema,
    CommsSchema,
    PostmortemsSchema,
    LearningSchema,
    ActionFollowUpSchema,
    ProofsSchema {}

/** Which database engine is underneath, for the few places where the SQL differs. */
export type DialectName = 'sqlite' | 'postgres'
