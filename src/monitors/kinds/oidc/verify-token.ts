import { reasonOf } from '../../../kit/errors.ts'
import { failure, type StepFailure } from '../../net/failure.ts'
import type { PublishedKey } from './read-documents.rules.ts'

export const SIGNATURE_REASONS = [
  'oidc.token-malformed',
  'oidc.algorithm-refused',
  'oidc.key-unknown',
  'oidc.key-weak',
  'oidc.signature-invalid',
] as const

export interface VerifiedToken {
  claims: Record<string, unknown>
  /** The key that signed it. */
  key: PublishedKey
  algorithm: string
}

const LONGEST_TOKEN = 100_000

/** Verifies a token against the published keys, as a consumer does: the key is found by `kid`, never tried out. */
export async function verifyToken(
  token: string,
  keys: readonly PublishedKey[],
  algorithms: readonly string[],
): Promise<VerifiedToken | StepFailure<(typeof SIGNATURE_REASONS)[number]>> {
  if (token.length > LONGEST_TOKEN)
    return failure('oidc.token-malformed', `the token has ${token.length} characters`)
  const { compactVerify, decodeProtectedHeader, importJWK } = await import('jose')
  let header: { alg?: unknown; kid?: unknown }
  try {
    if (token.split('.').length !== 3) throw new Error('it is opaque')
    header = decodeProtectedHeader(token)
  } catch (error) {
    return failure('oidc.token-malformed', `the token is no signed JWT: ${reasonOf(error).slice(0, 80)}`)
  }
  const algorithm = typeof header.alg === 'string' ? header.alg.slice(0, 20) : 'nothing'
  if (!algorithms.includes(algorithm))
    return failure('oidc.algorithm-refused', `the token is signed with ${algorithm}, which is not accepted`)
  const key = keyFor(header.kid, keys)
  if (!key) {
    const known = keys.map((one) => one.kid ?? 'one without name').slice(0, 5)
    const asked = typeof header.kid === 'string' ? `the key ${header.kid.slice(0, 80)}` : 'a key without name'
    return failure(
      'oidc.key-unknown',
      `a new token is signed with ${asked}, published are ${known.join(', ')}: no consumer can verify it`,
    )
  }
  if (key.weak) return failure('oidc.key-weak', `tokens are signed with ${key.weak}, which verifiers refuse`)
  try {
    const imported = await importJWK(key.jwk as Parameters<typeof importJWK>[0], algorithm)
    const { payload } = await compactVerify(token, imported, { algorithms: [...algorithms] })
    const claims = JSON.parse(new TextDecoder().decode(payload))
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw new Error('no claims')
    return { claims, key, algorithm }
  } catch (error) {
    const why = reasonOf(error).replace(/\s+/g, ' ').slice(0, 100)
    return failure('oidc.signature-invalid', `the signature is not that of the key ${key.id}: ${why}`)
  }
}

/** A token without `kid` can be verified only where there is one key. */
function keyFor(kid: unknown, keys: readonly PublishedKey[]): PublishedKey | undefined {
  const signing = keys.filter((key) => key.signs)
  if (kid === undefined) return signing.length === 1 ? signing[0] : undefined
  return signing.find((key) => key.kid === kid)
}
