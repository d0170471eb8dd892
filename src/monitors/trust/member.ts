import type { X509Certificate } from 'node:crypto'
import type { Millis } from '../../kit/clock.ts'
import { notAfter, notBefore, oneLine } from './certificate.ts'
import { bytesOf, children, EXTENSION, elementAt, hexOf, type Parts, partsOf, pathLengthOf } from './der.ts'
import { type NameConstraints, readConstraints } from './name-constraints.ts'

/** A certificate as path building sees it. */
export interface Member {
  /** SHA-256 over the DER. */
  id: string
  certificate: X509Certificate
  /** For people. */
  subject: string
  issuer: string
  /** The names folded, so that equal names have equal keys. */
  subjectKey: string
  issuerKey: string
  publicKey: string
  keyId: string | null
  authority: { keyId: string | null; serial: string | null; issuer: string | null } | null
  serial: string
  notBefore: Millis
  notAfter: Millis
  /** What basic constraints say of it; null when it has none. */
  ca: boolean | null
  pathLength: number | null
  /** Whether key usage lets it sign certificates, and whether a TLS server may use it. */
  maySign: boolean
  mayServe: boolean
  /** Whether it says what its key is for. */
  hasKeyUsage: boolean
  /** Extended key usage, as identifiers in hex; null when it has none. */
  purposes: string[] | null
  constraints: NameConstraints | null
  selfIssued: boolean
  selfSigned: boolean
  keyAlgorithm: string
  signature: string
  /** 1 or 3; those of version 1 have no extensions. */
  version: number
}

const parsed = new WeakMap<X509Certificate, Member>()

/** Takes a certificate apart; the same object is read once. Null when its DER is not a certificate's. */
export function memberOf(certificate: X509Certificate): Member | null {
  const known = parsed.get(certificate)
  if (known) return known
  const parts = partsOf(certificate.raw)
  if (!parts) return null
  const member = describe(certificate, parts)
  parsed.set(certificate, member)
  return member
}

function describe(certificate: X509Certificate, parts: Parts): Member {
  const { extensions } = parts
  const authority = authorityIn(extensions.get(EXTENSION.authorityKeyId))
  const usage = usageIn(extensions.get(EXTENSION.keyUsage))
  const member: Member = {
    id: certificate.fingerprint256,
    certificate,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectKey: nameKey(certificate.subject),
    issuerKey: nameKey(certificate.issuer),
    publicKey: hexOf(parts.publicKey),
    keyId: octets(extensions.get(EXTENSION.keyId)),
    authority,
    serial: hexOf(parts.serial),
    notBefore: notBefore(certificate),
    notAfter: notAfter(certificate),
    ca: authorityFlag(extensions.get(EXTENSION.basicConstraints)),
    pathLength: pathLengthOf(certificate.raw),
    maySign: usage === null || (usage & KEY_CERT_SIGN) !== 0,
    mayServe: usage === null || (usage & SERVER_USES) !== 0,
    hasKeyUsage: usage !== null,
    purposes: purposesIn(extensions.get(EXTENSION.purposes)),
    constraints: readConstraints(extensions.get(EXTENSION.nameConstraints)),
    selfIssued: hexOf(parts.subject) === hexOf(parts.issuer),
    selfSigned: false,
    keyAlgorithm: parts.keyAlgorithm,
    signature: parts.signature,
    version: parts.version,
  }
  // As OpenSSL has it: by name and key identifiers; the signature is verified where it counts.
  member.selfSigned = member.selfIssued && isLikelyIssuedBy(member, member)
  return member
}

/** A name of node:crypto as a key: as RFC 5280 compares names, without case and repeated spaces. */
export function nameKey(name: string | undefined): string {
  return (name ?? '').toLowerCase().replace(/[ \t]+/g, ' ')
}

/** Whether names, key identifiers and algorithms say that `issuer` issued `subject`; no signature is verified. */
export function isLikelyIssuedBy(subject: Member, issuer: Member): boolean {
  if (subject.issuerKey !== issuer.subjectKey) return false
  const { authority } = subject
  if (authority?.keyId && issuer.keyId && authority.keyId !== issuer.keyId) return false
  if (authority?.serial && authority.serial !== issuer.serial) return false
  if (authority?.issuer && authority.issuer !== hexOf(partsOf(issuer.certificate.raw)!.issuer)) return false
  return algorithmsAgree(subject.signature, issuer.keyAlgorithm)
}

// By the first bytes of their identifiers: RSA with its kinds of signature, elliptic curves with theirs.
const RSA = '2a864886f70d0101'
const EC_KEY = '2a8648ce3d0201'
const EC_SIGNATURE = '2a8648ce3d04'

function algorithmsAgree(signature: string, key: string): boolean {
  if (signature.startsWith(RSA)) return key.startsWith(RSA)
  if (signature.startsWith(EC_SIGNATURE)) return key === EC_KEY
  return true
}

const KEY_CERT_SIGN = 0x04
// digitalSignature, keyEncipherment or keyAgreement.
const SERVER_USES = 0x80 | 0x20 | 0x08

function usageIn(value: Uint8Array | undefined): number | null {
  const bits = value && elementAt(value, 0)
  return bits && bits.tag === 0x03 ? (bytesOf(value, bits)[1] ?? 0) : null
}

function authorityFlag(value: Uint8Array | undefined): boolean | null {
  if (!value) return null
  const sequence = elementAt(value, 0)
  const flag = sequence && children(value, sequence).find(({ tag }) => tag === 0x01)
  return flag ? bytesOf(value, flag)[0] !== 0 : false
}

function octets(value: Uint8Array | undefined): string | null {
  const element = value && elementAt(value, 0)
  return element?.tag === 0x04 ? hexOf(bytesOf(value!, element)) : null
}

function purposesIn(value: Uint8Array | undefined): string[] | null {
  const sequence = value && elementAt(value, 0)
  return sequence ? children(value, sequence).map((oid) => hexOf(bytesOf(value, oid))) : null
}

function authorityIn(value: Uint8Array | undefined): Member['authority'] {
  const sequence = value && elementAt(value, 0)
  if (!sequence) return null
  const fields = children(value, sequence)
  const field = (tag: number) => fields.find((one) => (one.tag & 0x1f) === tag)
  const [keyId, names, serial] = [field(0), field(1), field(2)]
  const directory = names && children(value, names).find(({ tag }) => tag === 0xa4)
  return {
    keyId: keyId ? hexOf(bytesOf(value, keyId)) : null,
    serial: serial ? hexOf(bytesOf(value, serial)) : null,
    issuer: directory ? hexOf(bytesOf(value, directory)) : null,
  }
}
