/** A distribution: the points themselves, and the places that halve and quarter them. There is no mean. */
export interface Distribution {
  formula: string
  recorded: number
  notRecorded: number
  invalid: number
  quartiles: { least: number; lower: number; median: number; upper: number; most: number } | null
  /** The shortest first; the second number is the place of the record. */
  points: [ms: number, place: number][]
}

/** The value below which this share of a sorted list lies, between two neighbours where it falls between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low)
}

/** One value of each record: a length, `null` where a time is missing, `invalid` where the times contradict each other. */
export function distribute(
  formula: string,
  values: readonly { ms: number | null | 'invalid'; place: number }[],
): Distribution {
  const points: [number, number][] = []
  let notRecorded = 0
  let invalid = 0
  for (const { ms, place } of values)
    if (ms === null) notRecorded++
    else if (ms === 'invalid') invalid++
    else points.push([ms, place])
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const sorted = points.map(([ms]) => ms)
  return {
    formula,
    recorded: points.length,
    notRecorded,
    invalid,
    quartiles:
      sorted.length === 0
        ? null
        : {
            least: sorted[0]!,
            lower: quantile(sorted, 0.25),
            median: quantile(sorted, 0.5),
            upper: quantile(sorted, 0.75),
            most: sorted.at(-1)!,
          },
    points,
  }
}

/** From one time to another: null where one is missing, `invalid` where they run backwards. */
export function lengthBetween(from: number | null, to: number | null): number | null | 'invalid' {
  if (from === null || to === null) return null
  return to < from ? 'invalid' : to - from
}
