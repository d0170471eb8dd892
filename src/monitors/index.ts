export { type Applied, applyMonitorsConfig } from './apply-monitors.ts'
export {
  changeMonitor,
  createMonitor,
  type MonitorSettings,
  removeMonitor,
  tryMonitor,
} from './change-monitor.ts'
export { checkOnce, KEEPER_REASONS } from './check-once.ts'
export {
  type HistoryRetention,
  historyRetention,
  type MonitorEntry,
  type MonitorsConfig,
  maintenanceEntry,
  monitorEntry,
  monitorsConfig,
} from './config.ts'
export { maintenanceChanged, maintenancePassed, monitorConfigured, verdictChanged } from './facts.ts'
export { newestPings, type Ping } from './heartbeats.rows.ts'
export {
  endMaintenance,
  type MaintenanceInput,
  planMaintenance,
} from './keep-maintenance.ts'
export { kindNamed, parseSpec } from './kinds/find-kind.ts'
export type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
export type { HttpSpec } from './kinds/http/index.ts'
export type { CheckContext, MonitorKind } from './kinds/kind.ts'
export { type MonitorKindName, monitorKinds } from './kinds/registry.ts'
export type { TcpSpec } from './kinds/tcp/index.ts'
export type { TlsSpec } from './kinds/tls/index.ts'
export { allMaintenance, findMaintenance } from './maintenance.rows.ts'
export { type Maintenance, type MaintenanceStanding, standingOf } from './maintenance.rules.ts'
export type { Candidate, Monitor, MonitorState, MonitorView } from './monitor.ts'
export { allMonitors, countVerdicts, findMonitor, listMonitors } from './monitors.rows.ts'
export type { CertificateFacts, Observation, Verdict } from './observation.ts'
export { VERDICTS } from './observation.ts'
export { kindOfTarget, knownSchemes, parseTarget } from './parse-target.ts'
export { type HistoryPoint, readHistory, resolutionFor, type Uptime, uptimeOf } from './read-history.ts'
export {
  type ObservationInput,
  type Recorded,
  recordObservation,
  recordObservationIn,
} from './record-observation.ts'
export { PING_BODY_LIMIT, type PingAnswer, type PingInput, recordPing } from './record-ping.ts'
export { rollUp } from './roll-up.ts'
export { type MonitorsRoomOptions, monitorsRoom, scheduleFigures } from './room.ts'
export { type CheckTarget, checkMonitor, type ScheduleFigures } from './schedule.ts'
export { type ServiceState, serviceStates } from './service-states.ts'
export { shownSpec } from './shown-spec.ts'
export {
  hasNotBegun,
  neverChecked,
  ROOM_REASONS,
  takeObservation,
  type VerdictOutcome,
} from './verdict.rules.ts'
