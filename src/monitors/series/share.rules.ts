import { median } from './series.ts'

/** What one holder has now, and what share it used to have. */
export interface Holding {
  name: string
  value: number
  /** Shares of its past, oldest first. */
  past: readonly number[]
}

export interface ShareInput {
  /** A share of the whole that nobody may have; null for no limit of its own. */
  above: number | null
  /** How many times its usual share is too much. */
  factor: number | null
  /** Smaller shares are nobody's trouble, whatever they were before. */
  atLeast: number
}

/** Who has how much of the whole, and whether that is a spike. */
export interface Share {
  outcome: 'usual' | 'too-large' | 'spike' | 'no-data'
  name: string
  share: number
  usual: number | null
  total: number
}

const FEWEST = 3

/** Finds the one with the largest part, or the one whose part has grown the most against its own past. */
export function judgeShare(holdings: readonly Holding[], { above, factor, atLeast }: ShareInput): Share {
  const total = holdings.reduce((sum, { value }) => sum + Math.max(0, value || 0), 0)
  if (holdings.length === 0 || !(total > 0) || !Number.isFinite(total))
    return { outcome: 'no-data', name: '', share: Number.NaN, usual: null, total }
  const shares = holdings
    .map(({ name, value, past }) => ({
      name,
      share: Math.max(0, value || 0) / total,
      usual: past.length >= FEWEST ? median(past) : null,
      most: past.length >= FEWEST ? Math.max(...past) : 0,
      known: past.length >= FEWEST,
    }))
    .sort((a, b) => b.share - a.share)
  const largest = shares[0]!
  const told = ({ name, share, usual }: (typeof shares)[number]) => ({ name, share, usual, total })
  if (factor !== null) {
    const others = shares.some(({ known }) => known)
    const spiking = shares
      .filter(({ share, usual, most, known }) =>
        // Somebody new among those with a past had no share at all.
        known ? share > factor * usual! && share > 1.2 * most : others,
      )
      .filter(({ share }) => share >= atLeast)
      .sort((a, b) => b.share - (b.usual ?? 0) - (a.share - (a.usual ?? 0)))[0]
    if (spiking) return { outcome: 'spike', ...told(spiking), usual: spiking.usual ?? 0 }
  }
  if (above !== null && largest.share > above) return { outcome: 'too-large', ...told(largest) }
  return { outcome: 'usual', ...told(largest) }
}
