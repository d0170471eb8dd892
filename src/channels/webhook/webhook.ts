import { z } from 'zod'
import { iso } from '../../kit/clock.ts'
import { describeUrl, webAddress } from '../address.ts'
import type { Channel } from '../channel.ts'
import { postJson } from '../post-json.ts'
import { SIGNATURE_HEADER, signBody } from './signature.ts'

const schema = z.strictObject({
  url: webAddress.meta({ title: 'Address', description: 'Where the JSON is posted.', format: 'uri' }),
  secret: z.string().min(16).max(200).optional().meta({
    title: 'Signing secret',
    description: 'Signs each message (HMAC-SHA256), so that the receiver knows it is ours.',
    format: 'password',
  }),
})
type Address = z.infer<typeof schema>

/** JSON to an address of one's own: what a gateway for text messages, a script or another tool takes. */
export const webhook: Channel<Address> = {
  kind: 'webhook',
  title: 'Webhook',
  description: 'Signed JSON, posted to an address of yours: an SMS gateway, a script, another tool.',
  schema,
  shorthand: 'url',
  describe: ({ url }) => describeUrl(url),
  send({ url, secret }, message, { clock, signal, settings }) {
    const body = JSON.stringify({
      key: message.key,
      subject: message.subject,
      text: message.text,
      link: message.link ?? null,
      sentAt: iso(clock.now()),
    })
    const headers: Record<string, string> = { 'Idempotency-Key': encodeURIComponent(message.key) }
    if (secret) headers[SIGNATURE_HEADER] = signBody(secret, body, clock.now())
    return postJson(url, body, { headers, signal, egress: settings.egress })
  },
}
