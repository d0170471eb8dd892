export { type Applied, applyMonitorsConfig } from './apply-monitors.ts'
export {
  changeMonitor,
  createMonitor,
  createMonitorIn,
  type MonitorSettings,
  removeMonitor,
  tryMonitor,
  whyNotTried,
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
export { type CoMoved, type CoMovementInput, findCoMovement } from './find-co-movement.ts'
export {
  type Folded,
  foldAtPace,
  foldObservations,
  isTold,
  type Pace,
  type Seen,
  type SeenAt,
  type Turn,
} from './fold-observations.rules.ts'
export { hearPeer, type PeerAnswer } from './hear-peer.ts'
export { listRuns, newestPings, type Ping, type Run } from './heartbeats.rows.ts'
export {
  endMaintenance,
  type MaintenanceInput,
  planMaintenance,
} from './keep-maintenance.ts'
export type { DnsSpec } from './kinds/dns/index.ts'
export { kindNamed, parseSpec, stopKinds } from './kinds/find-kind.ts'
export type { GrpcSpec } from './kinds/grpc/index.ts'
export { countsAsPing } from './kinds/heartbeat/hear-ping.rules.ts'
export type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
export { type PlayedPing, playJob } from './kinds/heartbeat/play-job.rules.ts'
export { nextRunAfter } from './kinds/heartbeat/run-times.rules.ts'
export type { HttpSpec } from './kinds/http/index.ts'
export { type IcmpSpec, judgePrinted, pingAddress } from './kinds/icmp/index.ts'
export type { InventorySpec } from './kinds/inventory/index.ts'
export {
  allSteps,
  type ElementLocator,
  type ExpectStep,
  type JourneyDetails,
  type JourneySpec,
  type JourneyStep,
} from './kinds/journey/index.ts'
export { type StartedBrowser, startBrowser } from './kinds/journey/start-browser.ts'
export type { CheckContext, MonitorKind } from './kinds/kind.ts'
export type { LogSpec } from './kinds/log/index.ts'
export { lineFor } from './kinds/log/made-up-line.rules.ts'
export type { MetricDetails, MetricSpec } from './kinds/metric/index.ts'
export type { OidcSpec } from './kinds/oidc/index.ts'
export type { PeerSpec } from './kinds/peer/index.ts'
export type { PlaceSpec } from './kinds/place/index.ts'
export { judgePlace } from './kinds/place/silence.rules.ts'
export type { PoolSpec } from './kinds/pool/index.ts'
export type { RdpSpec } from './kinds/rdp/index.ts'
export { type MonitorKindName, monitorKinds } from './kinds/registry.ts'
export type { SipSpec } from './kinds/sip/index.ts'
export type { SmtpSpec } from './kinds/smtp/index.ts'
export type { SqlSpec } from './kinds/sql/index.ts'
export type { StartTlsSpec } from './kinds/starttls/index.ts'
export type { TcpSpec } from './kinds/tcp/index.ts'
export type { TlsSpec } from './kinds/tls/index.ts'
export type { WebSocketSpec } from './kinds/websocket/index.ts'
export { type LinesAnswer, recordLines } from './logs/record-lines.ts'
export { allMaintenance, findMaintenance } from './maintenance.rows.ts'
export { type Maintenance, type MaintenanceStanding, standingOf } from './maintenance.rules.ts'
export type { Candidate, Monitor, MonitorState, MonitorView } from './monitor.ts'
export { allMonitors, countMonitors, countVerdicts, findMonitor, listMonitors } from './monitors.rows.ts'
export { nameServersOf, useNameServers as askNameServers } from './net/resolve.ts'
export type { CertificateFacts, Observation, Verdict } from './observation.ts'
export { VERDICTS } from './observation.ts'
export { kindNotByHand, kindOfTarget, kindsByTitle, knownSchemes, parseTarget } from './parse-target.ts'
export { checkFromPlaces } from './places/check-from-places.ts'
export { type Delivered, type PlaceWork, takeDelivery, WORK_EVERY, workForPlace } from './places/deliver.ts'
export { HERE, PLACE_REASONS } from './places/quorum.rules.ts'
export { askMember } from './pools/ask-member.ts'
export type { PoolsConfig } from './pools/config.ts'
export { floorHeld, memberDrained, memberReturned } from './pools/facts.ts'
export { type KeptAgent, keepPoolAgent } from './pools/keep-agent.ts'
export type { MemberSight, PoolDetails } from './pools/pool.ts'
export { listPools, type PoolView, readPool } from './pools/read-pools.ts'
export {
  expectedChecks,
  type HistoryPoint,
  readHistory,
  resolutionFor,
  type Uptime,
  uptimeOf,
} from './read-history.ts'
export {
  type InventoryEntry,
  type RenewalState,
  readRenewals,
  renewalStates,
  surveyInventory,
} from './read-inventory.ts'
export { recordedSignal } from './read-recorded.ts'
export { type Received, receiveSamples } from './receive-samples.ts'
export {
  adoptTurn,
  type ObservationInput,
  type Recorded,
  recordObservation,
  recordObservationIn,
} from './record-observation.ts'
export {
  PING_BODY_LIMIT,
  type PingAnswer,
  type PingInput,
  type PushInput,
  recordPing,
  recordPush,
} from './record-ping.ts'
export type { Renewal, RenewalHistory } from './renewals.rules.ts'
export { rollUp } from './roll-up.ts'
export { type MonitorsRoomOptions, monitorsRoom, scheduleFigures } from './room.ts'
export { type RunFigures, runFigures } from './run-figures.ts'
export { firstDelay, nextDue, phaseOf } from './schedule.rules.ts'
export { type CheckTarget, checkMonitor, type ScheduleFigures } from './schedule.ts'
export { findScreenshot, type Screenshot } from './screenshots.rows.ts'
export { readRemoteWrite, type Written, writeVersionOf } from './series/remote-write.ts'
export { seriesText } from './series/series.ts'
export { type ServiceState, serviceStates } from './service-states.ts'
export { shownSpec } from './shown-spec.ts'
export { type RelatedMonitor, relatedMonitors } from './tell-renewal.ts'
export type { ClientVerdict } from './trust/client.ts'
export { clientName, followsWhatWasSent } from './trust/client-stores.ts'
export {
  hasNotBegun,
  neverChecked,
  ONCE,
  ROOM_REASONS,
  type Thresholds,
  takeObservation,
  type VerdictOutcome,
} from './verdict.rules.ts'
