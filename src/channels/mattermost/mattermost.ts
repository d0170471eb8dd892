import { z } from 'zod'
import { cut, describeUrl, oneLine, webAddress } from '../address.ts'
import type { Channel, ChannelMessage } from '../channel.ts'
import { postJson } from '../post-json.ts'

const schema = z.strictObject({
  url: webAddress.meta({
    title: 'Incoming webhook',
    description: 'The address that Mattermost gives for an incoming webhook.',
    format: 'uri',
  }),
  channel: z
    .string()
    .trim()
    .regex(/^@?[a-z0-9._-]{1,64}$/)
    .optional()
    .meta({
      title: 'Channel',
      description: 'Another channel than the webhook’s own, by its URL name, or @user.',
    }),
})
type Address = z.infer<typeof schema>

// A post may have 16,383 characters; escaping at worst doubles a text.
const TEXT_LIMIT = 7_000

/**
 * Markdown's punctuation, escaped. Mentions are found after Markdown is read, so a backslash does not stop
 * `@channel` from waking everybody: an invisible space does.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|~<>&:$^]/g, '\\$&').replace(/@(?=\w)/g, '@\u200b')
}

/** The payload of an incoming webhook: Markdown, unlike Slack's own language. */
export function mattermostPayload(
  message: ChannelMessage,
  channel?: string,
): { text: string; channel?: string } {
  const lines = [`**${escapeMarkdown(oneLine(message.subject, 300))}**`]
  if (message.text.trim()) lines.push(escapeMarkdown(cut(message.text.trim(), TEXT_LIMIT)))
  if (message.link) {
    const url = message.link.url.replace(
      /[()<>\s\\]/g,
      (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    lines.push(`[${escapeMarkdown(oneLine(message.link.label, 100))}](${url})`)
  }
  return { text: lines.join('\n\n'), ...(channel ? { channel } : {}) }
}

/** Mattermost, by an incoming webhook. */
export const mattermost: Channel<Address> = {
  kind: 'mattermost',
  title: 'Mattermost',
  description: 'A Mattermost channel or person, by an incoming webhook.',
  schema,
  shorthand: 'url',
  describe: ({ url, channel }) => (channel ? `${describeUrl(url)} (${channel})` : describeUrl(url)),
  send: ({ url, channel }, message, { signal, settings }) =>
    postJson(url, JSON.stringify(mattermostPayload(message, channel)), { signal, egress: settings.egress }),
}
