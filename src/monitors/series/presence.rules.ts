/** What is known of series that were there once. */
export interface Presence {
  outcome: 'there' | 'absent' | 'stale' | 'vanished'
  /** The series that are gone, the longest gone first. */
  gone: { name: string; since: number }[]
}

export interface PresenceInput {
  /** When each series had its newest value, by its text. */
  newest: ReadonlyMap<string, number>
  /** When series that were known before had their newest value. */
  known: ReadonlyMap<string, number>
  /** A newest value older than this is stale. */
  staleMs: number
  now: number
}

/** Judges whether there are values at all, whether they are fresh, and whether a series that was there is gone. */
export function judgePresence({ newest, known, staleMs, now }: PresenceInput): Presence {
  const fresh = (at: number) => now - at <= staleMs
  const all = new Map([...known, ...newest])
  const gone = [...all]
    .filter(([, at]) => !fresh(at))
    .map(([name, since]) => ({ name, since }))
    .sort((a, b) => a.since - b.since)
  if (newest.size === 0 && [...known.values()].every((at) => !fresh(at))) return { outcome: 'absent', gone }
  if (newest.size > 0 && [...newest.values()].every((at) => !fresh(at))) return { outcome: 'stale', gone }
  if (gone.length > 0) return { outcome: 'vanished', gone }
  return { outcome: 'there', gone: [] }
}
