import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A key pair of a drill. */
export interface LabKey {
  kid: string
  algorithm: string
  privateKey: KeyObject
  publicKey: KeyObject
}

const keys = new Map<string, LabKey>()
const CURVES: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** The key of this process for an algorithm: making one takes longer than a check. */
export function labKey(algorithm: string): LabKey {
  const known = keys.get(algorithm)
  if (known) return known
  const made = { kid: `drill-${algorithm}`, algorithm, ...pairFor(algorithm) }
  keys.set(algorithm, made)
  return made
}

function pairFor(algorithm: string): { privateKey: KeyObject; publicKey: KeyObject } {
  if (CURVES[algorithm]) return generateKeyPairSync('ec', { namedCurve: CURVES[algorithm] })
  if (algorithm.startsWith('Ed')) return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2_048 })
}

/** The public half, as it is published. */
export function publicHalf({ kid, algorithm, publicKey }: LabKey): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' }
}

/** A signed token. */
export function signToken({ kid, algorithm, privateKey }: LabKey, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: algorithm, kid, typ: 'at+jwt' })}.${part(claims)}`
  const hash = algorithm.startsWith('Ed') ? null : `sha${algorithm.slice(2)}`
  const signature = sign(hash, Buffer.from(signed), {
    key: privateKey,
    ...(CURVES[algorithm] && { dsaEncoding: 'ieee-p1363' }),
    ...(algorithm.startsWith('PS') && {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  })
  return `${signed}.${signature.toString('base64url')}`
}
