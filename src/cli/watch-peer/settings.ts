import type { ChannelSettings } from '../../channels/index.ts'
import type { PeerLimits } from '../../engine/life/peer.rules.ts'

/** Who is told, and how. */
export interface WatcherContact {
  kind: string
  address: Record<string, unknown>
}

/** What `tocsin watch-peer` reads from its file. */
export interface WatcherSettings {
  host: string
  port: number
  /** Certificate and key, PEM; null where a proxy does it, or the network is trusted. */
  tls: { cert: string; key: string } | null
  stateFile: string
  peers: Record<string, PeerLimits & { key: string }>
  contacts: WatcherContact[]
  /** How long until the next page while a peer stays ill. */
  remind: number
  channels: ChannelSettings
}
