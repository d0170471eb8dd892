import { incidentCase as addressBoundToNothing } from './address-bound-to-nothing/case.ts'
import type { CaseInput } from './case.ts'
import { incidentCase as chainForOldClients } from './chain-for-old-clients/case.ts'
import { incidentCase as leakBehindRestarts } from './leak-behind-restarts/case.ts'
import { incidentCase as loudTenant } from './loud-tenant/case.ts'
import { incidentCase as renewalThatHangs } from './renewal-that-hangs/case.ts'
import { incidentCase as tokenServiceStandsStill } from './token-service-stands-still/case.ts'
import { incidentCase as unconfiguredNode } from './unconfigured-node/case.ts'

/** The cases that come with Tocsin: one folder beside this file and one line here. */
export const SHIPPED_CASES: Readonly<Record<string, CaseInput>> = {
  'unconfigured-node': unconfiguredNode,
  'leak-behind-restarts': leakBehindRestarts,
  'address-bound-to-nothing': addressBoundToNothing,
  'renewal-that-hangs': renewalThatHangs,
  'token-service-stands-still': tokenServiceStandsStill,
  'chain-for-old-clients': chainForOldClients,
  'loud-tenant': loudTenant,
}
