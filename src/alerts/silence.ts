/** What a silence covers: all that is named must match. */
export interface SilenceMatch {
  monitorId?: string
  serviceId?: string
  dedupKey?: string
}

/** Alerts that match still open, but page nobody from `from` until `until`. */
export interface Silence {
  id: string
  match: SilenceMatch
  from: number
  until: number
  reason: string
  createdAt: number
  createdBy: string
  createdName: string
  /** When it ended; null while it is planned or in force. */
  endedAt: number | null
  endedName: string | null
}

export type SilenceState = 'pending' | 'active' | 'expired'
