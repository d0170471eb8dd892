/** What certificates are called in sentences. */
import { attributes } from './certificate.ts'
import type { Member } from './member.ts'

/** The common name, or else the organization, or else the whole subject. */
export function shortName({ certificate, subject }: Member): string {
  return attributes(certificate.subject, ['CN'])[0] ?? attributes(certificate.subject, ['O'])[0] ?? subject
}

/** The same of its issuer. */
export function issuerName({ certificate, issuer }: Member): string {
  return attributes(certificate.issuer, ['CN'])[0] ?? attributes(certificate.issuer, ['O'])[0] ?? issuer
}

/** `"USERTrust" signed by "AddTrust"`, which tells a cross-signed certificate from the root of the same name. */
export function fullName(member: Member): string {
  if (member.selfIssued) return `"${shortName(member)}"`
  return `"${shortName(member)}" signed by "${issuerName(member)}"`
}
