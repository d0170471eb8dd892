import { z } from 'zod'
import { cut, describeUrl, oneLine, webAddress } from '../address.ts'
import type { Channel, ChannelMessage } from '../channel.ts'
import { postJson } from '../post-json.ts'

const schema = z.strictObject({
  url: webAddress.meta({
    title: 'Incoming webhook',
    description: 'The address that Slack gives for one channel.',
    format: 'uri',
  }),
})
type Address = z.infer<typeof schema>

// Slack cuts longer messages off; we would rather do it where we see it.
const TEXT_LIMIT = 3_500

/** Slack's three control characters; without them no link, mention or `<!channel>` can be made. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The payload of an incoming webhook. */
export function slackPayload(message: ChannelMessage): {
  text: string
  unfurl_links: false
  unfurl_media: false
} {
  // An asterisk inside would end the bold type.
  const lines = [`*${escapeMrkdwn(oneLine(message.subject, 300)).replaceAll('*', '∗')}*`]
  if (message.text.trim()) lines.push(escapeMrkdwn(cut(message.text.trim(), TEXT_LIMIT)))
  if (message.link) {
    const url = message.link.url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C')
    lines.push(`<${url}|${escapeMrkdwn(oneLine(message.link.label, 100)).replaceAll('|', '¦')}>`)
  }
  return { text: lines.join('\n'), unfurl_links: false, unfurl_media: false }
}

/** Slack, by an incoming webhook. */
export const slack: Channel<Address> = {
  kind: 'slack',
  title: 'Slack',
  description: 'A Slack channel, by an incoming webhook.',
  schema,
  shorthand: 'url',
  describe: ({ url }) => describeUrl(url),
  send: ({ url }, message, { signal, settings }) =>
    postJson(url, JSON.stringify(slackPayload(message)), { signal, egress: settings.egress }),
}
