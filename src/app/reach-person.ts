import { verifiedContacts } from '../catalog/index.ts'
import { type ChannelMap, type ChannelSettings, sendThrough } from '../channels/index.ts'
import { SECOND } from '../kit/duration.ts'
import type { ReachPerson } from '../proofs/index.ts'

const PATIENCE = 20 * SECOND

/** One message to each verified contact of a person, by the channels that pages take. */
export function reachPerson(channels: ChannelMap, settings: () => ChannelSettings): ReachPerson {
  return async (live, personId, message) => {
    const contacts = await verifiedContacts(live.store.read, personId)
    return Promise.all(
      contacts.map(async ({ kind, address }) => {
        const late = new AbortController()
        const cancel = live.clock.after(PATIENCE, () => late.abort())
        const context = { clock: live.clock, signal: late.signal, settings: settings() }
        const delivery = await sendThrough(channels, kind, address, message, context)
        cancel()
        const sent = delivery.result === 'sent'
        return { channel: kind, sent, reason: sent ? 'sent' : delivery.reason }
      }),
    )
  }
}
