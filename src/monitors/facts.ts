import { defineFact } from '../engine/facts.ts'
import type { Verdict } from './observation.ts'

/** A monitor was set up, changed or taken away. */
export const monitorConfigured = defineFact<{
  monitorId: string
  serviceId: string
  kind: string
  version: number
  enabled: boolean
  change: 'created' | 'changed' | 'removed'
}>('monitor.configured')

/** The confirmed verdict of a monitor, or the reason for it, is another one; or its maintenance ended meanwhile. */
export const verdictChanged = defineFact<{
  monitorId: string
  serviceId: string
  monitorName: string
  from: Verdict
  to: Verdict
  reason: string
  summary: string
  target: string
  /** Since when the verdict stands, milliseconds: the first check that saw it. */
  since: number
  maintenance: boolean
}>('monitor.verdict-changed')

/** A maintenance window was planned, changed or ended. */
export const maintenanceChanged = defineFact<{
  maintenanceId: string
  name: string
  change: 'planned' | 'changed' | 'removed' | 'ended'
}>('maintenance.changed')

/** A maintenance window began or passed, and covers these monitors. */
export const maintenancePassed = defineFact<{ began: string[]; ended: string[] }>('maintenance.passed')
