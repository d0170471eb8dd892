import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export const { KeyUsageFlags } = x509

const DAY = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
x509.cryptoProvider.set(webcrypto as never)

/** A certificate with its key, as PEM, and what is needed to sign further ones. */
export interface Minted {
  cert: string
  key: string
  keys: webcrypto.CryptoKeyPair
  name: string
}

export interface MintOptions {
  /** The subject: `CN=docs.example.org`. */
  name: string
  /** Signs itself when left out. */
  by?: Minted
  /** DNS names and IP addresses. */
  names?: string[]
  ca?: boolean
  pathLength?: number
  /** Days from now. */
  from?: number
  days?: number
  /** Reuses the key of another certificate, as a cross-signed or renewed authority does. */
  keysOf?: Minted
  usage?: x509.KeyUsageFlags
  purposes?: string[]
  /** Hex of the authority key identifier. */
  issuerKeyId?: string
  /** Hex. */
  serial?: string
}

let serial = 1

/** Mints a P-256 certificate for a test. */
export async function mint(options: MintOptions): Promise<Minted> {
  const keys =
    options.keysOf?.keys ?? (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']))
  const { ca = false, from = -1, days = 90, names = [] } = options
  const now = Date.now()
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(ca, options.pathLength, true)]
  if (names.length > 0)
    extensions.push(
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value }) as const),
      ),
    )
  if (options.usage !== undefined) extensions.push(new x509.KeyUsagesExtension(options.usage, true))
  if (options.issuerKeyId) extensions.push(new x509.AuthorityKeyIdentifierExtension(options.issuerKeyId))
  if (options.purposes) extensions.push(new x509.ExtendedKeyUsageExtension(options.purposes))
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: options.serial ?? (serial++).toString(16).padStart(4, '0'),
    subject: options.name,
    issuer: options.by?.name ?? options.name,
    notBefore: new Date(now + from * DAY),
    notAfter: new Date(now + (from < 0 ? 0 : from * DAY) + days * DAY),
    signingKey: (options.by?.keys ?? keys).privateKey as never,
    publicKey: keys.publicKey as never,
    signingAlgorithm: ALGORITHM,
    extensions,
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`
  return { cert: `${certificate.toString('pem')}\n`, key, keys, name: options.name }
}

/** An authority of the laboratory. */
export function mintRoot(name = 'CN=Lab Root,O=Lab Authority', days = 3_650): Promise<Minted> {
  return mint({ name, ca: true, from: -400, days, usage: x509.KeyUsageFlags.keyCertSign })
}
