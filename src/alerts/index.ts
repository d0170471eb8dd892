export { acknowledgeAlertIn } from './acknowledge-alert.ts'
export {
  type AlertFilter,
  countUnresolved,
  findAlert,
  findOpenAlert,
  listAlerts,
  listUnresolved,
  lockAlert,
  reasonsByService,
} from './alert.rows.ts'
export {
  ACKNOWLEDGED_VIA,
  type AcknowledgedVia,
  ALERT_SOURCES,
  ALERT_STATES,
  type Alert,
  type AlertSeverity,
  type AlertSource,
  type AlertState,
  SEVERITIES,
} from './alert.ts'
export { monitorKey } from './alert-from-verdict.rules.ts'
export { type CreateSilenceInput, createSilence } from './create-silence.ts'
export { endSilence } from './end-silence.ts'
export {
  alertAcknowledged,
  alertChanged,
  alertOpened,
  alertResolved,
  alertSilenced,
  alertUnsilenced,
  silenceCreated,
  silenceEnded,
} from './facts.ts'
export { type OpenAlertInput, openAlertIn } from './open-alert.ts'
export { reopenAlertIn } from './reopen-alert.ts'
export { type ResolveAlertInput, resolveAlertIn } from './resolve-alert.ts'
export { alertsRoom } from './room.ts'
export { findSilence, listSilences } from './silence.rows.ts'
export { silenceMatches, silenceState } from './silence.rules.ts'
export type { Silence, SilenceMatch, SilenceState } from './silence.ts'
