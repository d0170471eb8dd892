import { createHash, randomBytes } from 'node:crypto'
import type { Millis } from './clock.ts'

/** A UUID version 7 (RFC 9562, section 5.7): sorts by the time handed in. */
export function newId(now: Millis): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
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
