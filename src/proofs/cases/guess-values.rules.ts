import type { CaseConfig } from './case.ts'

/** What is known of a monitor that a value can be guessed from. */
export interface Known {
  kind: string
  target: string
  /** Its settings as parsed. */
  spec: unknown
}

/** Values proposed from the monitors that a service has; only what they really say. */
export function guessValues(
  values: CaseConfig['values'],
  monitors: readonly Known[],
): Record<string, string> {
  const guesses = Object.entries(values).flatMap(([key, { guess }]) => {
    // The name that users know is better than the address at which a monitor happens to look.
    const named = guess === 'host' ? first(monitors, ({ spec }) => expectedName(spec)) : null
    const found = named ?? (guess ? first(monitors, GUESS[guess]) : null)
    return found === null ? [] : [[key, found] as const]
  })
  return Object.fromEntries(guesses)
}

const GUESS: Record<NonNullable<CaseConfig['values'][string]['guess']>, (monitor: Known) => string | null> = {
  host: ({ target }) => hostOf(target),
  target: ({ target }) => (hostOf(target) ? target : null),
  url: ({ spec }) => text(member(spec, 'url')),
  issuer: ({ spec }) => text(member(member(spec, 'expect'), 'issuer')),
  'issuer-address': ({ kind, spec }) => (kind === 'oidc' ? text(member(spec, 'issuer')) : null),
}

function first(monitors: readonly Known[], guess: (monitor: Known) => string | null): string | null {
  for (const monitor of monitors) {
    const found = guess(monitor)
    if (found !== null) return found
  }
  return null
}

const expectedName = (spec: unknown) => text(member(member(spec, 'expect'), 'name'))

/** The host of `docs.example.org:443`, `[2001:db8::1]:443` or an address of the web. */
function hostOf(target: string): string | null {
  if (/^https?:|^wss?:/.test(target)) return URL.canParse(target) ? new URL(target).hostname : null
  return /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):\d{1,5}$/i.exec(target)?.[1] ?? null
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : null)
