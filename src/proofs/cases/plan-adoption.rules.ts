import type { IncidentCase } from './case.ts'
import { fillTemplate } from './fill-template.rules.ts'

/** A monitor of the service, as far as a plan needs it. */
export interface PresentMonitor {
  id: string
  /** The monitors of the case that it can stand in for: it notices their faults already. */
  standsFor: readonly string[]
}

export interface PlanInput {
  incident: IncidentCase
  service: { id: string; name: string }
  /** What was given, by the name of the value. */
  values: Readonly<Record<string, string>>
  present: readonly PresentMonitor[]
  /** Ids that are taken, of monitors and of drills. */
  taken: { monitors: ReadonlySet<string>; drills: ReadonlySet<string> }
  /** A drill that plays this case for the service already, and which faults; null for all of them. */
  presentDrill: { id: string; faults: readonly string[] | null } | null
}

export type PlannedState = 'create' | 'present' | 'left-out' | 'needs-values'

export interface PlannedMonitor {
  key: string
  id: string
  state: PlannedState
  because: string
  sees: readonly string[]
  settings: Record<string, unknown>
  /** Names of values that are not given, or are not of their kind. */
  missing: string[]
}

export interface PlannedDrill {
  id: string
  state: 'create' | 'present'
  settings: Record<string, unknown>
}

export interface Plan {
  serviceId: string
  serviceName: string
  monitors: PlannedMonitor[]
  /** Null while nothing would be there that it could be played against. */
  drill: PlannedDrill | null
  /** Whether it can be carried out as it stands. */
  ready: boolean
}

const LONGEST_ID = 63

/** What a service would get: which monitors are missing, which stand in for one, and the drill over all of them. */
export function planAdoption(input: PlanInput): Plan {
  const { incident, service, present, taken, presentDrill } = input
  const ids = new Map<string, string>()
  const standing = new Map<string, string>()
  const used = new Set(taken.monitors)
  for (const key of Object.keys(incident.monitors)) {
    const there = present.find(({ standsFor }) => standsFor.includes(key))
    if (there) standing.set(key, there.id)
    const id = there?.id ?? freeId([`${service.id}-${key}`, `${service.id}-${incident.id}-${key}`], used)
    if (!there) used.add(id)
    ids.set(key, id)
  }
  const given = {
    ...input.values,
    service: service.id,
    serviceName: service.name,
    ...Object.fromEntries([...ids].map(([key, id]) => [`monitor:${key}`, id])),
  }
  const monitors = Object.entries(incident.monitors).map(([key, wanted]): PlannedMonitor => {
    const common = { key, id: ids.get(key)!, because: wanted.because, sees: wanted.sees }
    if (standing.has(key)) return { ...common, state: 'present', settings: {}, missing: [] }
    const leftOut = wanted.needs.some((value) => (input.values[value] ?? '').trim() === '')
    const { settings, missing, wrong } = fillTemplate(wanted.settings, given, incident.values)
    const lacking = [...new Set([...missing, ...wrong])]
    const state = leftOut ? 'left-out' : lacking.length > 0 ? 'needs-values' : 'create'
    return {
      ...common,
      state,
      settings: { ...settings, service: service.id, name: `${service.name}: ${key}` },
      missing: lacking,
    }
  })
  const played = monitors.filter(({ state }) => state !== 'left-out')
  const anchor = played[0]
  const faults = [...new Set(played.flatMap(({ sees }) => sees))]
  // One that plays less than what would be there now is another drill.
  const suffices = presentDrill && faults.every((fault) => presentDrill.faults?.includes(fault) ?? true)
  const drill: PlannedDrill | null = !anchor
    ? null
    : suffices
      ? { id: presentDrill.id, state: 'present', settings: {} }
      : {
          id: freeId([`${service.id}-${incident.id}`], new Set(taken.drills)),
          state: 'create',
          settings: drillSettings(incident, anchor.id, faults),
        }
  return {
    serviceId: service.id,
    serviceName: service.name,
    monitors,
    drill,
    ready: played.length > 0 && monitors.every(({ state }) => state !== 'needs-values'),
  }
}

function drillSettings(incident: IncidentCase, monitor: string, faults: string[]) {
  return {
    kind: 'case',
    name: incident.title,
    monitor,
    case: incident.id,
    faults,
    expect: { within: incident.drill.within },
    every: incident.drill.every,
  }
}

function freeId(wishes: readonly string[], used: ReadonlySet<string>): string {
  for (const wish of wishes) {
    const id = wish.slice(0, LONGEST_ID).replace(/-+$/, '')
    if (!used.has(id)) return id
  }
  const stem = wishes
    .at(-1)!
    .slice(0, LONGEST_ID - 4)
    .replace(/-+$/, '')
  for (let n = 2; ; n++) if (!used.has(`${stem}-${n}`)) return `${stem}-${n}`
}
