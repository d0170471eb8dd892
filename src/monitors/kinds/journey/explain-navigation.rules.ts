import { failure, type StepFailure } from '../../net/failure.ts'
import type { CertificateReason } from '../../trust/judge-certificate.rules.ts'

/** What the browser says of certificates, in the words of all kinds. */
const CERTIFICATE_WORDS: Record<string, { reason: CertificateReason; words: string }> = {
  ERR_CERT_DATE_INVALID: {
    reason: 'certificate.expired',
    words: 'the certificate is outside its dates',
  },
  ERR_CERT_COMMON_NAME_INVALID: {
    reason: 'certificate.name-mismatch',
    words: 'the certificate is for another name',
  },
  ERR_CERT_AUTHORITY_INVALID: {
    reason: 'certificate.untrusted',
    words: 'the browser does not trust the authority of the certificate',
  },
}

/** Why a page could not be loaded, from what the browser calls it; `blocked` is what was seen on our own way out. */
export function explainNavigation(
  place: string,
  errorText: string,
  blocked: StepFailure<string> | null,
): StepFailure<string> {
  if (blocked) return blocked
  const code = /\bERR_[A-Z0-9_]+/.exec(errorText)?.[0] ?? null
  const known = code === null ? undefined : CERTIFICATE_WORDS[code]
  if (known) return failure(known.reason, `${known.words} (${place})`)
  if (code?.startsWith('ERR_CERT')) {
    const words = code.replace(/^ERR_CERT(IFICATE)?_/, '').toLowerCase()
    return failure(
      'certificate.untrusted',
      `the browser refuses the certificate of ${place}: ${words.replaceAll('_', ' ')}`,
    )
  }
  if (code?.startsWith('ERR_SSL'))
    return failure('tls.handshake-failed', `the browser and ${place} did not agree on TLS (${code})`)
  return failure('journey.navigation-failed', `${place} ${NETWORK_WORDS[code ?? ''] ?? otherWords(code)}`)
}

const NETWORK_WORDS: Record<string, string> = {
  ERR_EMPTY_RESPONSE: 'closed the connection without an answer',
  ERR_CONNECTION_CLOSED: 'closed the connection before it answered',
  ERR_CONNECTION_RESET: 'broke off the connection',
  ERR_TOO_MANY_REDIRECTS: 'redirects in a circle',
  ERR_INVALID_HTTP_RESPONSE: 'answered with something that is no HTTP',
  ERR_INVALID_RESPONSE: 'answered with something that no browser understands',
  ERR_CONTENT_LENGTH_MISMATCH: 'broke off in the middle of its answer',
  ERR_INCOMPLETE_CHUNKED_ENCODING: 'broke off in the middle of its answer',
  ERR_UNSAFE_PORT: 'is at a port that browsers refuse to visit',
  ERR_UNSAFE_REDIRECT: 'redirects to where no page may go',
  ERR_UNKNOWN_URL_SCHEME: 'redirects to an address that is no web address',
  ERR_HTTP_RESPONSE_CODE_FAILURE: 'answered with a status of failure and nothing to show',
  ERR_BLOCKED_BY_RESPONSE: 'answered with a page that its own policy forbids to show',
}

const otherWords = (code: string | null) => (code ? `could not be loaded (${code})` : 'could not be loaded')
