import { z } from 'zod'
import type { Millis } from '../../kit/clock.ts'
import { DURATION_PATTERN, parseDuration } from '../../kit/duration.ts'
import { durationField } from '../kinds/fields.ts'

/** When a certificate should have been replaced by a new one. */
export type RenewalPolicy = { when: 'two-thirds' } | { when: 'ari' } | { when: 'before'; ms: Millis }

const policy = z
  .string()
  .transform((text, context): RenewalPolicy => {
    if (text === 'two-thirds' || text === 'ari') return { when: text }
    const ms = DURATION_PATTERN.test(text) ? parseDuration(text) : null
    if (ms !== null) return { when: 'before', ms }
    context.addIssue({
      code: 'custom',
      message: '"two-thirds", "ari" or a duration before the end such as 30d is expected',
    })
    return z.NEVER
  })
  .prefault('two-thirds')
  .meta({
    title: 'Policy',
    description:
      '"two-thirds" of its lifetime, a duration before its end such as "30d", or "ari": when the authority itself ' +
      'says so (RFC 9773). An authority that cannot be asked leaves "two-thirds".',
    default: 'two-thirds',
  })

const directory = z
  .string()
  .max(500)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'a web address is expected',
  )
  .meta({
    title: 'ACME directory',
    description: 'Where "ari" asks; known by itself for the large public authorities that answer.',
  })

/** What is expected of the renewal of a certificate. */
export const renewalField = z
  .strictObject({
    policy,
    directory: directory.optional(),
    grace: durationField(
      'Grace',
      'How long after that the old certificate may still be served: 1d, and nothing with "ari", where it is left out.',
    ).optional(),
  })
  .meta({
    title: 'Renewal',
    description: 'When the certificate is to be replaced. One that is still served after that is overdue.',
  })
export type RenewalExpectation = z.output<typeof renewalField>

/** A file on this machine. */
export const fileField = z.string().min(1).max(4_096).meta({
  title: 'File',
  description:
    'The certificate on the disk of this machine, as PEM. Once it is renewed there, the server must serve it too.',
})
