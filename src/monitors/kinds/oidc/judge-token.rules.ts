import type { Millis } from '../../../kit/clock.ts'
import { formatDuration, MINUTE, SECOND } from '../../../kit/duration.ts'
import { failure, type StepFailure } from '../../net/failure.ts'
import type { OidcSpec } from './spec.ts'

export const CLAIM_REASONS = [
  'oidc.issuer-mismatch',
  'oidc.token-expired',
  'oidc.token-not-yet-valid',
  'oidc.audience-unexpected',
  'oidc.scope-missing',
  'oidc.claim-unexpected',
] as const
export type ClaimReason = (typeof CLAIM_REASONS)[number]

// Verifiers commonly forgive so much between two clocks.
const LEEWAY = MINUTE

/** What is wrong with the claims of a token whose signature is right; null where nothing is. */
export function judgeClaims(
  claims: Record<string, unknown>,
  { issuer, expect }: Pick<OidcSpec, 'issuer' | 'expect'>,
  now: Millis,
): StepFailure<ClaimReason> | null {
  const { iss, aud, exp, nbf } = claims
  if (iss !== issuer)
    return failure('oidc.issuer-mismatch', `the token is by ${shown(iss)}, expected is ${issuer}`)
  if (typeof exp !== 'number') return failure('oidc.token-expired', 'the token has no end (exp)')
  if (exp * SECOND + LEEWAY <= now)
    return failure('oidc.token-expired', `the new token expired ${formatDuration(now - exp * SECOND)} ago`)
  if (typeof nbf === 'number' && nbf * SECOND - LEEWAY > now)
    return failure(
      'oidc.token-not-yet-valid',
      `the new token becomes valid in ${formatDuration(nbf * SECOND - now)}: a clock is wrong`,
    )
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (expect.audience.length > 0 && !expect.audience.some((one) => audiences.includes(one)))
    return failure(
      'oidc.audience-unexpected',
      `the token is for ${audiences.map(shown).slice(0, 3).join(', ')}, expected is ${expect.audience.join(' or ')}`,
    )
  const scopes = scopesOf(claims)
  const missing = expect.scope.filter((one) => !scopes.includes(one))
  if (missing.length > 0)
    return failure('oidc.scope-missing', `the token lacks the scope ${missing.join(', ')}`)
  for (const [name, wanted] of Object.entries(expect.claims)) {
    const found = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (found !== wanted && !(Array.isArray(found) && found.includes(wanted)))
      return failure('oidc.claim-unexpected', `the claim ${name} is ${shown(found)}, expected is ${wanted}`)
  }
  return null
}

/** `scope` as one text (RFC 9068), or a list under the name that some providers use. */
function scopesOf({ scope, scp }: Record<string, unknown>): unknown[] {
  const given = scope ?? scp
  if (typeof given === 'string') return given.split(' ')
  return Array.isArray(given) ? given : []
}

/** For how long a token lives, when its claims tell. */
export function lifetimeOf({ iat, exp }: Record<string, unknown>): Millis | null {
  return typeof iat === 'number' && typeof exp === 'number' && exp > iat ? (exp - iat) * SECOND : null
}

const shown = (value: unknown) =>
  value === undefined ? 'absent' : (JSON.stringify(value) ?? '').slice(0, 80)
