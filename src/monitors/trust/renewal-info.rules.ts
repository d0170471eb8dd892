import type { Millis } from '../../kit/clock.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../kit/duration.ts'
import { bytesOf, children, EXTENSION, elementAt, partsOf } from './der.ts'
import type { RenewalInfo, ServedLeaf } from './renewal.rules.ts'

/** The name of a certificate in ACME Renewal Information (RFC 9773, 4.1); null where its issuer's key is not named. */
export function renewalInfoName(der: Uint8Array): string | null {
  const parts = partsOf(der)
  const value = parts?.extensions.get(EXTENSION.authorityKeyId)
  const sequence = value && elementAt(value, 0)
  const keyId = sequence && children(value, sequence).find(({ tag }) => tag === 0x80)
  if (!parts || !keyId || keyId.from === keyId.to || parts.serial.length === 0) return null
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  return `${base64url(bytesOf(value, keyId))}.${base64url(parts.serial)}`
}

/** Where a certificate is asked for, below the address in the directory. */
export function renewalInfoUrl(base: string, name: string): string {
  return `${base.replace(/\/+$/, '')}/${name}`
}

/** A window as it was answered; null where it is none, or ends before it begins. */
export function parseRenewalInfo(body: string): Omit<RenewalInfo, 'demanded'> | null {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return null
  }
  const { suggestedWindow, explanationURL } = (answer ?? {}) as Record<string, unknown>
  const window = (suggestedWindow ?? {}) as Record<string, unknown>
  const [start, end] = [instantOf(window.start), instantOf(window.end)]
  if (start === null || end === null || end <= start) return null
  return { start, end, explanation: shownAddress(explanationURL) }
}

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/

function instantOf(text: unknown): Millis | null {
  if (typeof text !== 'string' || !INSTANT.test(text)) return null
  const at = Date.parse(text)
  return Number.isFinite(at) ? at : null
}

function shownAddress(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 200 || !URL.canParse(text)) return null
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) ? url.href : null
}

const USUAL_PAUSE = 6 * HOUR

/** How long to leave the authority alone (RFC 9773, 4.3.2): what it asks for, between a minute and a day. */
export function pauseAfter(retryAfter: string | undefined, now: Millis): Millis {
  if (retryAfter === undefined) return USUAL_PAUSE
  const text = retryAfter.trim()
  const date = /^[A-Z][a-z]{2}, [\w :]+$/.test(text) ? Date.parse(text) - now : Number.NaN
  const asked = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : date
  if (!Number.isFinite(asked)) return USUAL_PAUSE
  return Math.min(DAY, Math.max(MINUTE, asked))
}

/** The pause after the nth failure in a row: longer each time where it may pass, long where it will not (4.3.3). */
export function pauseAfterFailure(passing: boolean, failures: number): Millis {
  return passing ? Math.min(USUAL_PAUSE, MINUTE * 2 ** Math.min(failures, 10)) : USUAL_PAUSE
}

/**
 * Whether a window is in the past because it was moved there, and not because the renewal is late: an earlier
 * answer had it later, or it ends so early in the life of the certificate that no authority would begin with that.
 */
export function isDemand(
  window: { start: Millis; end: Millis },
  before: RenewalInfo | null,
  leaf: ServedLeaf,
  now: Millis,
): boolean {
  if (window.end > now) return false
  if (before?.end === window.end) return before.demanded
  if (before) return window.end < before.start
  return window.end < leaf.notBefore + (leaf.notAfter - leaf.notBefore) / 2
}

const DIRECTORIES: [issuer: RegExp, directory: string][] = [
  [/^Let's Encrypt$/i, 'https://acme-v02.api.letsencrypt.org/directory'],
  [/^Google Trust Services/i, 'https://dv.acme-v02.api.pki.goog/directory'],
]

/** The directory of a public authority that answers such questions, by the names of the issuer. */
export function knownDirectory(issuerNames: string[]): string | null {
  return DIRECTORIES.find(([issuer]) => issuerNames.some((name) => issuer.test(name)))?.[1] ?? null
}
