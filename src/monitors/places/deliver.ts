import { z } from 'zod'
import type { World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import { parseInput } from '../../kit/parse.ts'
import { kindNamed } from '../kinds/find-kind.ts'
import type { Monitor } from '../monitor.ts'
import { allMonitors } from '../monitors.rows.ts'
import { VERDICTS } from '../observation.ts'
import { holdsFor, waitingForRollUp } from '../record-history.ts'
import { historyOfPlace } from './check-from-places.ts'
import { appendDelivered, keepViews, readPlaceCursor, touchPlace, type ViewToKeep } from './places.rows.ts'

/** One monitor as a place has to check it: nothing of any other. */
export interface PlaceWork {
  id: string
  kind: string
  version: number
  every: number
  timeout: number
  spec: unknown
}

// PostgreSQL keeps no NUL in a text.
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .transform((given) => given.replaceAll('\0', ' '))
const about = { version: text(50), lost: z.int().min(0) }
const askSchema = z.strictObject(about)

/** What a place has to check. */
export async function workForPlace(world: World, place: string, input: unknown): Promise<PlaceWork[]> {
  const { version, lost } = parseInput(askSchema, input)
  await world.transact((tx) => touchPlace(tx.db, { id: place, version, lost }, tx.now))
  return (await monitorsOf(world, place)).map(({ id, kind, version, every, timeout, spec }) => ({
    id,
    kind,
    version,
    every,
    timeout,
    spec,
  }))
}

async function monitorsOf(world: World, place: string): Promise<Monitor[]> {
  const all = await allMonitors(world.store.read)
  return all.filter(
    ({ enabled, places, kind }) =>
      enabled && places?.names.includes(place) && kindNamed(kind).check !== undefined,
  )
}

const REASON = /^[a-z0-9][a-z0-9.-]{0,79}$/
const deliverySchema = z.strictObject({
  ...about,
  spool: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/),
  /** The place's own clock when it sent this: only distances to it are believed. */
  sentAt: z.int(),
  items: z
    .array(
      z.strictObject({
        seq: z.int().min(1),
        monitorId: text(200),
        at: z.int(),
        verdict: z.enum(VERDICTS),
        reason: z.string().regex(REASON),
        summary: text(2_000),
        tookMs: z.number().min(0).max(3_600_000),
      }),
    )
    .max(500),
})

/** Up to where the place may forget. */
export interface Delivered {
  upTo: number
}

/**
 * Takes what a place saw. What was delivered before is known by its number and not counted again; what comes late
 * counts at its own time in the history and turns no verdict back.
 */
export async function takeDelivery(world: World, place: string, input: unknown): Promise<Delivered> {
  const { version, lost, spool, sentAt, items } = parseInput(deliverySchema, input)
  const now = world.clock.now()
  const { history } = world.store
  const from = await readPlaceCursor(history, place, spool)
  const known = new Map((await monitorsOf(world, place)).map((monitor) => [monitor.id, monitor]))
  const fresh = items.filter(({ seq }) => seq > from).sort((a, b) => a.seq - b.seq)
  const to = fresh.at(-1)?.seq ?? from
  const views: ViewToKeep[] = []
  for (const { monitorId, at, verdict, reason, summary, tookMs } of fresh) {
    // A monitor that was removed, or is no longer this place's, is forgotten.
    if (!known.has(monitorId)) continue
    // By our clock: theirs may stand anywhere, and nothing was seen in the future, or before time began.
    const seenAt = Math.max(0, now - Math.max(0, sentAt - at))
    views.push({ monitorId, place, at: seenAt, verdict, reason, summary, tookMs })
  }
  const rows = views.map(({ monitorId, at, verdict, reason, tookMs }) => ({
    at,
    monitor_id: historyOfPlace(monitorId, place),
    verdict,
    reason,
    state: verdict,
    took_ms: Math.round(tookMs),
    maintenance: 0,
    holds_ms: holdsFor(known.get(monitorId)!),
  }))
  if (fresh.length > 0) {
    const kept = await appendDelivered(history, { place, spool, from, to }, rows)
    // Another delivery of the same was faster: the place asks again from where that one ended.
    if (!kept) return { upTo: await readPlaceCursor(history, place, spool) }
    waitingForRollUp.add(world)
  }
  const newest = new Map(views.map((view) => [view.monitorId, view]))
  await world.transact(async (tx) => {
    await touchPlace(tx.db, { id: place, version, lost }, tx.now)
    await keepViews(tx.db, [...newest.values()])
  })
  return { upTo: to }
}

/** How often a place asks for its work. */
export const WORK_EVERY = 15 * SECOND
