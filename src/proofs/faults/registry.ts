import { fault as certificateChainExpired } from './certificate-chain-expired/fault.ts'
import { fault as certificateChainIncomplete } from './certificate-chain-incomplete/fault.ts'
import { fault as certificateCrossSignExpired } from './certificate-cross-sign-expired/fault.ts'
import { fault as certificateExpired } from './certificate-expired/fault.ts'
import { fault as certificateExpiresSoon } from './certificate-expires-soon/fault.ts'
import { fault as certificateNodesDiffer } from './certificate-nodes-differ/fault.ts'
import { fault as certificateNotReloaded } from './certificate-not-reloaded/fault.ts'
import { fault as certificateNotYetValid } from './certificate-not-yet-valid/fault.ts'
import { fault as certificateOtherRoot } from './certificate-other-root/fault.ts'
import { fault as certificateRenewalOverdue } from './certificate-renewal-overdue/fault.ts'
import { fault as certificateReplaced } from './certificate-replaced/fault.ts'
import { fault as certificateSelfSigned } from './certificate-self-signed/fault.ts'
import { fault as certificateUntrusted } from './certificate-untrusted/fault.ts'
import { fault as certificateWrongIssuer } from './certificate-wrong-issuer/fault.ts'
import { fault as certificateWrongName } from './certificate-wrong-name/fault.ts'
import { fault as connectionRefused } from './connection-refused/fault.ts'
import { fault as dnsNoRecords } from './dns-no-records/fault.ts'
import { fault as dnsNotAuthoritative } from './dns-not-authoritative/fault.ts'
import { fault as dnsNotValidated } from './dns-not-validated/fault.ts'
import { fault as dnsServfail } from './dns-servfail/fault.ts'
import { fault as dnsStaleServer } from './dns-stale-server/fault.ts'
import { fault as dnsTtlLong } from './dns-ttl-long/fault.ts'
import { fault as dnsTtlShort } from './dns-ttl-short/fault.ts'
import { fault as dnsWrongAnswer } from './dns-wrong-answer/fault.ts'
import type { Fault } from './fault.ts'
import { fault as grpcNotServing } from './grpc-not-serving/fault.ts'
import { fault as grpcServiceNotServing } from './grpc-service-not-serving/fault.ts'
import { fault as healthy } from './healthy/fault.ts'
import { fault as http500 } from './http-500/fault.ts'
import { fault as httpHeaderMissing } from './http-header-missing/fault.ts'
import { fault as httpUnwantedText } from './http-unwanted-text/fault.ts'
import { fault as httpWrongContent } from './http-wrong-content/fault.ts'
import { fault as httpWrongJson } from './http-wrong-json/fault.ts'
import { fault as icmpJitter } from './icmp-jitter/fault.ts'
import { fault as icmpLoss } from './icmp-loss/fault.ts'
import { fault as icmpNoAnswer } from './icmp-no-answer/fault.ts'
import { fault as inventoryDuplicateAddress } from './inventory-duplicate-address/fault.ts'
import { fault as inventoryFloatingBoundTwice } from './inventory-floating-bound-twice/fault.ts'
import { fault as inventoryHostDiffers } from './inventory-host-differs/fault.ts'
import { fault as inventoryUnboundAddress } from './inventory-unbound-address/fault.ts'
import { fault as jobFails } from './job-fails/fault.ts'
import { fault as jobHangs } from './job-hangs/fault.ts'
import { fault as jobLasts } from './job-lasts/fault.ts'
import { fault as jobLate } from './job-late/fault.ts'
import { fault as jobPreviewed } from './job-previewed/fault.ts'
import { fault as jobSilent } from './job-silent/fault.ts'
import { fault as journeyButtonGone } from './journey-button-gone/fault.ts'
import { fault as journeyPageHangs } from './journey-page-hangs/fault.ts'
import { fault as journeyScriptError } from './journey-script-error/fault.ts'
import { fault as journeySlowStep } from './journey-slow-step/fault.ts'
import { fault as journeyWrongPage } from './journey-wrong-page/fault.ts'
import { fault as logOtherCase } from './log-other-case/fault.ts'
import { fault as logPattern } from './log-pattern/fault.ts'
import { fault as logSilent } from './log-silent/fault.ts'
import { fault as logVanishes } from './log-vanishes/fault.ts'
import { fault as logWantedMissing } from './log-wanted-missing/fault.ts'
import { fault as metricBacklogAging } from './metric-backlog-aging/fault.ts'
import { fault as metricGone } from './metric-gone/fault.ts'
import { fault as metricGrowthUnusual } from './metric-growth-unusual/fault.ts'
import { fault as metricLeakRestarted } from './metric-leak-restarted/fault.ts'
import { fault as metricLimitSoon } from './metric-limit-soon/fault.ts'
import { fault as metricOneGone } from './metric-one-gone/fault.ts'
import { fault as metricOverLimit } from './metric-over-limit/fault.ts'
import { fault as metricShareLarge } from './metric-share-large/fault.ts'
import { fault as metricStale } from './metric-stale/fault.ts'
import { fault as metricTenantSpike } from './metric-tenant-spike/fault.ts'
import { fault as metricUnderLimit } from './metric-under-limit/fault.ts'
import { fault as oidcClaimWrong } from './oidc-claim-wrong/fault.ts'
import { fault as oidcDiscovery500 } from './oidc-discovery-500/fault.ts'
import { fault as oidcDiscoverySlow } from './oidc-discovery-slow/fault.ts'
import { fault as oidcKeyUnannounced } from './oidc-key-unannounced/fault.ts'
import { fault as oidcKeyUnknown } from './oidc-key-unknown/fault.ts'
import { fault as oidcKeyVanished } from './oidc-key-vanished/fault.ts'
import { fault as oidcKeyVanishedLate } from './oidc-key-vanished-late/fault.ts'
import { fault as oidcKeysHang } from './oidc-keys-hang/fault.ts'
import { fault as oidcKeysSlow } from './oidc-keys-slow/fault.ts'
import { fault as oidcOpaqueToken } from './oidc-opaque-token/fault.ts'
import { fault as oidcOtherAlgorithm } from './oidc-other-algorithm/fault.ts'
import { fault as oidcScopeMissing } from './oidc-scope-missing/fault.ts'
import { fault as oidcTokenSlow } from './oidc-token-slow/fault.ts'
import { fault as oidcWrongAudience } from './oidc-wrong-audience/fault.ts'
import { fault as oidcWrongIssuer } from './oidc-wrong-issuer/fault.ts'
import { fault as peerBlocked } from './peer-blocked/fault.ts'
import { fault as peerNotChecking } from './peer-not-checking/fault.ts'
import { fault as peerReplayed } from './peer-replayed/fault.ts'
import { fault as peerSilent } from './peer-silent/fault.ts'
import { fault as placeSilent } from './place-silent/fault.ts'
import { fault as poolMemberMissing } from './pool-member-missing/fault.ts'
import { fault as poolMembersDown } from './pool-members-down/fault.ts'
import { fault as rdpNegotiationFailure } from './rdp-negotiation-failure/fault.ts'
import { fault as rdpNlaNotChosen } from './rdp-nla-not-chosen/fault.ts'
import { fault as rdpNoTls } from './rdp-no-tls/fault.ts'
import { fault as rdpUnconfiguredNode } from './rdp-unconfigured-node/fault.ts'
import { fault as sipBindingsExtra } from './sip-bindings-extra/fault.ts'
import { fault as sipBindingsMissing } from './sip-bindings-missing/fault.ts'
import { fault as sipDigestUnknown } from './sip-digest-unknown/fault.ts'
import { fault as sipNotBound } from './sip-not-bound/fault.ts'
import { fault as sipNotReplicated } from './sip-not-replicated/fault.ts'
import { fault as sipSilent } from './sip-silent/fault.ts'
import { fault as sipUnauthorized } from './sip-unauthorized/fault.ts'
import { fault as sipUnavailable } from './sip-unavailable/fault.ts'
import { fault as slow } from './slow/fault.ts'
import { fault as smtpExtensionMissing } from './smtp-extension-missing/fault.ts'
import { fault as smtpOpenRelay } from './smtp-open-relay/fault.ts'
import { fault as smtpRecipientRefused } from './smtp-recipient-refused/fault.ts'
import { fault as smtpTurnedAway } from './smtp-turned-away/fault.ts'
import { fault as smtpWrongBanner } from './smtp-wrong-banner/fault.ts'
import { fault as sqlAuthRefused } from './sql-auth-refused/fault.ts'
import { fault as sqlRowsExtra } from './sql-rows-extra/fault.ts'
import { fault as sqlRowsMissing } from './sql-rows-missing/fault.ts'
import { fault as sqlTooManyConnections } from './sql-too-many-connections/fault.ts'
import { fault as sqlValueHigh } from './sql-value-high/fault.ts'
import { fault as sqlValueLow } from './sql-value-low/fault.ts'
import { fault as sqlWrongRole } from './sql-wrong-role/fault.ts'
import { fault as sqlWrongValue } from './sql-wrong-value/fault.ts'
import { fault as starttlsInjection } from './starttls-injection/fault.ts'
import { fault as starttlsNotOffered } from './starttls-not-offered/fault.ts'
import { fault as tarpit } from './tarpit/fault.ts'
import { fault as tcpWrongAnswer } from './tcp-wrong-answer/fault.ts'
import { fault as tlsBehind } from './tls-behind/fault.ts'
import { fault as tlsTooOld } from './tls-too-old/fault.ts'
import { fault as websocketNoAnswer } from './websocket-no-answer/fault.ts'
import { fault as websocketNoPong } from './websocket-no-pong/fault.ts'
import { fault as websocketUpgradeRefused } from './websocket-upgrade-refused/fault.ts'
import { fault as websocketWrongProtocol } from './websocket-wrong-protocol/fault.ts'

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
  tlsBehind,
  tlsTooOld,
  certificateNodesDiffer,
  certificateOtherRoot,
  certificateReplaced,
  http500,
  httpWrongContent,
  httpUnwantedText,
  httpHeaderMissing,
  rdpNegotiationFailure,
  rdpNoTls,
  rdpUnconfiguredNode,
  rdpNlaNotChosen,
  sipDigestUnknown,
  sipNotBound,
  sipSilent,
  sipUnauthorized,
  sipUnavailable,
  sipNotReplicated,
  sipBindingsExtra,
  sipBindingsMissing,
  httpWrongJson,
  oidcDiscovery500,
  oidcKeyUnknown,
  oidcKeysHang,
  oidcKeysSlow,
  oidcWrongIssuer,
  oidcKeyUnannounced,
  oidcKeyVanishedLate,
  oidcKeyVanished,
  oidcClaimWrong,
  oidcScopeMissing,
  oidcWrongAudience,
  oidcOpaqueToken,
  oidcOtherAlgorithm,
  oidcTokenSlow,
  oidcDiscoverySlow,
  jobSilent,
  jobLate,
  jobHangs,
  jobFails,
  jobLasts,
  jobPreviewed,
  logPattern,
  logSilent,
  logVanishes,
  logOtherCase,
  logWantedMissing,
  dnsWrongAnswer,
  dnsServfail,
  dnsNoRecords,
  dnsStaleServer,
  dnsNotValidated,
  dnsNotAuthoritative,
  dnsTtlLong,
  dnsTtlShort,
  metricLimitSoon,
  metricLeakRestarted,
  metricOverLimit,
  metricGone,
  metricStale,
  metricOneGone,
  metricTenantSpike,
  metricBacklogAging,
  metricGrowthUnusual,
  metricShareLarge,
  metricUnderLimit,
  inventoryUnboundAddress,
  inventoryDuplicateAddress,
  inventoryFloatingBoundTwice,
  inventoryHostDiffers,
  websocketUpgradeRefused,
  websocketNoAnswer,
  websocketWrongProtocol,
  websocketNoPong,
  grpcNotServing,
  grpcServiceNotServing,
  smtpOpenRelay,
  smtpRecipientRefused,
  smtpTurnedAway,
  smtpExtensionMissing,
  smtpWrongBanner,
  starttlsInjection,
  starttlsNotOffered,
  sqlAuthRefused,
  sqlTooManyConnections,
  sqlWrongRole,
  sqlWrongValue,
  sqlRowsExtra,
  sqlRowsMissing,
  sqlValueHigh,
  sqlValueLow,
  journeyButtonGone,
  journeyWrongPage,
  journeyScriptError,
  journeyPageHangs,
  journeySlowStep,
  slow,
  tcpWrongAnswer,
  tarpit,
  connectionRefused,
  poolMembersDown,
  poolMemberMissing,
  peerSilent,
  peerReplayed,
  peerBlocked,
  peerNotChecking,
  placeSilent,
  icmpJitter,
  icmpLoss,
  icmpNoAnswer,
]

/** What every drill plays before and after its faults. */
export const CONTROL: Fault = healthy

/** The names, for the configuration and its schema. */
export const FAULT_NAMES: readonly string[] = FAULTS.map((fault) => fault.name)
