import { z } from 'zod'
import { mailbox } from '../channels/index.ts'
import { ROLES } from '../contract/route.ts'

/** The key of a configured thing. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens, such as web-team')

// Control characters, and those that turn the direction of what follows.
const HIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** A name for people: trimmed, one line, at most 120 characters. */
export const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(120)
  .refine((text) => !HIDDEN.test(text), 'must not contain control characters')
  .meta({ title: 'Name' })

/** A few sentences; line breaks are fine. */
export const description = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => !HIDDEN.test(text.replace(/[\n\r\t]/g, '')), 'must not contain control characters')
  .meta({ title: 'Description' })

/** One mailbox; upper and lower case are the same account. */
export const email = mailbox

export const role = z.enum(ROLES).meta({
  title: 'Role',
  description: 'What the person may do: look, respond, edit, or administer. Each includes those before it.',
})

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** An IANA time zone. */
export const timezone = z
  .string()
  .max(64)
  .refine(isTimezone, 'must be a time zone such as Europe/Paris')
  .meta({ title: 'Time zone' })

export const audience = z
  .enum(['public', 'internal'])
  .meta({ title: 'Audience', description: 'Public services are components of the status page.' })

/** As the kind and address of a contact come from people; the channel's own schema reads the address. */
export const contactInput = z.strictObject({
  kind: z.string().max(40).meta({ title: 'Channel' }),
  address: z
    .union([
      z.string().max(2_000),
      z.record(z.string().max(40), z.union([z.string().max(2_000), z.boolean(), z.number()])),
    ])
    .meta({
      title: 'Address',
      description: 'An e-mail address or a webhook address, or the fields of the channel.',
    }),
})
