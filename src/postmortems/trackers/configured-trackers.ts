import type { EgressPolicy } from '../../channels/index.ts'
import type { World } from '../../engine/world.ts'
import { notFound } from '../../kit/errors.ts'
import type { TrackersConfig } from './config.ts'
import { trackerKinds } from './kinds/registry.ts'
import type { TrackerKind, TrackerSettings } from './tracker.ts'

/** A tracker of the configuration. */
export interface ConfiguredTracker {
  name: string
  kind: TrackerKind
  settings: TrackerSettings
}

interface Trackers {
  byName: Map<string, ConfiguredTracker>
  egress: EgressPolicy
}

// They hold secrets, which are kept in memory and in the configuration, and nowhere else.
const known = new WeakMap<World, Trackers>()
const NONE: Trackers = { byName: new Map(), egress: { allowPrivate: false, allow: [] } }

/** Puts the trackers of the configuration into force, in this process. */
export function putTrackersInForce(world: World, section: TrackersConfig, egress: EgressPolicy): void {
  const byName = new Map(
    Object.entries(section).map(([name, settings]) => [
      name,
      { name, kind: trackerKinds[settings.kind]!, settings },
    ]),
  )
  known.set(world, { byName, egress })
}

/** The trackers in force, and where requests may go. */
export const trackersOf = (world: World): Trackers => known.get(world) ?? NONE

/** The tracker of this name, or null. */
export function findTracker(world: World, name: string): ConfiguredTracker | null {
  return trackersOf(world).byName.get(name) ?? null
}

/** The tracker of this name; `not-found` where the configuration has none. */
export function requireTracker(world: World, name: string): ConfiguredTracker {
  const tracker = findTracker(world, name)
  if (!tracker) throw notFound('tracker', name)
  return tracker
}
