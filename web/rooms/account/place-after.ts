/** Where to go after signing in: where the reader came from, if that is a page of ours. */
export function placeAfter(state: unknown): string {
  const next = typeof state === 'object' && state !== null && 'next' in state ? state.next : null
  const ours = typeof next === 'string' && /^\/(?![/\\\s])/.test(next)
  return ours && !next.startsWith('/sign-in') ? next : '/'
}

/** The secret of a one-time link. It stands after `#`, where no server, log or referrer sees it. */
export function secretOf({ hash }: { hash: string }): string | null {
  const written = hash.replace(/^#/, '')
  return /^[A-Za-z0-9_.~-]{20,200}$/.test(written) ? written : null
}
