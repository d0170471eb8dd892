import type { PolicySpec } from './policy.ts'
import type { Shift } from './schedule.ts'

export type GapReason = 'nobody-on-call' | 'no-verified-contact' | 'person-disabled' | 'person-unknown'

/** A stretch in which a schedule would wake nobody. */
export interface CoverageGap {
  scheduleId: string
  from: number
  to: number
  reason: GapReason
  personId: string | null
}

/** Stretches of a final schedule in which nobody can be reached; neighbours of one reason are one. */
export function coverageGaps(
  scheduleId: string,
  shifts: readonly Shift[],
  /** Why a person cannot be reached, or null when they can. */
  unreachable: (personId: string) => GapReason | null,
): CoverageGap[] {
  const gaps: CoverageGap[] = []
  for (const shift of shifts) {
    const reason = shift.personId === null ? 'nobody-on-call' : unreachable(shift.personId)
    if (reason === null) continue
    const last = gaps.at(-1)
    if (last && last.to === shift.from && last.reason === reason && last.personId === shift.personId)
      last.to = shift.to
    else gaps.push({ scheduleId, from: shift.from, to: shift.to, reason, personId: shift.personId })
  }
  return gaps
}

/** Stretches in which no step of a policy reaches anybody, so that its alerts fall through to the last resort. */
export function policyGaps(
  policy: PolicySpec,
  gapsOf: ReadonlyMap<string, readonly CoverageGap[]>,
  unreachable: (personId: string) => GapReason | null,
  from: number,
  to: number,
): { from: number; to: number }[] {
  const schedules = new Set<string>()
  for (const target of policy.steps.flatMap((step) => step.notify)) {
    if ('schedule' in target) schedules.add(target.schedule)
    else if (unreachable(target.person) === null) return []
  }
  let open = [{ from, to }]
  for (const id of schedules) {
    // A schedule that does not exist is a gap for all time.
    const gaps = gapsOf.get(id) ?? [{ from, to }]
    open = open.flatMap((span) =>
      gaps
        .map((gap) => ({ from: Math.max(span.from, gap.from), to: Math.min(span.to, gap.to) }))
        .filter((overlap) => overlap.from < overlap.to),
    )
  }
  return joinNeighbours(open)
}

function joinNeighbours(spans: { from: number; to: number }[]): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}
