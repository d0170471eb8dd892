import type { Override, ScheduleSpec, Shift } from './schedule.ts'

type OverrideSpan = Pick<Override, 'id' | 'personId' | 'from' | 'until' | 'createdAt'>

const DAYS = { daily: 1, weekly: 7 } as const

/** The instant of the nth hand-over: the same wall time each turn, also where the clocks change. */
function handOver(spec: ScheduleSpec, n: number): number {
  // 'compatible': a time that a spring gap skips moves to the far side; one that an autumn fold repeats is the first.
  return Temporal.PlainDateTime.from(spec.from)
    .add({ days: n * DAYS[spec.rotation] })
    .toZonedDateTime(spec.timezone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** The number of the turn that contains `at`; negative before the first hand-over. */
function turnAt(spec: ScheduleSpec, at: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(spec.timezone).toPlainDate()
  const days = Temporal.PlainDateTime.from(spec.from).toPlainDate().until(local, { largestUnit: 'days' }).days
  let n = Math.floor(days / DAYS[spec.rotation])
  while (handOver(spec, n) > at) n--
  while (handOver(spec, n + 1) <= at) n++
  return n
}

function personOfTurn(spec: ScheduleSpec, n: number): string | null {
  return n < 0 || spec.order.length === 0 ? null : spec.order[n % spec.order.length]!
}

/** Shifts of the rotation alone that overlap [from, to), not cut to it. */
function rotationShifts(spec: ScheduleSpec, from: number, to: number): Shift[] {
  const shifts: Shift[] = []
  const first = handOver(spec, 0)
  let at = from
  if (spec.order.length === 0 || from < first) {
    const end = spec.order.length === 0 ? to : Math.min(first, to)
    shifts.push({ from, to: end, personId: null, via: 'nobody', overrideId: null })
    at = end
  }
  if (at >= to) return shifts
  for (let n = turnAt(spec, at); handOver(spec, n) < to; n++) {
    const shift = { from: handOver(spec, n), to: handOver(spec, n + 1) }
    // Where a zone leaves out a whole day, two hand-overs meet and the turn between them has no time.
    if (shift.from < shift.to)
      shifts.push({ ...shift, personId: personOfTurn(spec, n), via: 'rotation', overrideId: null })
  }
  return shifts
}

/** The override that counts at `at`: the one created last. */
function overrideAt<O extends OverrideSpan>(overrides: readonly O[], at: number): O | null {
  return overrides
    .filter((o) => o.from <= at && at < o.until)
    .reduce<O | null>((best, o) => (best === null || createdAfter(o, best) ? o : best), null)
}

function createdAfter(a: OverrideSpan, b: OverrideSpan): boolean {
  return a.createdAt > b.createdAt || (a.createdAt === b.createdAt && a.id > b.id)
}

/**
 * Who is on call from `from` until `to`: the rotation with the overrides over it. The shifts lie end to end
 * and cover the whole span; where nobody is on call, `personId` is null. The pager, the browser and the
 * forecast all ask this one function.
 */
export function finalSchedule(
  spec: ScheduleSpec,
  overrides: readonly OverrideSpan[],
  from: number,
  to: number,
): Shift[] {
  if (from >= to) return []
  const shifts: Shift[] = []
  const edges = overrides.flatMap((o) => [o.from, o.until])
  for (const turn of rotationShifts(spec, from, to)) {
    const start = Math.max(turn.from, from)
    const end = Math.min(turn.to, to)
    const cuts = [...new Set([start, ...edges.filter((e) => start < e && e < end), end])].sort(
      (a, b) => a - b,
    )
    for (let i = 0; i + 1 < cuts.length; i++) {
      const span = { from: cuts[i]!, to: cuts[i + 1]! }
      const override = overrideAt(overrides, span.from)
      const shift: Shift = override
        ? { ...span, personId: override.personId, via: 'override', overrideId: override.id }
        : { ...turn, ...span }
      const last = shifts.at(-1)
      // An override that spans a hand-over is one shift; two turns of the same person stay two.
      if (last && joins(last, shift, turn, start)) last.to = shift.to
      else shifts.push(shift)
    }
  }
  return shifts
}

function joins(last: Shift, next: Shift, turn: Shift, turnStart: number): boolean {
  if (last.to !== next.from || last.overrideId !== next.overrideId || last.via !== next.via) return false
  if (next.via === 'override') return true
  return last.personId === next.personId && last.from >= Math.max(turn.from, turnStart)
}

/** Who is on call at one instant, and until when. */
export function whoIsOnCall(
  spec: ScheduleSpec,
  overrides: readonly OverrideSpan[],
  at: number,
): Pick<Shift, 'personId' | 'via' | 'overrideId'> {
  const override = overrideAt(overrides, at)
  if (override) return { personId: override.personId, via: 'override', overrideId: override.id }
  const personId = at < handOver(spec, 0) ? null : personOfTurn(spec, turnAt(spec, at))
  return { personId, via: personId === null ? 'nobody' : 'rotation', overrideId: null }
}
