import { createHash, randomBytes } from 'node:crypto'
import type { Millis } from './clock.ts'

// Within one millisecond the ids of a process count up, so that what was written later also sorts later.
let lastMs = -1
let counter = 0

/** A UUID version 7 (RFC 9562, sections 5.7 and 6.2): sorts by the time handed in, then by the order of asking. */
export function newId(now: Millis): string {
  const bytes = randomBytes(16)
  counter = now === lastMs ? (counter + 1) & 0x3ff_ffff : bytes.readUInt32BE(8) & 0x1ff_ffff
  lastMs = now
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | (counter >>> 22)
  bytes[7] = (counter >>> 14) & 0xff
  bytes[8] = 0x80 | ((counter >>> 8) & 0x3f)
  bytes[9] = counter & 0xff
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** An unguessable secret of 256 bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a secret with full entropy: its SHA-256, hex. Passwords take argon2 instead. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
