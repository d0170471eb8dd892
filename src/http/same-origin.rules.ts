/** What a browser says about where a request comes from. */
export interface OriginClaim {
  origin: string | undefined
  secFetchSite: string | undefined
  host: string | undefined
  /** Our own address. */
  publicUrl: string
}

export type OriginReason =
  | 'same-origin'
  | 'started-by-the-person'
  | 'not-from-a-browser'
  | 'another-site'
  | 'no-origin-given'

/**
 * Whether a request that rides on a cookie was made by our own pages. `lenient` is for requests that carry no
 * cookie: there a missing origin is a program, and only a foreign one is refused.
 */
export function judgeOrigin(
  claim: OriginClaim,
  { lenient }: { lenient: boolean },
): { allowed: boolean; reason: OriginReason } {
  if (claim.origin !== undefined) {
    const own =
      claim.origin === originOf(claim.publicUrl) || hostOf(claim.origin) === claim.host?.toLowerCase()
    return own ? { allowed: true, reason: 'same-origin' } : { allowed: false, reason: 'another-site' }
  }
  if (claim.secFetchSite === 'same-origin') return { allowed: true, reason: 'same-origin' }
  if (claim.secFetchSite === 'none') return { allowed: true, reason: 'started-by-the-person' }
  if (claim.secFetchSite !== undefined) return { allowed: false, reason: 'another-site' }
  return lenient
    ? { allowed: true, reason: 'not-from-a-browser' }
    : { allowed: false, reason: 'no-origin-given' }
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null
}
