import { iso, type Millis } from '../../kit/clock.ts'
import { DAY, formatDuration } from '../../kit/duration.ts'
import type { RenewalExpectation, RenewalPolicy } from './renewal-policy.ts'

/** What an authority says about the renewal of one certificate. */
export interface RenewalInfo {
  start: Millis
  end: Millis
  /** Where the authority explains itself. */
  explanation: string | null
  /** The window was moved into the past: the authority wants the certificate replaced, as before a revocation. */
  demanded: boolean
}

/** The certificate on the disk, or why there is none. */
export type FileFindings =
  | { path: string; fingerprint: string; notBefore: Millis; notAfter: Millis }
  | { path: string; unreadable: string }

/** Everything that can be wrong about a renewal; the order is not that of their weight. */
export type RenewalReason =
  | 'certificate.replacement-demanded'
  | 'certificate.not-reloaded'
  | 'certificate.renewal-overdue'
  | 'certificate.file-outdated'
  | 'certificate.file-unreadable'

export interface RenewalProblem {
  reason: RenewalReason
  summary: string
}

/** The served certificate, as far as its renewal is concerned. */
export interface ServedLeaf {
  fingerprint: string
  notBefore: Millis
  notAfter: Millis
}

// Renewal runs at most daily, so that one day of delay is no fault yet.
const GRACE = DAY
const day = (at: Millis) => iso(at).slice(0, 10)

/** When the certificate should be replaced, by the policy. */
export function renewalDue(leaf: ServedLeaf, policy: RenewalPolicy, info: RenewalInfo | null): Millis {
  if (policy.when === 'before') return leaf.notAfter - policy.ms
  if (policy.when === 'ari' && info) return info.end
  return leaf.notBefore + ((leaf.notAfter - leaf.notBefore) * 2) / 3
}

/** Whether the renewal is late, by the policy that is declared. An expired certificate is named for that alone. */
export function renewalProblems(
  leaf: ServedLeaf,
  expected: RenewalExpectation,
  info: RenewalInfo | null,
  now: Millis,
): RenewalProblem[] {
  if (now > leaf.notAfter) return []
  const asked = expected.policy.when === 'ari' && info !== null
  if (asked && info.demanded) {
    const where = info.explanation ? `: ${info.explanation}` : ''
    return [
      {
        reason: 'certificate.replacement-demanded',
        summary: `the authority wants the certificate replaced at once, since ${day(info.end)}${where}`,
      },
    ]
  }
  const due = renewalDue(leaf, expected.policy, info)
  if (now <= due + (expected.grace ?? (asked ? 0 : GRACE))) return []
  const by = asked ? ' by the word of the authority' : ''
  return [
    {
      reason: 'certificate.renewal-overdue',
      summary:
        `the renewal has been due for ${formatDuration(now - due)}${by}, and the old certificate is still served; ` +
        `it ends in ${formatDuration(leaf.notAfter - now)}`,
    },
  ]
}

/** How the served certificate compares with that on the disk. */
export function fileProblems(leaf: ServedLeaf, file: FileFindings): RenewalProblem[] {
  if ('unreadable' in file) {
    const summary = `the certificate in ${file.path} cannot be read: ${file.unreadable}`
    return [{ reason: 'certificate.file-unreadable', summary }]
  }
  if (file.fingerprint === leaf.fingerprint) return []
  const [onDisk, served] = [`from ${day(file.notBefore)} to ${day(file.notAfter)}`, day(leaf.notAfter)]
  if (file.notBefore >= leaf.notBefore)
    return [
      {
        reason: 'certificate.not-reloaded',
        summary:
          `the certificate was renewed in ${file.path} (${onDisk}), but the server was not reloaded: ` +
          `it still serves the one that ends on ${served}`,
      },
    ]
  return [
    {
      reason: 'certificate.file-outdated',
      summary:
        `${file.path} holds an older certificate (${onDisk}) than the server serves (until ${served}): ` +
        'the next restart would bring it back',
    },
  ]
}
