import type { X509Certificate } from 'node:crypto'
import type { Millis } from '../../kit/clock.ts'

/** A distinguished name of node:crypto, one attribute per line, as one line. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}

/** The values of the given attributes: `attributes('C=CH\nO=CERN', ['O'])` is `['CERN']`. */
export function attributes(name: string | undefined, wanted: string[]): string[] {
  return (name ?? '')
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
    .filter(([key]) => wanted.includes(key))
    .map(([, value]) => value.replace(/\\(.)/g, '$1'))
}

/** The DNS and IP names of the subject alternative name text of node:crypto. */
export function alternativeNames(text: string | undefined): string[] {
  const names: string[] = []
  // A value with a comma or a quote in it is written as a JSON string, so that it cannot pass for two names.
  for (const [, quoted, plain] of (text ?? '').matchAll(
    /(?:^|, )(?:DNS|IP Address):(?:("(?:[^"\\]|\\.)*")|([^,]*))/g,
  ))
    names.push(quoted ? unquoted(quoted) : plain!)
  return names
}

/** What stands in a JSON string; what is none stays as it was written, and is nobody's name. */
function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}

/**
 * Whether a certificate vouches for itself: its own name and its own signature. What machines make up for themselves
 * says nothing of signing others (Windows allows theirs key encipherment only), so the key usage is not asked.
 */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate)
}

/** Whether `issuer` really signed `certificate`: names, key identifiers and the signature itself. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer)
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    return false // A key or signature algorithm that OpenSSL does not know proves nothing.
  }
}

export const notBefore = (certificate: X509Certificate): Millis => certificate.validFromDate.getTime()
export const notAfter = (certificate: X509Certificate): Millis => certificate.validToDate.getTime()
