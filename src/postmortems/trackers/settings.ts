import { z } from 'zod'
import { DAY, MINUTE } from '../../kit/duration.ts'
import { durationField } from '../duration-field.ts'

/** The address of a tracker: no credentials in it, no slash at its end. */
export const trackerUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://git.example.org' })
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  }, 'must hold neither user name nor password nor query')
  .transform((url) => url.replace(/\/+$/, ''))

const secret = z
  .string()
  .max(4_000)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')

/** What every kind of tracker is configured with. */
export const commonSettings = {
  token: secret.meta({ title: 'Token', description: 'Lets Tocsin in.', format: 'password' }),
  webhookSecret: secret.min(16, 'must have 16 characters at least').optional().meta({
    title: 'Secret of the webhook',
    description: 'What the tracker signs its webhooks with, or sends along. Without it webhooks are refused.',
    format: 'password',
  }),
  labels: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(50)
        .regex(/^[^,]+$/, 'must not hold a comma'),
    )
    .max(10)
    .default(['tocsin'])
    .meta({ title: 'Labels', description: 'Of the issues that Tocsin creates.' }),
  lookEvery: durationField(MINUTE, DAY)
    .default(15 * MINUTE)
    .meta({
      title: 'Look every',
      description: 'How often each issue is looked at beside what webhooks tell.',
    }),
  closeWhenProved: z.boolean().default(true).meta({
    title: 'Close when proved',
    description: 'Whether the issue is closed once the action is proved.',
  }),
  ca: z.string().includes('-----BEGIN CERTIFICATE-----').optional().meta({
    title: 'Certificate authority',
    description: 'PEM, for a tracker with certificates of your own.',
  }),
}
