import { TocsinError } from '../kit/errors.ts'

/** An instant of a request, in milliseconds. */
export function millis(instant: string): number {
  return Date.parse(instant)
}

/** As `millis`; keeps apart "not given" (undefined) and "take it back" (null). */
export function millisOr<T extends null | undefined>(instant: string | T): number | T {
  return typeof instant === 'string' ? Date.parse(instant) : instant
}

/** A page out of a list that was asked for one item more than fits. */
export function pageOf<T, V>(
  rows: readonly T[],
  limit: number,
  view: (row: T) => V,
  cursorOf: (row: T) => string,
): { items: V[]; next: string | null } {
  const items = rows.slice(0, limit)
  return { items: items.map(view), next: rows.length > limit ? cursorOf(items.at(-1)!) : null }
}

/** A page out of a list that is short enough to be read whole; its cursor is the id of the last item. */
export function pageOfAll<T, V>(
  rows: readonly T[],
  { cursor, limit }: { cursor?: string; limit: number },
  view: (row: T) => V,
  idOf: (row: T) => string,
): { items: V[]; next: string | null } {
  const from = cursor === undefined ? 0 : rows.findIndex((row) => idOf(row) === cursor) + 1
  if (cursor !== undefined && from === 0) throw staleCursor()
  return pageOf(rows.slice(from, from + limit + 1), limit, view, idOf)
}

/** What the cursor pointed at is gone, or it is none of ours. */
export function staleCursor(): TocsinError {
  return new TocsinError('invalid-input', 'The cursor is not one that a list gave.', [
    { path: 'query.cursor', message: 'is not known', remedy: 'Begin again without a cursor.' },
  ])
}

/** The words of a search. */
export const wordsOf = (text = ''): string[] =>
  text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
