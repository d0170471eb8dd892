import type { Channel, ChannelMap, ChannelMessage, Delivery } from './channel.ts'
import { channels as real } from './registry.ts'

/** A message that a captured channel was handed. */
export interface CapturedMessage {
  kind: string
  address: Record<string, unknown>
  message: ChannelMessage
  at: number
}

/** Channels that send nothing and keep everything: for drills, replays and story tests. */
export interface Capture {
  channels: ChannelMap
  sent: CapturedMessage[]
  /** What each attempt comes to; `sent` until told otherwise. A message that is not sent is not kept. */
  answer: (kind: string, address: Record<string, unknown>, message: ChannelMessage) => Delivery
}

/** The same kinds and address forms as the real channels, with nobody at the other end. */
export function captureChannels(kinds: ChannelMap = real): Capture {
  const capture: Capture = { channels: {}, sent: [], answer: () => ({ result: 'sent' }) }
  for (const [kind, channel] of Object.entries(kinds)) {
    const captured: Channel = {
      ...channel,
      async send(address, message, { clock }) {
        const delivery = capture.answer(kind, address, message)
        if (delivery.result === 'sent') capture.sent.push({ kind, address, message, at: clock.now() })
        return delivery
      },
    }
    capture.channels[kind] = captured
  }
  return capture
}
