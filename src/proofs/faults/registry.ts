import { fault as certificateChainExpired } from './certificate-chain-expired/fault.ts'
import { fault as certificateChainIncomplete } from './certificate-chain-incomplete/fault.ts'
import { fault as certificateCrossSignExpired } from './certificate-cross-sign-expired/fault.ts'
import { fault as certificateExpired } from './certificate-expired/fault.ts'
import { fault as certificateExpiresSoon } from './certificate-expires-soon/fault.ts'
import { fault as certificateNotReloaded } from './certificate-not-reloaded/fault.ts'
import { fault as certificateNotYetValid } from './certificate-not-yet-valid/fault.ts'
import { fault as certificateRenewalOverdue } from './certificate-renewal-overdue/fault.ts'
import { fault as certificateSelfSigned } from './certificate-self-signed/fault.ts'
import { fault as certificateUntrusted } from './certificate-untrusted/fault.ts'
import { fault as certificateWrongIssuer } from './certificate-wrong-issuer/fault.ts'
import { fault as certificateWrongName } from './certificate-wrong-name/fault.ts'
import { fault as connectionRefused } from './connection-refused/fault.ts'
import { fault as dnsNoRecords } from './dns-no-records/fault.ts'
import { fault as dnsServfail } from './dns-servfail/fault.ts'
import { fault as dnsStaleServer } from './dns-stale-server/fault.ts'
import { fault as dnsWrongAnswer } from './dns-wrong-answer/fault.ts'
import type { Fault } from './fault.ts'
import { fault as grpcNotServing } from './grpc-not-serving/fault.ts'
import { fault as healthy } from './healthy/fault.ts'
import { fault as http500 } from './http-500/fault.ts'
import { fault as httpWrongContent } from './http-wrong-content/fault.ts'
import { fault as httpWrongJson } from './http-wrong-json/fault.ts'
import { fault as inventoryDuplicateAddress } from './inventory-duplicate-address/fault.ts'
import { fault as inventoryFloatingBoundTwice } from './inventory-floating-bound-twice/fault.ts'
import { fault as inventoryUnboundAddress } from './inventory-unbound-address/fault.ts'
import { fault as jobFails } from './job-fails/fault.ts'
import { fault as jobHangs } from './job-hangs/fault.ts'
import { fault as jobLasts } from './job-lasts/fault.ts'
import { fault as jobLate } from './job-late/fault.ts'
import { fault as jobSilent } from './job-silent/fault.ts'
import { fault as logPattern } from './log-pattern/fault.ts'
import { fault as logSilent } from './log-silent/fault.ts'
import { fault as logVanishes } from './log-vanishes/fault.ts'
import { fault as metricBacklogAging } from './metric-backlog-aging/fault.ts'
import { fault as metricGone } from './metric-gone/fault.ts'
import { fault as metricGrowthUnusual } from './metric-growth-unusual/fault.ts'
import { fault as metricLeakRestarted } from './metric-leak-restarted/fault.ts'
import { fault as metricLimitSoon } from './metric-limit-soon/fault.ts'
import { fault as metricOneGone } from './metric-one-gone/fault.ts'
import { fault as metricOverLimit } from './metric-over-limit/fault.ts'
import { fault as metricStale } from './metric-stale/fault.ts'
import { fault as metricTenantSpike } from './metric-tenant-spike/fault.ts'
import { fault as oidcDiscovery500 } from './oidc-discovery-500/fault.ts'
import { fault as oidcKeyUnknown } from './oidc-key-unknown/fault.ts'
import { fault as oidcKeysHang } from './oidc-keys-hang/fault.ts'
import { fault as oidcKeysSlow } from './oidc-keys-slow/fault.ts'
import { fault as oidcWrongIssuer } from './oidc-wrong-issuer/fault.ts'
import { fault as peerBlocked } from './peer-blocked/fault.ts'
import { fault as peerNotChecking } from './peer-not-checking/fault.ts'
import { fault as peerReplayed } from './peer-replayed/fault.ts'
import { fault as peerSilent } from './peer-silent/fault.ts'
import { fault as placeSilent } from './place-silent/fault.ts'
import { fault as poolMembersDown } from './pool-members-down/fault.ts'
import { fault as rdpNegotiationFailure } from './rdp-negotiation-failure/fault.ts'
import { fault as rdpNoTls } from './rdp-no-tls/fault.ts'
import { fault as rdpUnconfiguredNode } from './rdp-unconfigured-node/fault.ts'
import { fault as sipDigestUnknown } from './sip-digest-unknown/fault.ts'
import { fault as sipNotBound } from './sip-not-bound/fault.ts'
import { fault as sipSilent } from './sip-silent/fault.ts'
import { fault as sipUnauthorized } from './sip-unauthorized/fault.ts'
import { fault as sipUnavailable } from './sip-unavailable/fault.ts'
import { fault as slow } from './slow/fault.ts'
import { fault as smtpOpenRelay } from './smtp-open-relay/fault.ts'
import { fault as smtpRecipientRefused } from './smtp-recipient-refused/fault.ts'
import { fault as smtpTurnedAway } from './smtp-turned-away/fault.ts'
import { fault as sqlAuthRefused } from './sql-auth-refused/fault.ts'
import { fault as sqlTooManyConnections } from './sql-too-many-connections/fault.ts'
import { fault as sqlWrongRole } from './sql-wrong-role/fault.ts'
import { fault as sqlWrongValue } from './sql-wrong-value/fault.ts'
import { fault as starttlsInjection } from './starttls-injection/fault.ts'
import { fault as starttlsNotOffered } from './starttls-not-offered/fault.ts'
import { fault as tarpit } from './tarpit/fault.ts'
import { fault as websocketNoAnswer } from './websocket-no-answer/fault.ts'
import { fault as websocketUpgradeRefused } from './websocket-upgrade-refused/fault.ts'

/** Every fault, in the order in which a drill plays them. */
export const FAULTS: readonly Fault[] = [
  certificateExpired,
  certificateNotYetValid,
  certificateExpiresSoon,
  certificateWrongName,
  certificateWrongIssuer,
  certificateUntrusted,
  certificateSelfSigned,
  certificateChainIncomplete,
  certificateChainExpired,
  certificateRenewalOverdue,
  certificateNotReloaded,
  certificateCrossSignExpired,
  http500,
  httpWrongContent,
  rdpNegotiationFailure,
  rdpNoTls,
  rdpUnconfiguredNode,
  sipDigestUnknown,
  sipNotBound,
  sipSilent,
  sipUnauthorized,
  sipUnavailable,
  httpWrongJson,
  oidcDiscovery500,
  oidcKeyUnknown,
  oidcKeysHang,
  oidcKeysSlow,
  oidcWrongIssuer,
  jobSilent,
  jobLate,
  jobHangs,
  jobFails,
  jobLasts,
  logPattern,
  logSilent,
  logVanishes,
  dnsWrongAnswer,
  dnsServfail,
  dnsNoRecords,
  dnsStaleServer,
  metricLimitSoon,
  metricLeakRestarted,
  metricOverLimit,
  metricGone,
  metricStale,
  metricOneGone,
  metricTenantSpike,
  metricBacklogAging,
  metricGrowthUnusual,
  inventoryUnboundAddress,
  inventoryDuplicateAddress,
  inventoryFloatingBoundTwice,
  websocketUpgradeRefused,
  websocketNoAnswer,
  grpcNotServing,
  smtpOpenRelay,
  smtpRecipientRefused,
  smtpTurnedAway,
  starttlsInjection,
  starttlsNotOffered,
  sqlAuthRefused,
  sqlTooManyConnections,
  sqlWrongRole,
  sqlWrongValue,
  slow,
  tarpit,
  connectionRefused,
  poolMembersDown,
  peerSilent,
  peerReplayed,
  peerBlocked,
  peerNotChecking,
  placeSilent,
]

/** What every drill plays before and after its faults. */
export const CONTROL: Fault = healthy

/** The names, for the configuration and its schema. */
export const FAULT_NAMES: readonly string[] = FAULTS.map((fault) => fault.name)
