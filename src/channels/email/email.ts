import { connect } from 'node:net'
import { rootCertificates } from 'node:tls'
import { z } from 'zod'
import { reasonOf } from '../../kit/errors.ts'
import { fingerprint, isMailbox, mailbox, oneLine } from '../address.ts'
import type { Channel, ChannelContext, ChannelMessage, Delivery, MailSettings } from '../channel.ts'
import { checkedLookup, type EgressPolicy, EgressRefused, refuseLiteral } from '../egress.ts'
import { htmlPart, textPart } from './mail-parts.ts'

const schema = z.strictObject({ email: mailbox })
type Address = z.infer<typeof schema>

const SUBJECT_LIMIT = 250

/** `Tocsin <tocsin@example.org>` in its two parts, or null when it is not a safe sender. */
export function parseSender(from: string): { name: string; address: string } | null {
  if (/[\p{Cc}]/u.test(from)) return null
  const parts = /^(?:"?([^"<>]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))$/.exec(from.trim())
  const address = parts?.[2] ?? parts?.[3]
  return address && isMailbox(address) ? { name: parts?.[1]?.trim() ?? '', address } : null
}

interface SmtpError {
  responseCode?: number
  response?: string
  code?: string
  message: string
}

/** A 5xx answer will be given again; everything else, the lost connection above all, may pass. */
export function deliveryOfError(error: unknown): Delivery {
  if (error instanceof EgressRefused) return { result: 'refused', reason: error.message }
  const { responseCode, response } = (error ?? {}) as SmtpError
  const reason = oneLine(response ? `SMTP ${response}` : reasonOf(error), 300)
  return responseCode !== undefined && responseCode >= 500
    ? { result: 'refused', reason }
    : { result: 'retry', reason }
}

async function transport(mail: MailSettings, egress: EgressPolicy, signal: AbortSignal) {
  // Loaded with the first mail: it weighs six megabytes, and a Tocsin without mail needs none of it.
  const { createTransport } = await import('nodemailer')
  // The operator named this host in the configuration, so it may be private; never link-local or metadata.
  const policy = { ...egress, allowPrivate: true }
  return createTransport({
    host: mail.host,
    port: mail.port,
    secure: mail.secure,
    requireTLS: mail.startTls === 'required',
    ignoreTLS: mail.startTls === 'never',
    auth: mail.user ? { user: mail.user, pass: mail.password ?? '' } : undefined,
    tls: mail.ca ? { ca: [...rootCertificates, mail.ca] } : undefined,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket(_options: unknown, done: (error: Error | null, socket?: object) => void) {
      const literal = refuseLiteral(mail.host, policy)
      if (literal) return done(literal)
      const socket = connect({ host: mail.host, port: mail.port, lookup: checkedLookup(policy), signal })
      socket.once('error', done)
      socket.once('connect', () => {
        socket.removeListener('error', done)
        done(null, { connection: socket })
      })
    },
  })
}

/** The message as nodemailer takes it; every header value is one line. */
export function composeMail(
  sender: { name: string; address: string },
  to: string,
  message: ChannelMessage,
  now: number,
) {
  return {
    from: sender,
    to: { name: '', address: to },
    subject: oneLine(message.subject, SUBJECT_LIMIT),
    text: textPart(message),
    html: htmlPart(message),
    date: new Date(now),
    // The same message sent twice is shown once by most mail programs, and can be found as one in any.
    messageId: `<${fingerprint(message.key)}@${sender.address.split('@')[1]}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

async function send({ email }: Address, message: ChannelMessage, context: ChannelContext): Promise<Delivery> {
  const { mail, egress } = context.settings
  if (!mail) return { result: 'refused', reason: 'no mail server is configured (section "mail")' }
  const sender = parseSender(mail.from)
  if (!sender) return { result: 'refused', reason: 'mail.from is not an e-mail address' }
  // Whatever stands in the database: a line break here would be a header of the sender's choosing.
  if (!isMailbox(email)) return { result: 'refused', reason: 'the e-mail address is not valid' }
  const via = await transport(mail, egress, context.signal)
  try {
    const info = await via.sendMail({
      ...composeMail(sender, email, message, context.clock.now()),
      signal: context.signal,
    } as never)
    return { result: 'sent', detail: oneLine(String((info as { response?: string }).response ?? ''), 200) }
  } catch (error) {
    if (context.signal.aborted) return { result: 'retry', reason: 'no answer in time' }
    return deliveryOfError(error)
  } finally {
    via.close()
  }
}

/** Mail over one's own SMTP server. */
export const email: Channel<Address> = {
  kind: 'email',
  title: 'E-mail',
  description: 'One mailbox, reached over your own SMTP server.',
  schema,
  shorthand: 'email',
  describe: ({ email }) => email,
  send,
}
