import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import type { ChannelSettings } from './channel.ts'
import { parseSender } from './email/email.ts'

/** Section `mail`: the SMTP server that mail leaves through. */
export const mailConfig = z
  .strictObject({
    host: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address')
      .meta({ title: 'Host' }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .meta({ title: 'Port', description: '465 with `secure`, else 587.' }),
    secure: z.boolean().default(false).meta({
      title: 'TLS from the first byte',
      description: 'Usual on port 465. Otherwise see `startTls`.',
    }),
    startTls: z.enum(['required', 'whenOffered', 'never']).optional().meta({
      title: 'STARTTLS',
      description: 'Upgrade to TLS: `required` (the default with a password), `whenOffered`, or `never`.',
    }),
    user: z.string().min(1).max(320).optional().meta({ title: 'User' }),
    password: z.string().min(1).max(1_000).optional().meta({ title: 'Password', format: 'password' }),
    from: z
      .string()
      .max(320)
      .refine(
        (text) => parseSender(text) !== null,
        'must be `tocsin@example.org` or `Tocsin <tocsin@example.org>`',
      )
      .meta({ title: 'Sender' }),
    ca: z.string().includes('-----BEGIN CERTIFICATE-----').optional().meta({
      title: 'Certificate authority',
      description: 'PEM, for a mail server with certificates of your own.',
    }),
  })
  .refine(
    (mail) => (mail.user === undefined) === (mail.password === undefined),
    'needs `user` and `password` together',
  )
  .meta({ title: 'Mail', description: 'The SMTP server that mail leaves through.' })

function isBlockOrName(entry: string): boolean {
  if (entry.includes('/')) return ipaddr.isValidCIDR(entry)
  return ipaddr.isValid(entry) || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(entry)
}

/** Section `channels`: what all ways out have in common. */
export const channelsConfig = z
  .strictObject({
    egress: z
      .strictObject({
        allowPrivate: z.boolean().default(true).meta({
          title: 'Private addresses',
          description:
            'Whether messages may go to loopback and private ranges. Link-local and metadata never.',
        }),
        allow: z
          .array(
            z
              .string()
              .trim()
              .refine(isBlockOrName, 'must be an address, a block such as 10.2.0.0/16, or a host name'),
          )
          .default([])
          .meta({ title: 'Exceptions', description: 'Private destinations that are allowed all the same.' }),
      })
      .default({ allowPrivate: true, allow: [] }),
  })
  .default({ egress: { allowPrivate: true, allow: [] } })
  .meta({ title: 'Channels' })

export type MailConfig = z.infer<typeof mailConfig>
export type ChannelsConfig = z.infer<typeof channelsConfig>

/** Both sections as the channels take them. */
export function channelSettings(mail?: MailConfig | null, section?: ChannelsConfig): ChannelSettings {
  return {
    mail: mail
      ? {
          host: mail.host,
          port: mail.port ?? (mail.secure ? 465 : 587),
          secure: mail.secure,
          // A password never travels in the clear unless somebody says so.
          startTls: mail.startTls ?? (mail.user ? 'required' : 'whenOffered'),
          user: mail.user ?? null,
          password: mail.password ?? null,
          from: mail.from,
          ca: mail.ca ?? null,
        }
      : null,
    egress: section?.egress ?? { allowPrivate: true, allow: [] },
  }
}
