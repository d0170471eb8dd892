import type { ZodType } from 'zod'
import type { Delivery } from '../engine/outbox.ts'
import type { Clock } from '../kit/clock.ts'
import type { EgressPolicy } from './egress.ts'

export type { Delivery } from '../engine/outbox.ts'

/** What is said, before a channel gives it its form. Every text in it is plain text from people or monitors. */
export interface ChannelMessage {
  /** One line; also the first line of a chat message. */
  subject: string
  text: string
  /** Replaces the HTML part that e-mail makes of `text`; the caller has escaped everything in it. */
  html?: string
  /** The one thing to do about it. */
  link?: { label: string; url: string }
  /** The same key is the same message: a second copy can be recognized as one. */
  key: string
}

/** How mail leaves; from the section `mail` of the configuration. */
export interface MailSettings {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS as `startTls` says. */
  secure: boolean
  /** `required` refuses to go on in the clear, `whenOffered` upgrades where the server can, `never` does not. */
  startTls: 'required' | 'whenOffered' | 'never'
  user: string | null
  password: string | null
  /** `tocsin@example.org` or `Tocsin <tocsin@example.org>`. */
  from: string
  /** A PEM bundle that is trusted beside the system's roots, for a mail server of one's own. */
  ca: string | null
}

/** What all channels share. */
export interface ChannelSettings {
  /** null where no mail server is configured: then e-mail is refused, and says why. */
  mail: MailSettings | null
  egress: EgressPolicy
}

/** What one attempt is given. */
export interface ChannelContext {
  clock: Clock
  signal: AbortSignal
  settings: ChannelSettings
}

/** A way out to people: one folder and one line in the registry. */
// biome-ignore lint/suspicious/noExplicitAny: a map holds channels of several address types
export interface Channel<Address = any> {
  kind: string
  /** What people call it. */
  title: string
  /** One sentence for the form. */
  description: string
  /** The address as an object; its titles make the form. */
  schema: ZodType<Address>
  /** The key that a bare string stands for: `ana@example.org` is `{email: 'ana@example.org'}`. */
  shorthand: string
  /** The address for lists and logs, without what would let a reader send to it. */
  describe(address: Address): string
  /** One attempt. Failure is a value: `retry` may work later, `refused` will not. */
  send(address: Address, message: ChannelMessage, context: ChannelContext): Promise<Delivery>
}

/** The channels of a world by kind; a drill and a test put captured ones in their place. */
export type ChannelMap = Record<string, Channel>
