import type { TimelineEntry } from '../../../src/contract/incidents.ts'

/** An entry as it is shown. */
export interface Arranged {
  entry: TimelineEntry
  /** Whether a new day begins with it. */
  day: boolean
  /** The entry that corrects this one. */
  correctedBy: string | null
}

/** Entries in the order in which things happened, not in which they were written down. */
export function arrange(entries: readonly TimelineEntry[]): Arranged[] {
  const corrections = new Map(
    entries.flatMap(({ id, corrects }) => (corrects ? [[corrects, id] as const] : [])),
  )
  const sorted = entries.toSorted(
    (a, b) =>
      Date.parse(a.happenedAt) - Date.parse(b.happenedAt) ||
      Date.parse(a.writtenAt) - Date.parse(b.writtenAt),
  )
  let before = ''
  return sorted.map((entry) => {
    const date = new Date(entry.happenedAt).toDateString()
    const day = date !== before
    before = date
    return { entry, day, correctedBy: corrections.get(entry.id) ?? null }
  })
}

/** Whether somebody wrote it down noticeably after it happened. */
export function wasWrittenLater({ happenedAt, writtenAt }: TimelineEntry): boolean {
  return Date.parse(writtenAt) - Date.parse(happenedAt) > 60_000
}
