import { createHash, randomBytes, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import type { JsonGeneralNames, JsonNameParams, Name, X509Certificate } from '@peculiar/x509'
import type { Millis } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'

type CryptoKeyPair = webcrypto.CryptoKeyPair

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

type Library = typeof import('@peculiar/x509')

let library: Promise<Library> | null = null

// The library takes 15 MB and 80 ms: a Tocsin that plays no drill does without. Its container reads
// the metadata, which must be there before it.
function load(): Promise<Library> {
  library ??= import('reflect-metadata').then(() => import('@peculiar/x509'))
  return library
}

/** A certificate and its key, ready for a TLS server. */
export interface LabCertificate {
  certificatePem: string
  keyPem: string
  /** The certificate followed by every intermediate above it: what a server sends. */
  chainPem: string
  /** SHA-256 over the DER, upper-case hex pairs with colons. */
  fingerprint: string
  serial: string
}

/** What a leaf says of itself. */
export interface LeafOptions {
  /** DNS names or IP addresses for the subject alternative name; the first is the common name too. */
  names: readonly string[]
  notBefore: Millis
  notAfter: Millis
  /** Hex; random when absent. */
  serial?: string
  /** Where it says that the certificate of its issuer can be had (authority information access). */
  issuerAt?: string
}

/** A certificate authority that exists for one drill or one test. */
export interface LabCa {
  /** Its own certificate: the anchor to trust when it is a root. */
  certificatePem: string
  keyPem: string
  /** The topmost certificate above it, or its own. */
  rootPem: string
  issue(options: LeafOptions): Promise<LabCertificate>
  /** An authority below this one; its leaves carry it in their chain. Lasts as long as a root unless told. */
  intermediate(subject: string, validity?: { notBefore: Millis; notAfter: Millis }): Promise<LabCa>
}

export interface LabCaOptions {
  /** A distinguished name (`CN=R3, O=Example`), or a text that becomes common name and organization. */
  subject: string
  now: Millis
}

interface Signer {
  subject: Name
  keys: CryptoKeyPair
  certificate: X509Certificate
  /** Intermediates to send, nearest first; the root is never sent. */
  above: string[]
  rootPem: string
  now: Millis
}

/** Creates a root authority with a P-256 key; takes about a millisecond. */
export async function mintLabCa({ subject, now }: LabCaOptions): Promise<LabCa> {
  const { X509CertificateGenerator } = await load()
  const keys = await newKeys()
  const name = await distinguishedName(subject)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name,
    notBefore: new Date(now - 365 * DAY),
    notAfter: new Date(now + 3650 * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: await authorityExtensions(keys, keys),
  })
  const pem = certificate.toString('pem')
  return authority({ subject: name, keys, certificate, above: [], rootPem: pem, now })
}

/** A certificate that vouches for itself, as a freshly installed machine makes one. */
export async function mintSelfSigned(options: LeafOptions): Promise<LabCertificate> {
  const { X509CertificateGenerator } = await load()
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: options.serial ?? newSerial(),
    name: await leafSubject(options.names),
    notBefore: new Date(options.notBefore),
    notAfter: new Date(options.notAfter),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: await leafExtensions(options, keys, keys),
  })
  return pack(certificate, keys, [])
}

/** A root under the signature of another, older one. */
export interface LabTwin {
  certificatePem: string
  /** The older root itself. */
  rootPem: string
}

const signers = new WeakMap<LabCa, Signer>()

/** Signs the name and the key of a root by a root of its own; both are valid for the same time. */
export async function crossSign(
  root: LabCa,
  subject: string,
  validity: { notBefore: Millis; notAfter: Millis },
): Promise<LabTwin> {
  const { X509CertificateGenerator } = await load()
  const { subject: name, keys: own } = signers.get(root)!
  const keys = await newKeys()
  const older = await distinguishedName(subject)
  const dates = { notBefore: new Date(validity.notBefore), notAfter: new Date(validity.notAfter) }
  const common = { issuer: older, signingAlgorithm: ALGORITHM, signingKey: keys.privateKey, ...dates }
  const sign = async (of: Name, its: CryptoKeyPair) => {
    const certificate = await X509CertificateGenerator.create({
      ...common,
      serialNumber: newSerial(),
      subject: of,
      publicKey: its.publicKey,
      extensions: await authorityExtensions(its, keys),
    })
    return certificate.toString('pem')
  }
  return { certificatePem: await sign(name, own), rootPem: await sign(older, keys) }
}

async function authority(signer: Signer): Promise<LabCa> {
  const { X509CertificateGenerator } = await load()
  const made: LabCa = {
    certificatePem: signer.certificate.toString('pem'),
    keyPem: await keyPem(signer.keys),
    rootPem: signer.rootPem,
    async issue(options) {
      const keys = await newKeys()
      const certificate = await X509CertificateGenerator.create({
        serialNumber: options.serial ?? newSerial(),
        subject: await leafSubject(options.names),
        issuer: signer.subject,
        notBefore: new Date(options.notBefore),
        notAfter: new Date(options.notAfter),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: signer.keys.privateKey,
        extensions: await leafExtensions(options, keys, signer.keys),
      })
      return pack(certificate, keys, signer.above)
    },
    async intermediate(subject, validity) {
      const keys = await newKeys()
      const name = await distinguishedName(subject)
      const certificate = await X509CertificateGenerator.create({
        serialNumber: newSerial(),
        subject: name,
        issuer: signer.subject,
        notBefore: new Date(validity?.notBefore ?? signer.now - 300 * DAY),
        notAfter: new Date(validity?.notAfter ?? signer.now + 3000 * DAY),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: signer.keys.privateKey,
        extensions: await authorityExtensions(keys, signer.keys),
      })
      const above = [certificate.toString('pem'), ...signer.above]
      return authority({ subject: name, keys, certificate, above, rootPem: signer.rootPem, now: signer.now })
    },
  }
  signers.set(made, signer)
  return made
}

/** Reads `CN=R3, O=Example` as it stands; any other text becomes both common name and organization. */
function distinguishedName(text: string): Promise<Name> {
  const parts = text.split(/,\s*(?=[A-Za-z][A-Za-z0-9.]*=)/)
  const pairs = parts.map((part) => /^([A-Za-z][A-Za-z0-9.]*)=(.+)$/s.exec(part.trim()))
  if (
    pairs.every(
      (pair) => pair !== null && ['CN', 'O', 'OU', 'C', 'L', 'ST', 'DC'].includes(pair[1]!.toUpperCase()),
    )
  )
    return nameOf(pairs.map((pair) => ({ [pair![1]!.toUpperCase()]: [literal(pair![2]!)] })))
  return nameOf([{ O: [literal(text)] }, { CN: [literal(text)] }])
}

async function nameOf(parts: JsonNameParams): Promise<Name> {
  const { Name } = await load()
  return new Name(parts)
}

// X.520 allows 64 characters. Given as a bare string the library would look in it for quotation marks and escapes.
function literal(value: string) {
  return { utf8String: value.replace(/[\x00-\x1f]/g, ' ').slice(0, 64) }
}

// The common name may be cut; the full name stands in the alternative names.
function leafSubject(names: readonly string[]): Promise<Name> {
  return nameOf([{ CN: [literal(names[0] ?? 'unnamed')] }])
}

async function leafExtensions({ names, issuerAt }: LeafOptions, keys: CryptoKeyPair, signer: CryptoKeyPair) {
  const x509 = await load()
  const san: JsonGeneralNames = names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(san),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ...(issuerAt === undefined ? [] : [new x509.AuthorityInfoAccessExtension({ caIssuers: [issuerAt] })]),
  ]
}

async function authorityExtensions(keys: CryptoKeyPair, signer: CryptoKeyPair) {
  const x509 = await load()
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
  ]
}

async function pack(
  certificate: X509Certificate,
  keys: CryptoKeyPair,
  above: string[],
): Promise<LabCertificate> {
  const certificatePem = certificate.toString('pem')
  const der = Buffer.from(certificate.rawData)
  return {
    certificatePem,
    keyPem: await keyPem(keys),
    chainPem: [certificatePem, ...above].join('\n'),
    fingerprint: createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g)!.join(':'),
    serial: certificate.serialNumber,
  }
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function keyPem(keys: CryptoKeyPair): Promise<string> {
  const { PemConverter } = await load()
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
}

// A leading zero bit keeps the serial positive, as RFC 5280 section 4.1.2.2 wants it.
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}
