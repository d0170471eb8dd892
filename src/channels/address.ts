import { createHash } from 'node:crypto'
import { z } from 'zod'

// A single mailbox, without display name, comment or quoting: nothing in it can start another header.
const MAILBOX = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/

/** Whether the text is one plain mailbox. */
export function isMailbox(text: string): boolean {
  return text.length <= 254 && MAILBOX.test(text) && !text.includes('..')
}

/** The shape of a mailbox in configuration, API and forms. */
export const mailbox = z
  .string()
  .trim()
  .refine(isMailbox, 'must be one e-mail address such as ana@example.org')
  .meta({ title: 'E-mail address', format: 'email' })

/** An absolute http(s) address without a user name in it. */
export const webAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  }, 'must be an http:// or https:// address without user name and password')

/** A secret address for people: its host, and the last four characters to tell it from its siblings. */
export function describeUrl(address: string): string {
  const url = URL.parse(address)
  if (!url) return '…'
  const tail = `${url.pathname}${url.search}`.replace(/\/+$/, '')
  return tail.length > 8 ? `${url.host} …${tail.slice(-4)}` : url.host
}

/** The left side of a Message-ID, and the like: the same for the same key, and nothing can be read from it. */
export function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40)
}

/** Text for one line: control characters, also the invisible ones that reverse it, become spaces. */
export function oneLine(text: string, limit: number): string {
  const flat = text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return cut(flat, limit)
}

/** At most `limit` characters, and an ellipsis where something is missing. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
