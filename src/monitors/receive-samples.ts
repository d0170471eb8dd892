import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { type MetricSpec, pushedWindow } from './kinds/metric/spec.ts'
import { allMonitors } from './monitors.rows.ts'
import { configurationSeq } from './schedule.rows.ts'
import {
  type PushedSample,
  pruneSamples,
  pruneStrangers,
  pushedKeys,
  writeSamples,
} from './series/samples.rows.ts'
import { type Selects, selectorOf } from './series/selector.ts'
import type { Series } from './series/series.ts'

/** A monitor that waits for pushed values. */
interface Listener {
  monitorId: string
  selects: Selects
  windowMs: number
  /** One value is kept for each of these. */
  slotMs: number
  /** The series it has, as their keys, so that nobody can fill the store with new ones. */
  keys: Set<string>
}

interface Listeners {
  seq: number
  list: Listener[]
  pruneAt: number
}

const MOST_SERIES = 200
const SLOTS = 400
// A clock that is ahead by more is wrong, and its values would stay the newest for ever.
const AHEAD = 10 * MINUTE

const known = new WeakMap<World, Listeners>()

/** What became of pushed values: how many there were, and how many a monitor wants. */
export interface Received {
  samples: number
  kept: number
}

/** Keeps those pushed values that some monitor's selector wants; they are durable when the answer is there. */
export async function receiveSamples(
  world: World,
  actor: Actor,
  series: readonly Series[],
): Promise<Received> {
  authorize(actor, 'responder')
  const now = world.clock.now()
  const listeners = await listenersOf(world, now)
  const wanted: PushedSample[] = []
  let samples = 0
  for (const { labels, points } of series) {
    samples += points.length
    for (const listener of listeners.list) {
      if (!listener.selects(labels)) continue
      const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (!listener.keys.has(key) && listener.keys.size >= MOST_SERIES) continue
      listener.keys.add(key)
      const { monitorId, slotMs, windowMs } = listener
      // What is no number says that the series has ended: its silence will say the same.
      for (const { at, value } of points)
        if (Number.isFinite(value) && at <= now + AHEAD && at > now - windowMs)
          wanted.push({ monitorId, labels, slot: Math.floor(at / slotMs), at, value })
    }
  }
  const prune = now >= listeners.pruneAt
  if (prune) listeners.pruneAt = now + 10 * MINUTE
  if (wanted.length > 0 || prune)
    await world.store.transaction(async (db) => {
      await writeSamples(db, wanted)
      if (!prune) return
      for (const { monitorId, windowMs } of listeners.list) await pruneSamples(db, monitorId, now - windowMs)
      await pruneStrangers(
        db,
        listeners.list.map(({ monitorId }) => monitorId),
      )
    })
  return { samples, kept: wanted.length }
}

async function listenersOf(world: World, now: number): Promise<Listeners> {
  const db = world.store.read
  const seq = await configurationSeq(db)
  const before = known.get(world)
  if (before?.seq === seq) return before
  const list: Listener[] = []
  for (const monitor of await allMonitors(db)) {
    const spec = monitor.spec as MetricSpec
    if (monitor.kind !== 'metric' || spec.from !== 'push' || !monitor.enabled) continue
    const windowMs = pushedWindow(spec)
    list.push({
      monitorId: monitor.id,
      selects: selectorOf(spec.metric!)!,
      windowMs,
      slotMs: Math.max(SECOND, Math.ceil(windowMs / SLOTS)),
      keys: await pushedKeys(db, monitor.id),
    })
  }
  const fresh = { seq, list, pruneAt: before?.pruneAt ?? now }
  known.set(world, fresh)
  return fresh
}
