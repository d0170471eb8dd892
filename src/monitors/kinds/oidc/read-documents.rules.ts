import { failure, type StepFailure } from '../../net/failure.ts'

/** What a consumer needs of the discovery document. */
export interface Discovery {
  keysUrl: string
  tokenUrl: string | null
}

/** Reads a discovery document; the issuer in it must be, letter for letter, the one that was asked. */
export function readDiscovery(
  document: Record<string, unknown>,
  issuer: string,
): Discovery | StepFailure<'oidc.issuer-mismatch' | 'oidc.discovery-malformed'> {
  const malformed = (why: string) => failure('oidc.discovery-malformed' as const, `discovery: ${why}`)
  const { issuer: named, jwks_uri: keysUrl, token_endpoint: tokenUrl } = document
  if (typeof named !== 'string') return malformed('it names no issuer')
  if (named !== issuer)
    return failure('oidc.issuer-mismatch', `the issuer is ${named.slice(0, 200)}, expected is ${issuer}`)
  if (typeof keysUrl !== 'string' || !isWeb(keysUrl))
    return malformed('it names no address of keys (jwks_uri)')
  const secure = issuer.startsWith('https:')
  if (secure && !keysUrl.startsWith('https:')) return malformed('its keys are at an address without TLS')
  if (tokenUrl === undefined) return { keysUrl, tokenUrl: null }
  if (typeof tokenUrl !== 'string' || !isWeb(tokenUrl)) return malformed('its token endpoint is no address')
  if (secure && !tokenUrl.startsWith('https:')) return malformed('its tokens are at an address without TLS')
  return { keysUrl, tokenUrl }
}

function isWeb(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password
}

/** A public key as it was published, as far as it is looked at. */
export interface PublishedKey {
  /** Its `kid`, or a name made from its material. */
  id: string
  kid: string | null
  type: string
  algorithm: string | null
  /** Whether it is for signatures. */
  signs: boolean
  /** What makes it unfit for signatures, in words; null where nothing does. */
  weak: string | null
  /** Whether it comes with its private half. */
  exposed: boolean
  jwk: Record<string, unknown>
}

const MOST_KEYS = 200
const SMALLEST_RSA = 2_048

/** Reads a key set; what is unknown in it is kept, since others may understand it. */
export function readKeys(
  document: Record<string, unknown>,
): PublishedKey[] | StepFailure<'oidc.keys-malformed' | 'oidc.keys-empty'> {
  const { keys } = document
  if (!Array.isArray(keys)) return failure('oidc.keys-malformed', 'the keys: there is no list `keys` in them')
  if (keys.length > MOST_KEYS) return failure('oidc.keys-malformed', `the keys: ${keys.length} of them`)
  const read: PublishedKey[] = []
  for (const key of keys) {
    if (typeof key !== 'object' || key === null || typeof key.kty !== 'string')
      return failure('oidc.keys-malformed', 'the keys: one of them has no type (kty)')
    read.push(readKey(key))
  }
  if (!read.some((key) => key.signs))
    return failure('oidc.keys-empty', 'no key for signatures is published: no token can be verified')
  return read
}

const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : null)

function readKey(jwk: Record<string, unknown>): PublishedKey {
  const type = String(jwk.kty).slice(0, 20)
  const kid = text(jwk.kid)
  const operations = Array.isArray(jwk.key_ops) ? jwk.key_ops : null
  const material = text(jwk.n) ?? text(jwk.x) ?? ''
  const secret = type === 'oct'
  return {
    id: kid ?? `${type} ${material.slice(0, 16)}`,
    kid,
    type,
    algorithm: text(jwk.alg),
    signs: !secret && jwk.use !== 'enc' && (operations === null || operations.includes('verify')),
    weak: weakness(type, jwk),
    exposed: secret ? jwk.k !== undefined : jwk.d !== undefined,
    jwk,
  }
}

function weakness(type: string, jwk: Record<string, unknown>): string | null {
  if (type !== 'RSA') return null
  const bits = bitsOf(jwk.n)
  return bits < SMALLEST_RSA ? `an RSA key of ${bits} bits` : null
}

/** The length in bits of a number in base64url. */
function bitsOf(value: unknown): number {
  if (typeof value !== 'string') return 0
  const bytes = Buffer.from(value, 'base64url')
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first]!) - 24)
}
