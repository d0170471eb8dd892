import type { Millis } from '../../kit/clock.ts'
import type { Monitor, PlaceSpec } from '../../monitors/index.ts'
import type { Reader } from '../../store/store.ts'
import { listDrills, listRuns } from '../drill.rows.ts'

/** A monitor that watches over a place. */
export interface PlaceMonitor {
  monitorId: string
  place: string
}

/** A drill that cuts a place off, and what it showed of each monitor that is looked at from there. */
export interface CutDrill extends PlaceMonitor {
  drillId: string
  /** When it was last played to an end; null where it never was. */
  at: Millis | null
  /** By monitor: whether it was seen that it is broken from outside. */
  outsideSeen: ReadonlyMap<string, boolean>
}

/** The places that somebody watches over. */
export function placeMonitorsOf(monitors: readonly Monitor[]): PlaceMonitor[] {
  return monitors
    .filter(({ kind, enabled }) => kind === 'place' && enabled)
    .map(({ id, spec }) => ({ monitorId: id, place: (spec as PlaceSpec).place }))
}

const NEWEST = 5

/** The drills that cut places off, with what each of them showed last. */
export async function listCutDrills(db: Reader, places: readonly PlaceMonitor[]): Promise<CutDrill[]> {
  const drills = await listDrills(db, { kind: 'cut-off-a-place' })
  const found: CutDrill[] = []
  for (const { id: drillId, monitorId } of drills) {
    const place = places.find((one) => one.monitorId === monitorId)?.place
    if (place === undefined) continue
    const runs = await listRuns(db, drillId, { limit: NEWEST })
    const played = runs.find(({ evidence, finishedAt }) => finishedAt !== null && evidence?.cut)
    const monitors = played?.evidence?.cut?.monitors ?? []
    const seen = monitors.map((one): [string, boolean] => [
      one.monitorId,
      (one.places.includes('here') ? one.outsideSeenAfterMs : one.outageSeenAfterMs) !== null,
    ])
    found.push({ drillId, monitorId, place, at: played?.finishedAt ?? null, outsideSeen: new Map(seen) })
  }
  return found
}
