import { defineFact } from '../engine/facts.ts'
import type { AcknowledgedVia, AlertSeverity, AlertSource } from './alert.ts'
import type { SilenceMatch } from './silence.ts'

/** Something may need a human. */
export const alertOpened = defineFact<{
  alertId: string
  dedupKey: string
  title: string
  summary: string
  severity: AlertSeverity
  reason: string
  serviceId: string | null
  monitorId: string | null
  source: AlertSource
  silenced: boolean
  policyId: string | null
}>('alert.opened')

/** It got worse, better or different; `reopened` where it had been acknowledged and calls for a human again. */
export const alertChanged = defineFact<{
  alertId: string
  reason: string
  summary: string
  severity: AlertSeverity
  reopened: boolean
}>('alert.changed')

/** A human is on it. */
export const alertAcknowledged = defineFact<{
  alertId: string
  by: string | null
  via: AcknowledgedVia
  name: string
}>('alert.acknowledged')

/** It is over. */
export const alertResolved = defineFact<{ alertId: string; reason: string; by: string | null }>(
  'alert.resolved',
)

/** A silence began over an unresolved alert. */
export const alertSilenced = defineFact<{ alertId: string; silenceId: string }>('alert.silenced')

/** No silence lies over the alert any more: paging starts. */
export const alertUnsilenced = defineFact<{ alertId: string; silenceId: string }>('alert.unsilenced')

export const silenceCreated = defineFact<{
  silenceId: string
  match: SilenceMatch
  from: number
  until: number
  reason: string
}>('silence.created')

export const silenceEnded = defineFact<{ silenceId: string; reason: 'time-came' | 'ended-by-hand' }>(
  'silence.ended',
)
