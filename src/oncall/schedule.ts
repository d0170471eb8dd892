/** A rotation: who is on call by turns, handed over at the same local wall time. */
export interface ScheduleSpec {
  rotation: 'daily' | 'weekly'
  /** The first hand-over, local date and time without a zone: `2026-01-05T09:00`. */
  from: string
  /** IANA name. */
  timezone: string
  /** People, in turn. */
  order: string[]
}

/** A schedule as it is set up. */
export interface Schedule {
  id: string
  name: string
  spec: ScheduleSpec
  managedBy: 'file' | 'api'
}

/** Somebody stands in on a schedule from `from` until `until`; among several the one created last counts. */
export interface Override {
  id: string
  scheduleId: string
  personId: string
  from: number
  until: number
  reason: string
  createdAt: number
  createdBy: string
  createdName: string
}

/** A stretch of time and who is on call in it. */
export interface Shift {
  from: number
  to: number
  /** null: nobody. */
  personId: string | null
  via: 'rotation' | 'override' | 'nobody'
  overrideId: string | null
}
