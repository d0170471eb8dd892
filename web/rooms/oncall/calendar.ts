import type { Shift } from '../../../src/contract/oncall.ts'

/** One row of the calendar: seven days in the reader's own zone. */
export interface Week {
  from: number
  to: number
  /** The seven midnights. A day with a clock change is 23 or 25 hours long. */
  days: number[]
}

/** A piece of a shift inside one week, as parts of the row's width. */
export interface Piece {
  shift: Shift
  left: number
  width: number
  /** Whether the shift began before this row or goes on after it. */
  opensBefore: boolean
  goesOn: boolean
}

/** `count` weeks from the Monday of the week in which `now` lies. */
export function weeksFrom(now: number, count: number): Week[] {
  const date = new Date(now)
  const monday = date.getDate() - ((date.getDay() + 6) % 7)
  const midnight = (offset: number) =>
    new Date(date.getFullYear(), date.getMonth(), monday + offset).getTime()
  return Array.from({ length: count }, (_, week) => ({
    from: midnight(week * 7),
    to: midnight(week * 7 + 7),
    days: Array.from({ length: 7 }, (__, day) => midnight(week * 7 + day)),
  }))
}

/** Where an instant stands in the row: every day is as wide as the others, however long it is. */
export function placeIn(week: Week, at: number): number {
  if (at <= week.from) return 0
  if (at >= week.to) return 1
  const day = week.days.findLastIndex((midnight) => midnight <= at)
  const start = week.days[day]!
  const end = week.days[day + 1] ?? week.to
  return (day + (at - start) / (end - start)) / 7
}

/** The pieces of these shifts that fall into this week, in order. */
export function layOut(shifts: readonly Shift[], week: Week): Piece[] {
  return shifts
    .map((shift) => ({ shift, from: Date.parse(shift.from), to: Date.parse(shift.to) }))
    .filter(({ from, to }) => from < week.to && to > week.from)
    .sort((a, b) => a.from - b.from)
    .map(({ shift, from, to }) => {
      const left = placeIn(week, from)
      return {
        shift,
        left,
        width: placeIn(week, to) - left,
        opensBefore: from < week.from,
        goesOn: to > week.to,
      }
    })
}

/** Which of the calendar's colours a person has: the same one in every schedule and on every day. */
export function hueOf(personId: string, hues: number): number {
  let sum = 0
  for (const letter of personId) sum = (sum * 31 + letter.charCodeAt(0)) % 9_973
  return sum % hues
}

/** A time in which nobody who can be reached is on call. */
export interface Gap {
  scheduleId: string
  from: string
  to: string
  reason: string
}

/** Gaps of one schedule and reason that follow each other, as one. */
export function joinGaps(gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = []
  const sorted = gaps.toSorted(
    (a, b) => a.scheduleId.localeCompare(b.scheduleId) || Date.parse(a.from) - Date.parse(b.from),
  )
  for (const gap of sorted) {
    const last = joined.at(-1)
    const follows = last?.scheduleId === gap.scheduleId && last.reason === gap.reason
    if (last && follows && Date.parse(gap.from) <= Date.parse(last.to)) last.to = gap.to
    else joined.push({ ...gap })
  }
  return joined
}
