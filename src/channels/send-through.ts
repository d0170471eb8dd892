import { reasonOf, TocsinError } from '../kit/errors.ts'
import type { ChannelContext, ChannelMap, ChannelMessage, Delivery } from './channel.ts'

/** Reads an address as people write it, a bare string or an object; throws `invalid-input` with the place. */
export function parseAddress(
  channels: ChannelMap,
  kind: string,
  input: unknown,
  path = 'address',
): Record<string, unknown> {
  const channel = Object.hasOwn(channels, kind) ? channels[kind] : undefined
  if (!channel)
    throw new TocsinError('invalid-input', `There is no channel "${kind}".`, [
      {
        path: path.replace(/address$/, 'kind'),
        message: `there is no channel "${kind}"`,
        remedy: `Use one of ${Object.keys(channels).join(', ')}.`,
      },
    ])
  const parsed = channel.schema.safeParse(typeof input === 'string' ? { [channel.shorthand]: input } : input)
  if (parsed.success) return parsed.data as Record<string, unknown>
  throw new TocsinError(
    'invalid-input',
    `The address is not valid for ${channel.title}.`,
    parsed.error.issues.map((issue) => ({ path: [path, ...issue.path].join('.'), message: issue.message })),
  )
}

/** An address for lists and logs, without its secret part. */
export function describeAddress(channels: ChannelMap, kind: string, address: unknown): string {
  const channel = Object.hasOwn(channels, kind) ? channels[kind] : undefined
  const parsed = channel?.schema.safeParse(address)
  return parsed?.success ? channel!.describe(parsed.data) : `${kind} (address not readable)`
}

/** One attempt through the channel of that kind; whatever goes wrong is a value. */
export async function sendThrough(
  channels: ChannelMap,
  kind: string,
  address: unknown,
  message: ChannelMessage,
  context: ChannelContext,
): Promise<Delivery> {
  if (context.signal.aborted) return { result: 'retry', reason: 'stopped before it was sent' }
  let parsed: unknown
  try {
    parsed = parseAddress(channels, kind, address)
  } catch (error) {
    return { result: 'refused', reason: reasonOf(error) }
  }
  return channels[kind]!.send(parsed, message, context)
}
