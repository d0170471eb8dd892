/** One way to reach one person, without its address: that is read when the page leaves. */
export interface ReachableContact {
  contactId: string
  channel: string
}

export interface ReachablePerson {
  personId: string
  personName: string
  contacts: ReachableContact[]
}

export type MissReason =
  | 'nobody-on-call'
  | 'no-verified-contact'
  | 'person-disabled'
  | 'person-unknown'
  | 'schedule-unknown'
  | 'nobody-named'

/** Whom one step reaches now, and whom it misses. */
export interface Reach {
  people: ReachablePerson[]
  missed: { target: string; reason: MissReason }[]
}

/** Whom each part of a policy reaches at one instant. */
export interface Roster {
  steps: Reach[]
  lastResort: Reach
  /** Every administrator: the floor under everything. */
  administrators: Reach
}
