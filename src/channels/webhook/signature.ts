import { createHmac, timingSafeEqual } from 'node:crypto'

/** The header that lets a receiver know that the body is ours, and when it was sent. */
export const SIGNATURE_HEADER = 'Tocsin-Signature'

function digest(secret: string, seconds: number, body: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest()
}

/** `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>", hex>`. */
export function signBody(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${digest(secret, seconds, body).toString('hex')}`
}

export const SIGNATURE_VERDICTS = ['valid', 'malformed', 'too-old', 'wrong'] as const
export type SignatureVerdict = (typeof SIGNATURE_VERDICTS)[number]

/** What a receiver does: compares in constant time, and refuses what is older than `toleranceMs`. */
export function checkSignature(
  header: string,
  secret: string,
  body: string,
  now: number,
  toleranceMs = 300_000,
): SignatureVerdict {
  const parts = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header)
  if (!parts) return 'malformed'
  const seconds = Number(parts[1])
  const right = timingSafeEqual(digest(secret, seconds, body), Buffer.from(parts[2]!, 'hex'))
  if (!right) return 'wrong'
  return Math.abs(now - seconds * 1000) > toleranceMs ? 'too-old' : 'valid'
}
