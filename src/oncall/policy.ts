/** Whom a step wakes: a person, or whoever is on call. */
export type Target = { schedule: string } | { person: string }

export interface PolicyStep {
  name: string
  notify: Target[]
  /** How long somebody has to acknowledge before the next step. */
  waitMs: number
}

/** How an alert climbs until a human acknowledges it. */
export interface PolicySpec {
  steps: PolicyStep[]
  /** How often all steps are gone through again before the last resort. */
  repeat: number
  /** Mandatory: paged again and again until somebody acknowledges. */
  lastResort: { people: string[]; everyMs: number }
  /** An acknowledged alert that is not resolved by then is paged anew; null leaves it for ever. */
  ackTimeoutMs: number | null
}

export interface Policy {
  id: string
  name: string
  spec: PolicySpec
  isDefault: boolean
  managedBy: 'file' | 'api'
}

/** In words: `schedule:web-week`, `person:ana`. */
export function describeTarget(target: Target): string {
  return 'schedule' in target ? `schedule:${target.schedule}` : `person:${target.person}`
}
