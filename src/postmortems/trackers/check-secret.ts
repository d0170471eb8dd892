import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { WebhookVerdict } from './tracker.ts'

/** Whether `header` is `sha256=` and the HMAC of the body, in hex; compared in constant time. */
export function checkHmac(secret: string | undefined, header: unknown, body: string): WebhookVerdict {
  if (typeof header !== 'string' || header === '') return 'unsigned'
  const given = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1]
  if (secret === undefined || given === undefined) return 'wrong'
  const right = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(right, Buffer.from(given, 'hex')) ? 'valid' : 'wrong'
}

/** Whether `header` is the secret itself; its length is not told either. */
export function checkToken(secret: string | undefined, header: unknown): WebhookVerdict {
  if (typeof header !== 'string' || header === '') return 'unsigned'
  if (secret === undefined) return 'wrong'
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header), digest(secret)) ? 'valid' : 'wrong'
}
