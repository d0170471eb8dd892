import type { Millis } from '../kit/clock.ts'
import type { Verdict } from '../monitors/index.ts'

export const OUTCOMES = ['passed', 'failed', 'inconclusive'] as const
/** What a drill came to. Inconclusive says nothing about the monitor: the drill itself could not be played. */
export type Outcome = (typeof OUTCOMES)[number]

export const CAUSES = ['person', 'schedule', 'action-claimed', 'configuration-changed'] as const
/** Why a drill was run. */
export type Cause = (typeof CAUSES)[number]

/** How one played fault was seen. */
export interface FaultResult {
  fault: string
  title: string
  failureClass: string
  /** Unclear where the monitor could not judge: it said unknown. */
  result: 'caught' | 'missed' | 'unclear'
  verdict: Verdict
  reason: string
  summary: string
  tookMs: number
  /** What to change so that it is caught; null where it was. */
  remedy: string | null
  /** The monitor that saw it or did not, where a drill plays several; else the one under drill. */
  monitorId?: string
}

/** One person reached in a replica, at a virtual time. */
export interface ReplicaPage {
  at: Millis
  personId: string
  channel: string
  /** Where in the escalation it came from. */
  step: string
  /** The monitor whose alert it is about, where there is one. */
  monitorId: string | null
}

/** What a drill concludes and what it saw; the evidence is JSON, shown as it stands. */
export interface Conclusion {
  outcome: Outcome
  /** From the closed set of the drill's kind, or `did-not-finish`. */
  reason: string
  /** One line for people. */
  summary: string
  evidence: Evidence
}

/** Everything kept of a run. Each kind of drill fills the parts that it has. */
export interface Evidence {
  monitor?: { id: string; kind: string; target: string }
  /** How the copy differs from the monitor, one sentence each. */
  changes?: string[]
  control?: { verdict: Verdict; reason: string; summary: string }
  faults?: FaultResult[]
  /** Faults of the drill that cannot be played against this kind of monitor. */
  notApplicable?: string[]
  /** Faults that the drill leaves out because its settings say so. */
  excepted?: string[]
  /** What no monitor of this kind can see, and what does. */
  cannotSee?: { failureClass: string; why: string; seenBy: readonly string[] }[]
  expected?: { person: string | null; withinMs: Millis }
  /** Virtual instants, RFC 3339. */
  onset?: string
  pages?: { at: string; afterMs: Millis; person: string; channel: string }[]
  /** Of a case: which monitor notices each fault first, and who is paged for it. */
  plays?: {
    fault: string
    monitorId: string
    kind: string
    verdict: Verdict
    reason: string
    pages: { person: string; channel: string; afterMs: Millis }[]
  }[]
  /** Signals that were played in virtual time, and what came of them. */
  replay?: ReplayEvidence
  /** What was counted in the live store and in the restored copy. */
  restored?: { what: string; live: number; copy: number; same: boolean }[]
  /** Of a place that was cut off: when that was noticed, and how the monitors looked at from there took it. */
  cut?: {
    place: string
    silentAfterMs: Millis | null
    withinMs: Millis
    outageMs: Millis
    monitors: CutMonitor[]
  }
  /** Of a watcher that was stopped: how, and who noticed it by which way. */
  stopped?: StoppedEvidence
  /** To whom a real message went, and how it left. */
  reached?: { person: string; channel: string; sent: boolean; reason: string }[]
  /** What the replica's log told, in order. */
  story?: { at: string; type: string; subject: string }[]
  error?: string
}

/** A monitor that is looked at from several places, while one of them is away. */
export interface CutMonitor {
  monitorId: string
  places: string[]
  /** How many of them must see it bad. */
  quorum: number
  /** What all together said in the end, though its target was well. */
  verdict: Verdict
  /** Null where it never turned bad: nobody is called down because a place is silent. */
  badAfterMs: Millis | null
  /** How soon those that are left saw an outage; null where they did not. */
  outageSeenAfterMs: Millis | null
  /** Before the cut: how soon it was seen that it is broken from outside and well from here; null where it was not. */
  outsideSeenAfterMs: Millis | null
}

/** A Tocsin that was started for a drill and stopped, and what its watcher made of that. */
export interface StoppedEvidence {
  how: 'freeze' | 'kill'
  /** Which watcher: one started for the drill, or the address of a real one. */
  watcher: string
  /** The silence that it allows, where the drill sets it. */
  silenceMs: Millis | null
  /** How long the watched one had been alive before, as the watcher heard it. */
  beatsBefore: number
  noticedAfterMs: Millis | null
  withinMs: Millis
  /** What the watcher said, by its own contacts. */
  said: { subject: string; text: string; afterMs: Millis }[]
}

/** One line of a timeline, counted from the onset. */
export interface TimelineLine {
  at: string
  afterMs: Millis
  what: string
  text: string
}

/** What was played, what came of it, and, where it was an incident, how it went in life beside it. */
export interface ReplayEvidence {
  from: string
  until: string
  observations: number
  /** SHA-256 of everything that came of it. */
  hash: string
  counts: Record<string, number>
  /** The first of the events. */
  wouldBe: TimelineLine[]
  /** How many more there were. */
  left: number
  asItWas?: TimelineLine[]
  /** From the onset until somebody knew, and until a person was on it: in life and today. Null: not recorded. */
  gained?: {
    what: 'noticed' | 'reached'
    wasMs: Millis | null
    wouldMs: Millis | null
    gainedMs: Millis | null
  }[]
  expectations: { says: string; met: boolean; afterMs: Millis | null; withinMs: Millis | null }[]
}
