/** Certificates by the thousand for tests: DER written by hand, so that each can be wrong in its own way. */
import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'

export interface TestKey {
  private: KeyObject
  /** SubjectPublicKeyInfo. */
  spki: Buffer
  id: Buffer
  pem: string
}

/** A new P-256 key. */
export function makeKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    private: privateKey,
    spki,
    id: createHash('sha1').update(spki).digest(),
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

export interface DerOptions {
  subject: string
  issuer: string
  key: TestKey
  by: TestKey
  from: number
  to: number
  /** Left out: no basic constraints at all. */
  ca?: boolean
  pathLength?: number
  /** Bits of the first byte: 4 signs certificates, 128 digital signature. */
  usage?: number
  purposes?: string[]
  names?: string[]
  keyId?: boolean
  authorityKeyId?: Buffer
  permitted?: string[]
  excluded?: string[]
  issuersUrl?: string
}

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts)
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
const text = (tag: number, value: string) => tlv(tag, Buffer.from(value))
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value))

/** `CN=X` alone. */
const nameOf = (common: string) => sequence(tlv(0x31, sequence(oid('550403'), text(0x0c, common))))

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return digits < '2050' && digits >= '1950' ? text(0x17, `${digits.slice(2)}Z`) : text(0x18, `${digits}Z`)
}

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
let serial = 0

/** One certificate as DER. */
export function mintDer(options: DerOptions): Buffer {
  const { subject, issuer, key, by, from, to } = options
  const number = Buffer.alloc(5)
  number.writeUInt32BE(++serial, 1)
  number[0] = 1
  const tbs = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, number),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(time(from), time(to)),
    nameOf(subject),
    key.spki,
    tlv(0xa3, sequence(...extensionsOf(options))),
  )
  const signature = sign('sha256', tbs, by.private)
  return sequence(tbs, ECDSA_SHA256, tlv(0x03, Buffer.from([0]), signature))
}

function extensionsOf(options: DerOptions): Buffer[] {
  const { ca, pathLength, usage, purposes, names, key, keyId, authorityKeyId } = options
  const found: Buffer[] = []
  if (ca !== undefined) {
    const parts = ca ? [tlv(0x01, Buffer.from([0xff]))] : []
    if (pathLength !== undefined) parts.push(tlv(0x02, Buffer.from([pathLength])))
    found.push(extension('551d13', true, sequence(...parts)))
  }
  if (usage !== undefined) found.push(extension('551d0f', true, tlv(0x03, Buffer.from([0, usage]))))
  if (purposes) found.push(extension('551d25', false, sequence(...purposes.map(oid))))
  if (names) {
    const general = names.map((name) =>
      /^[\d.]+$/.test(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : text(0x82, name),
    )
    found.push(extension('551d11', false, sequence(...general)))
  }
  if (keyId) found.push(extension('551d0e', false, tlv(0x04, key.id)))
  if (authorityKeyId) found.push(extension('551d23', false, sequence(tlv(0x80, authorityKeyId))))
  if (options.permitted || options.excluded) found.push(constraints(options))
  if (options.issuersUrl) {
    const access = sequence(oid('2b06010505073002'), text(0x86, options.issuersUrl))
    found.push(extension('2b06010505070101', false, sequence(access)))
  }
  return found
}

/** `10.0.0.0/255.0.0.0` is a network, anything else a DNS name. */
function constraints({ permitted = [], excluded = [] }: DerOptions): Buffer {
  const subtree = (base: string) =>
    sequence(base.includes('/') ? tlv(0x87, Buffer.from(base.split(/[./]/).map(Number))) : text(0x82, base))
  return extension(
    '551d1e',
    true,
    sequence(
      ...(permitted.length > 0 ? [tlv(0xa0, ...permitted.map(subtree))] : []),
      ...(excluded.length > 0 ? [tlv(0xa1, ...excluded.map(subtree))] : []),
    ),
  )
}

export function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

export const readDer = (der: Buffer): X509Certificate => new X509Certificate(der)
