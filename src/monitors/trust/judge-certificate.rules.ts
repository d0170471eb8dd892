import type { Millis } from '../../kit/clock.ts'
import { formatDuration } from '../../kit/duration.ts'
import type { Verdict } from '../observation.ts'
import type { ClientVerdict } from './client.ts'
import { clientProblems } from './client-problems.rules.ts'
import { type CertificateExpectations, PROTOCOLS } from './expectations.ts'
import type { Path } from './find-paths.ts'
import { type FileFindings, fileProblems, type RenewalInfo, renewalProblems } from './renewal.rules.ts'

/** Every way in which a served certificate can be wrong; of several, the first in this order is the reason. */
export const CERTIFICATE_REASONS = [
  'certificate.expired',
  'certificate.not-yet-valid',
  'certificate.self-signed',
  'certificate.name-mismatch',
  'certificate.issuer-mismatch',
  'certificate.fingerprint-mismatch',
  'certificate.chain-expired',
  'certificate.untrusted',
  'certificate.client-breaks',
  'tls.protocol-too-old',
  'certificate.replacement-demanded',
  'certificate.not-reloaded',
  'certificate.expires-soon',
  'certificate.renewal-overdue',
  'certificate.chain-expires-soon',
  'certificate.client-will-break',
  'certificate.file-outdated',
  'certificate.file-unreadable',
] as const
export type CertificateReason = (typeof CERTIFICATE_REASONS)[number]

/** What the rules need to know of the certificate; no certificate object, so that a replay can make one up. */
export interface CertificateFindings {
  subject: string
  issuer: string
  issuerNames: string[]
  names: string[]
  fingerprint: string
  selfSigned: boolean
  notBefore: Millis
  notAfter: Millis
  protocol: string
  nameMatches: boolean
  /** Paths to the trusted roots; null when the chain is not to be verified. */
  paths: Path[] | null
  /** What the authority says of the renewal, where it was asked. */
  renewal?: RenewalInfo | null
  /** The certificate on the disk, where one is expected. */
  file?: FileFindings | null
  /** What the populations of clients make of it, where any are named. */
  clients?: ClientVerdict[] | null
}

export interface CertificateProblem {
  reason: CertificateReason
  verdict: Exclude<Verdict, 'up' | 'unknown'>
  summary: string
}

export interface CertificateJudgement {
  verdict: Verdict
  reason: CertificateReason | 'ok'
  summary: string
  /** Everything that is wrong, the worst first. */
  problems: CertificateProblem[]
  /** When the last usable path ends; null when none is usable or none was asked for. */
  chainEnds: Millis | null
}

/** Judges a served certificate against what is expected of it, at one instant. */
export function judgeCertificate(
  found: CertificateFindings,
  expected: CertificateExpectations & { name: string },
  now: Millis,
): CertificateJudgement {
  const ends = found.paths === null ? null : chainEnds(found.paths, now)
  if (expected.accept === 'any')
    return {
      verdict: 'up',
      reason: 'ok',
      summary: 'TLS answers; any certificate is accepted',
      problems: [],
      chainEnds: ends,
    }
  const problems = [
    ...datesProblems(found, now),
    ...identityProblems(found, expected),
    ...chainProblems(found, now),
    ...protocolProblems(found, expected),
    ...comingProblems(found, expected, ends, now),
  ]
  problems.push(...clientProblems(found.clients ?? [], problems))
  problems.sort((a, b) => CERTIFICATE_REASONS.indexOf(a.reason) - CERTIFICATE_REASONS.indexOf(b.reason))
  const worst = problems[0]
  if (worst)
    return {
      verdict: worst.verdict,
      reason: worst.reason,
      summary: withRemedy(worst, problems),
      problems,
      chainEnds: ends,
    }
  const summary = `certificate of ${expected.name} by ${found.issuerNames.at(0) ?? found.issuer}, ${formatDuration(
    found.notAfter - now,
  )} left`
  return { verdict: 'up', reason: 'ok', summary, problems, chainEnds: ends }
}

const down = (reason: CertificateReason, summary: string): CertificateProblem => ({
  reason,
  verdict: 'down',
  summary,
})
const degraded = (reason: CertificateReason, summary: string): CertificateProblem => ({
  reason,
  verdict: 'degraded',
  summary,
})

function datesProblems(found: CertificateFindings, now: Millis): CertificateProblem[] {
  if (found.notAfter < now)
    return [
      down('certificate.expired', `the certificate expired ${formatDuration(now - found.notAfter)} ago`),
    ]
  if (found.notBefore > now)
    return [
      down(
        'certificate.not-yet-valid',
        `the certificate becomes valid in ${formatDuration(found.notBefore - now)}`,
      ),
    ]
  return []
}

function identityProblems(
  found: CertificateFindings,
  expected: CertificateExpectations & { name: string },
): CertificateProblem[] {
  const problems: CertificateProblem[] = []
  if (!found.nameMatches) {
    const served = found.names.length > 0 ? found.names.slice(0, 5).join(', ') : found.subject
    const summary = `the certificate is for ${served}, not for ${expected.name}`
    problems.push(down('certificate.name-mismatch', summary))
  }
  const wanted = expected.issuer?.toLowerCase()
  if (wanted && !found.issuerNames.some((name) => name.toLowerCase().includes(wanted))) {
    const summary = `the certificate was issued by "${found.issuer}", not by "${expected.issuer}"`
    problems.push(down('certificate.issuer-mismatch', summary))
  }
  if (expected.fingerprint && found.fingerprint.replaceAll(':', '') !== expected.fingerprint)
    problems.push(
      down('certificate.fingerprint-mismatch', `another certificate is served: ${found.fingerprint}`),
    )
  return problems
}

function chainProblems(found: CertificateFindings, now: Millis): CertificateProblem[] {
  const { paths } = found
  if (paths === null || chainEnds(paths, now) !== null) return []
  if (paths.length === 0) {
    if (found.selfSigned)
      return [
        down('certificate.self-signed', `the certificate "${found.subject}" signs itself and is not trusted`),
      ]
    return [
      down('certificate.untrusted', `no trusted root stands behind the certificate by "${found.issuer}"`),
    ]
  }
  const sound = paths.find((path) => path.defect === null)
  if (!sound) return [down('certificate.untrusted', `the chain cannot be used: ${paths[0]!.defect}`)]
  // The leaf's own dates have been named already.
  const broken = sound.members.slice(1).find((member) => member.notAfter < now || member.notBefore > now)
  if (!broken) return []
  return [down('certificate.chain-expired', `"${broken.subject}" in the chain is outside its dates`)]
}

function protocolProblems(
  found: CertificateFindings,
  expected: CertificateExpectations,
): CertificateProblem[] {
  const version = PROTOCOLS.indexOf(found.protocol as (typeof PROTOCOLS)[number])
  if (version >= PROTOCOLS.indexOf(expected.minVersion)) return []
  return [
    down('tls.protocol-too-old', `${found.protocol} was negotiated, ${expected.minVersion} is the least`),
  ]
}

/** A new certificate that lies on the disk already is the way out of whatever is wrong with the old one. */
function withRemedy(worst: CertificateProblem, problems: CertificateProblem[]): string {
  const waiting = problems.find(({ reason }) => reason === 'certificate.not-reloaded')
  return waiting && waiting !== worst ? `${worst.summary}; ${waiting.summary}` : worst.summary
}

function comingProblems(
  found: CertificateFindings,
  expected: CertificateExpectations,
  ends: Millis | null,
  now: Millis,
): CertificateProblem[] {
  const left = found.notAfter - now
  const problems: CertificateProblem[] = (found.file ? fileProblems(found, found.file) : []).map(
    ({ reason, summary }) => degraded(reason, summary),
  )
  if (left < 0) return problems
  if (left < expected.warn)
    problems.push(degraded('certificate.expires-soon', `the certificate expires in ${formatDuration(left)}`))
  const renewals = [
    ...(expected.renewal ? renewalProblems(found, expected.renewal, found.renewal ?? null, now) : []),
    ...(expected.renewBefore === undefined
      ? []
      : renewalProblems(found, { policy: { when: 'before', ms: expected.renewBefore } }, null, now)),
  ]
  for (const { reason, summary } of renewals)
    if (!problems.some((problem) => problem.reason === reason)) problems.push(degraded(reason, summary))
  if (ends !== null && ends < found.notAfter && ends - now < expected.warn)
    problems.push(degraded('certificate.chain-expires-soon', endsOnTheWay(found.paths ?? [], ends, now)))
  return problems
}

/** Names what ends first on the path that lasts longest. */
function endsOnTheWay(paths: Path[], ends: Millis, now: Millis): string {
  const lasting = paths.find(
    ({ defect, members }) =>
      defect === null && Math.min(...members.map((member) => member.notAfter)) === ends,
  )
  const named = (lasting?.members ?? [])
    .filter((member) => member.notAfter === ends)
    .map((member) => `"${member.subject}"`)
  return `${named.join(' and ')} in the chain ends in ${formatDuration(ends - now)}, and no other path lasts longer`
}

/** Until when the longest-lived sound path holds, among those that hold now. */
function chainEnds(paths: Path[], now: Millis): Millis | null {
  let best: Millis | null = null
  for (const { defect, members } of paths) {
    if (defect !== null || members.some((member) => member.notBefore > now || member.notAfter < now)) continue
    const end = Math.min(...members.map((member) => member.notAfter))
    best = Math.max(best ?? end, end)
  }
  return best
}
