/** Spans of time by which records are counted. */
export const SPANS = { month: 1, quarter: 3, year: 12 } as const
export type Span = keyof typeof SPANS

export interface Period {
  name: string
  /** Year × 12 + month, counted from 0. */
  first: number
  /** The last month in it. */
  last: number
  /** Its first instant. */
  from: number
}

const MOST = 40

const two = (n: number) => String(n).padStart(2, '0')

function nameOf(first: number, span: Span): string {
  const year = Math.floor(first / 12)
  const month = first % 12
  if (span === 'year') return String(year)
  return span === 'quarter' ? `${year} Q${Math.floor(month / 3) + 1}` : `${year}-${two(month + 1)}`
}

/** The periods from the first month to the last, none left out; what lies too far back becomes one, `before`. */
export function periodsOf(months: readonly number[], span: Span): Period[] {
  if (months.length === 0) return []
  const size = SPANS[span]
  const begin = (month: number) => Math.floor(month / size) * size
  const earliest = Math.min(...months)
  const newest = begin(Math.max(...months))
  const oldest = Math.max(begin(earliest), newest - (MOST - 1) * size)
  const at = (month: number) => Date.UTC(Math.floor(month / 12), month % 12)
  const periods: Period[] = []
  if (earliest < oldest)
    periods.push({
      name: `before ${nameOf(oldest, span)}`,
      first: begin(earliest),
      last: oldest - 1,
      from: at(begin(earliest)),
    })
  for (let first = oldest; first <= newest; first += size)
    periods.push({ name: nameOf(first, span), first, last: first + size - 1, from: at(first) })
  return periods
}

/** Counts by month as counts by period. */
export function countInto(periods: readonly Period[], byMonth: ReadonlyMap<number, number>): number[] {
  return periods.map(({ first, last }) => {
    let sum = 0
    for (const [month, count] of byMonth) if (month >= first && month <= last) sum += count
    return sum
  })
}

/** Something that bears a mark, with its services. */
export interface Marked {
  id: string
  title: string
  incidentId: string | null
  postmortemId: string | null
  happenedAt: number
  services: readonly string[]
}

/**
 * What bears the same mark and came after an action of the first was closed. It counts as come back where the two have a
 * service in common; a failure class also where nobody recorded a service of one of them.
 */
export function cameBackAfter<T extends Marked>(
  first: Pick<Marked, 'id' | 'services'>,
  closedAt: number,
  others: readonly T[],
  kind: 'class' | 'trigger' | 'factor',
): T[] {
  return others.filter(({ id, happenedAt, services }) => {
    if (id === first.id || happenedAt <= closedAt) return false
    if (services.some((service) => first.services.includes(service))) return true
    return kind === 'class' && (services.length === 0 || first.services.length === 0)
  })
}
