import { createHmac, timingSafeEqual } from 'node:crypto'

/** One sign of life: what a Tocsin says of itself, numbered, every few seconds. */
export interface Beat {
  /** This start of this process; another start is another instance. */
  instance: string
  /** Counts up by one with each beat of the instance. */
  counter: number
  /** By the sender's clock, milliseconds; for people only, nothing is decided by it. */
  sentAt: number
  /** Checks whose result is stored, since the start. */
  done: number
  /** Checks that should have been done since the start, by the intervals of all monitors. */
  expected: number
  /** Where the fact log ends. */
  cursor: number
  /** Alerts that are not resolved. */
  alertsOpen: number
  /** For how long the event loop has not moved. */
  blockedMs: number
  /** How long ago the slowest loop of the engine last came round. */
  engineAgeMs: number
  /** It was told to stop, and ends in order. */
  stopping: boolean
  /** What the watcher asked to be repeated, from an instance that it does not know yet. */
  challenge?: string
}

/** The header that carries the signature. */
export const BEAT_HEADER = 'tocsin-beat'
/** A beat is a few hundred bytes; whoever sends more means something else. */
export const BEAT_LIMIT = 2_000
/** Keys are shared secrets that nobody types. */
export const SHORTEST_BEAT_KEY = 32

function digest(key: string, peer: string, body: string): Buffer {
  // The name is signed too: what was meant for one entry must not count for another that has the same key.
  return createHmac('sha256', key).update(`tocsin-beat.v1\n${peer}\n${body}`).digest()
}

/** The value of the header: `v1=<HMAC-SHA256, hex>`. */
export function signBeat(key: string, peer: string, body: string): string {
  return `v1=${digest(key, peer, body).toString('hex')}`
}

/** Whether the signature is right, compared in constant time. */
export function isBeatSigned(key: string, peer: string, body: string, header: unknown): boolean {
  const hex = typeof header === 'string' ? /^v1=([0-9a-f]{64})$/.exec(header)?.[1] : undefined
  return hex !== undefined && timingSafeEqual(digest(key, peer, body), Buffer.from(hex, 'hex'))
}

const FIGURES = [
  'counter',
  'sentAt',
  'done',
  'expected',
  'cursor',
  'alertsOpen',
  'blockedMs',
  'engineAgeMs',
] as const

/** Reads a beat; null when it is none. What is not known is left out. */
export function parseBeat(body: string): Beat | null {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const read = value as Record<string, unknown>
  const { instance, stopping, challenge } = read
  if (typeof instance !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(instance)) return null
  if (typeof stopping !== 'boolean') return null
  if (challenge !== undefined && (typeof challenge !== 'string' || challenge.length > 100)) return null
  const figures = FIGURES.map((name) => read[name])
  if (!figures.every((figure) => Number.isFinite(figure) && (figure as number) >= 0)) return null
  if (!Number.isSafeInteger(read.counter)) return null
  const beat = { instance, stopping, ...(challenge !== undefined && { challenge }) } as Beat
  FIGURES.forEach((name, i) => {
    beat[name] = figures[i] as number
  })
  return beat
}

/** The last part but one of a watcher's address: `…/peers/<name>/beat`; null when it is another address. */
export function peerOfAddress(path: string): string | null {
  return /\/peers\/([a-z0-9][a-z0-9-]{0,79})\/beat$/.exec(path)?.[1] ?? null
}
