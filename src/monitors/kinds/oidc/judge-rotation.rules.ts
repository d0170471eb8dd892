import type { Millis } from '../../../kit/clock.ts'
import { formatDuration, HOUR } from '../../../kit/duration.ts'

/** A key that was seen, by its id. */
export interface KnownKey {
  firstSeen: Millis
  lastSeen: Millis
  /** When a token that this check obtained was last signed with it. */
  signed: Millis | null
  /** Whether it was there when the first check looked, so that nobody knows since when. */
  original: boolean
}

/** What is kept from check to check. */
export interface RotationMemory {
  keysUrl: string | null
  /** How long the tokens live that were seen last; null where none was. */
  lifetime: Millis | null
  /** By id: pairs, since a provider may call a key whatever it likes. */
  keys: [id: string, KnownKey][]
}

export interface RotationFinding {
  reason: 'oidc.key-vanished' | 'oidc.key-unannounced'
  summary: string
}

export interface Rotation {
  memory: RotationMemory
  finding: RotationFinding | null
  /** Keys that appeared with this check. */
  announced: string[]
  /** Keys that are gone although tokens signed with them may live. */
  vanished: { id: string; until: Millis }[]
}

export interface RotationInput {
  now: Millis
  before: RotationMemory | null
  keysUrl: string
  /** The ids of the keys for signatures, as published now. */
  published: readonly string[]
  /** The token that was obtained: by which key it is signed, and for how long it lives. */
  token: { id: string; lifetime: Millis | null } | null
  /** How long tokens live, as configured. */
  tokenLifetime: Millis | undefined
  announce: Millis | undefined
}

const USUAL_LIFETIME = HOUR
const MOST_KEPT = 100

/** Compares the keys with those of before: whether a key went too soon, or signed before it was announced. */
export function judgeRotation(input: RotationInput): Rotation {
  const { now, before, published, token } = input
  const lifetime = token?.lifetime ?? before?.lifetime ?? null
  const lives = input.tokenLifetime ?? lifetime ?? USUAL_LIFETIME
  const old = new Map(before?.keys)
  const keys = new Map<string, KnownKey>()
  for (const id of published) {
    const known = old.get(id)
    keys.set(id, {
      firstSeen: known?.firstSeen ?? now,
      lastSeen: now,
      signed: token?.id === id ? now : (known?.signed ?? null),
      original: known?.original ?? before === null,
    })
  }
  const announced = before ? published.filter((id) => !old.has(id)) : []
  const vanished: Rotation['vanished'] = []
  const gone = [...old].filter(([id]) => !keys.has(id))
  const use = { before: [...old.values()], now: [...keys.values()] }
  for (const [id, known] of gone) {
    const until = lastUse(known, use) + lives
    if (until <= now) continue
    vanished.push({ id, until })
    keys.set(id, known)
  }
  return {
    memory: { keysUrl: input.keysUrl, lifetime, keys: newest(keys) },
    finding: findingOf(input, keys, vanished),
    announced,
    vanished,
  }
}

function findingOf(
  { now, token, announce }: RotationInput,
  keys: Map<string, KnownKey>,
  vanished: Rotation['vanished'],
): RotationFinding | null {
  const [gone] = vanished
  if (gone) {
    const left = formatDuration(gone.until - now)
    const more = vanished.length > 1 ? ` and ${vanished.length - 1} more` : ''
    return {
      reason: 'oidc.key-vanished',
      summary: `the key ${gone.id}${more} is gone, and tokens signed with it may live for another ${left}`,
    }
  }
  const signing = token && keys.get(token.id)
  if (!signing || signing.original || announce === undefined) return null
  const age = now - signing.firstSeen
  if (age >= announce) return null
  return {
    reason: 'oidc.key-unannounced',
    summary: `the key ${token.id} signs ${formatDuration(age)} after it appeared, expected are ${formatDuration(announce)}`,
  }
}

/**
 * Until when a key that is gone may have signed. Tokens that this check obtained tell; without any, a key that
 * stood beside it took over when it appeared; without one, it signed until the end.
 */
function lastUse(gone: KnownKey, { before, now }: Record<'before' | 'now', KnownKey[]>): Millis {
  if (before.some((key) => key.signed !== null)) return gone.signed ?? gone.firstSeen
  const successors = now
    .filter((key) => !key.original && key.firstSeen > gone.firstSeen && key.firstSeen <= gone.lastSeen)
    .map((key) => key.firstSeen)
  return successors.length > 0 ? Math.min(...successors) : gone.lastSeen
}

/** Of more keys than anyone rotates those seen last: a provider that makes up keys must not fill the memory. */
function newest(keys: Map<string, KnownKey>): [string, KnownKey][] {
  return [...keys].sort(([, a], [, b]) => b.lastSeen - a.lastSeen).slice(0, MOST_KEPT)
}

/** What was kept, where it has the form of it. */
export function readMemory(memory: unknown): RotationMemory | null {
  const kept = memory as Partial<RotationMemory> | null
  return Array.isArray(kept?.keys) ? (kept as RotationMemory) : null
}
