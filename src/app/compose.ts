import { alertsRoom } from '../alerts/index.ts'
import { applyCatalogConfig, catalogRoom } from '../catalog/index.ts'
import { type ChannelMap, type ChannelSettings, channelSettings } from '../channels/index.ts'
import { applyStatusPageConfig, commsRoom, commsRoomOfReplica } from '../comms/index.ts'
import { createWorld } from '../engine/create-world.ts'
import type { Room } from '../engine/room.ts'
import { assembleEngine, type Engine } from '../engine/runner.ts'
import { systemActor, type World } from '../engine/world.ts'
import { applyIncidentsConfig, incidentsRoom } from '../incidents/index.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import {
  applyMonitorsConfig,
  type CheckTarget,
  type HistoryRetention,
  monitorsRoom,
} from '../monitors/index.ts'
import { applyOncallConfig, oncallRoom } from '../oncall/index.ts'
import {
  applyPostmortemsConfig,
  type LanguageModel,
  type Proposer,
  postmortemsRoom,
  putTrackersInForce,
} from '../postmortems/index.ts'
import { applyCasesIn, applyDrillsIn, type ComposeReplica, proofsRoom } from '../proofs/index.ts'
import type { Store } from '../store/store.ts'
import type { Configuration } from './configuration.ts'
import { reachPerson } from './reach-person.ts'
import { startDisposable } from './start-disposable.ts'

/** What the outside is for this Tocsin: how it looks at targets, and how its words leave. */
export interface Network {
  /** Null where nothing is looked at: a replica is told what its monitors see. */
  check: CheckTarget | null
  channels: ChannelMap
}

export interface TocsinOptions {
  clock: Clock
  store: Store
  log: Log
  instance: string
  publicUrl: string
  network: Network
  /** Where the status page is published; null where nothing may be (a replica). */
  publicDirectory: string | null
  composeReplica: ComposeReplica
  /** How long history is kept; the usual times, when left out. */
  retention?: HistoryRetention
  /** The drill that this Tocsin is a replica for. */
  drill?: string | null
  /** False where another process is the one that speaks to people: a command beside a server. */
  reachesPeople?: boolean
  /** Whether it plays incidents and public updates too, for itself alone; only where it is a drill. */
  rehearses?: boolean
}

/** A whole Tocsin: live, in a drill, or in a test. */
export interface Tocsin {
  world: World
  rooms: Room[]
  engine: Engine
  /** Whether a configuration has been applied since the start. */
  configured(): boolean
  /** Who may be asked for proposals to an import. */
  proposer(): Proposer
  /** Puts a configuration into force: what is stored and what it says become the same, in one transaction. */
  apply(configuration: Configuration): Promise<void>
  /** Sets up what recurs; once, before the engine is driven. */
  start(): Promise<void>
}

/** Composes a whole Tocsin. Nothing runs until its engine is driven. */
export function composeTocsin(options: TocsinOptions): Tocsin {
  const { network, publicDirectory, composeReplica, retention } = options
  const world = createWorld(options)
  const mayReach = world.drill === null && options.reachesPeople !== false
  const inReplica = world.drill !== null && options.rehearses === true
  // Handed to the rooms once, and changed in place when the configuration is read again.
  const settings: ChannelSettings = channelSettings()
  const rooms: Room[] = [
    catalogRoom({ channels: network.channels, settings }),
    monitorsRoom(network.check ? { check: network.check, retention } : { watch: false }),
    alertsRoom(),
    oncallRoom({ channels: network.channels, settings: () => settings }),
    incidentsRoom({ inReplica }),
    ...(inReplica ? [commsRoomOfReplica()] : []),
    ...(publicDirectory === null ? [] : [commsRoom({ publicDirectory })]),
    postmortemsRoom(mayReach ? { channels: network.channels, settings: () => settings } : null),
    proofsRoom({
      composeReplica,
      reach: mayReach ? reachPerson(network.channels, () => settings) : null,
      startDisposable: world.drill === null ? startDisposable : null,
    }),
  ]
  let configured = false
  let languageModel: LanguageModel | null = null
  return {
    world,
    rooms,
    engine: assembleEngine(world, rooms),
    configured: () => configured,
    proposer: () => ({ model: languageModel, egress: settings.egress }),
    async apply(configuration) {
      const actor = systemActor('configuration')
      await world.transact(async (tx) => {
        await applyCatalogConfig(tx, world, actor, configuration, {
          channels: network.channels,
          policies: Object.keys(configuration.policies),
          schedules: Object.keys(configuration.oncall),
        })
        await applyOncallConfig(tx, world, actor, configuration)
        await applyMonitorsConfig(tx, world, actor, configuration)
        await applyIncidentsConfig(tx, world, actor, configuration.incidents)
        await applyStatusPageConfig(tx, world, actor, configuration.statusPage)
        await applyPostmortemsConfig(tx, world, actor, configuration.postmortems)
        await applyCasesIn(tx, world, actor, configuration.cases)
        await applyDrillsIn(tx, world, actor, configuration.drills)
      })
      Object.assign(settings, channelSettings(configuration.mail, configuration.channels))
      putTrackersInForce(world, configuration.postmortems.trackers, settings.egress)
      languageModel = configuration.postmortems.import.languageModel ?? null
      configured = true
    },
    async start() {
      for (const room of rooms) await room.start?.(world)
    },
  }
}
