import { findPerson, verifiedContacts } from '../catalog/index.ts'
import { DAY } from '../kit/duration.ts'
import type { Reader } from '../store/store.ts'
import { type CoverageGap, coverageGaps, type GapReason, policyGaps } from './coverage.rules.ts'
import { finalSchedule, whoIsOnCall } from './final-schedule.rules.ts'
import { listPolicies } from './policy.rows.ts'
import { findSchedule, listSchedules, overridesWithin } from './schedule.rows.ts'
import type { Shift } from './schedule.ts'

export interface Coverage {
  /** When a schedule would wake nobody. */
  schedules: CoverageGap[]
  /** When no step of a policy reaches anybody: only its last resort is left. */
  policies: { policyId: string; from: number; to: number }[]
}

async function whyUnreachable(db: Reader, personId: string): Promise<GapReason | null> {
  const person = await findPerson(db, personId)
  if (!person) return 'person-unknown'
  if (person.disabledAt !== null) return 'person-disabled'
  return (await verifiedContacts(db, personId)).length > 0 ? null : 'no-verified-contact'
}

/** Stretches of the next days in which nobody who can be reached is on call. */
export async function coverage(db: Reader, now: number, days = 14): Promise<Coverage> {
  const to = now + days * DAY
  const schedules = await listSchedules(db)
  const policies = await listPolicies(db)
  const overrides = await overridesWithin(db, { from: now, to })
  const people = new Set([
    ...schedules.flatMap((schedule) => schedule.spec.order),
    ...overrides.map((override) => override.personId),
    ...policies.flatMap((p) =>
      p.spec.steps.flatMap((s) => s.notify.flatMap((t) => ('person' in t ? [t.person] : []))),
    ),
  ])
  const why = new Map<string, GapReason | null>()
  for (const id of people) why.set(id, await whyUnreachable(db, id))
  const unreachable = (id: string) => why.get(id) ?? null
  const gapsOf = new Map<string, CoverageGap[]>()
  for (const { id, spec } of schedules) {
    const own = overrides.filter((override) => override.scheduleId === id)
    gapsOf.set(id, coverageGaps(id, finalSchedule(spec, own, now, to), unreachable))
  }
  return {
    schedules: [...gapsOf.values()].flat(),
    policies: policies.flatMap((policy) =>
      policyGaps(policy.spec, gapsOf, unreachable, now, to).map((gap) => ({ policyId: policy.id, ...gap })),
    ),
  }
}

export interface OnCall {
  scheduleId: string
  scheduleName: string
  personId: string | null
  personName: string | null
  via: Shift['via']
  overrideId: string | null
  /** When the shift began and ends, as far as the next 14 days show. */
  from: number
  until: number
  /** Who comes after, null when nobody does. */
  nextPersonId: string | null
  nextPersonName: string | null
  reachable: boolean
}

// Far enough to see who comes next in a weekly rotation.
const AHEAD = 14 * DAY

/** Who is on call on each schedule at `now`, and who comes next. */
export async function onCallNow(db: Reader, now: number): Promise<OnCall[]> {
  const answer: OnCall[] = []
  for (const { id, name, spec } of await listSchedules(db)) {
    const overrides = await overridesWithin(db, { scheduleId: id, from: now - AHEAD, to: now + AHEAD })
    const shifts = finalSchedule(spec, overrides, now - AHEAD, now + AHEAD)
    const index = shifts.findIndex((shift) => shift.from <= now && now < shift.to)
    const shift = shifts[index]!
    const next = shifts[index + 1]?.personId ?? null
    const { personId, via, overrideId } = whoIsOnCall(spec, overrides, now)
    answer.push({
      scheduleId: id,
      scheduleName: name,
      personId,
      personName: await nameOf(db, personId),
      via,
      overrideId,
      from: shift.from,
      until: shift.to,
      nextPersonId: next,
      nextPersonName: await nameOf(db, next),
      reachable: personId !== null && (await whyUnreachable(db, personId)) === null,
    })
  }
  return answer
}

async function nameOf(db: Reader, personId: string | null): Promise<string | null> {
  return personId === null ? null : ((await findPerson(db, personId))?.name ?? personId)
}

/** A shift with what lists show of it. */
export interface NamedShift extends Shift {
  personName: string | null
  reachable: boolean
}

/** The final schedule of one schedule, or null when there is none with this id. */
export async function readShifts(
  db: Reader,
  scheduleId: string,
  from: number,
  to: number,
): Promise<NamedShift[] | null> {
  const schedule = await findSchedule(db, scheduleId)
  if (!schedule) return null
  const overrides = await overridesWithin(db, { scheduleId, from, to })
  const known = new Map<string, { personName: string | null; reachable: boolean }>()
  const shifts: NamedShift[] = []
  for (const shift of finalSchedule(schedule.spec, overrides, from, to)) {
    const id = shift.personId
    if (id !== null && !known.has(id))
      known.set(id, { personName: await nameOf(db, id), reachable: (await whyUnreachable(db, id)) === null })
    shifts.push({ ...shift, ...(id === null ? { personName: null, reachable: false } : known.get(id)!) })
  }
  return shifts
}
