import type { Millis } from '../kit/clock.ts'
import type { Outcome } from './drill.ts'

export const PROOF_STATES = ['awaiting', 'proved', 'refuted', 'reopened', 'stale'] as const
/** How far the proof of an action has come: awaiting its first drill, or what the last conclusive one said. */
export type ProofState = (typeof PROOF_STATES)[number]

export const SETTLE_REASONS = [
  'drill-passed',
  'drill-failed',
  'proved-again',
  'passes-again',
  'proof-broke',
  'still-broken',
  'inconclusive',
  'not-proved-since',
  'drill-removed',
] as const
export type SettleReason = (typeof SETTLE_REASONS)[number]

export interface Settlement {
  state: ProofState
  reason: SettleReason
  /** What the room of post-mortems is to make of the action; null where nothing changes for it. */
  action: 'proved' | 'refuted' | 'reopened' | 'stale' | null
  /** What becomes of the alert about a broken proof. */
  alert: 'open' | 'resolve' | null
}

export interface ProofSoFar {
  state: ProofState
  /** When a drill last said yes or no; null before the first. */
  concludedAt: Millis | null
  /** After this time without a conclusive drill a proof is stale; null where the drill does not repeat. */
  staleAfterMs: Millis | null
  /** Whether the alert about a broken proof is open: it outlives a new claim, until a drill passes. */
  alerted: boolean
}

/** What one finished drill means for the action that it is to prove. */
export function settleByDrill(proof: ProofSoFar, outcome: Outcome, now: Millis): Settlement {
  if (outcome === 'inconclusive')
    return (
      settleByTime(proof, now) ?? { state: proof.state, reason: 'inconclusive', action: null, alert: null }
    )
  if (outcome === 'passed') {
    const alert = proof.alerted ? 'resolve' : null
    switch (proof.state) {
      case 'awaiting':
      case 'refuted':
        return { state: 'proved', reason: 'drill-passed', action: 'proved', alert }
      case 'proved':
        return { state: 'proved', reason: 'proved-again', action: null, alert }
      // The alarm is over; but the lesson was lost once, so somebody has to claim it anew.
      case 'reopened':
        return { state: 'reopened', reason: 'passes-again', action: null, alert }
      case 'stale':
        return { state: 'proved', reason: 'proved-again', action: 'proved', alert }
    }
  }
  switch (proof.state) {
    case 'awaiting':
      return { state: 'refuted', reason: 'drill-failed', action: 'refuted', alert: null }
    case 'refuted':
      return { state: 'refuted', reason: 'drill-failed', action: null, alert: null }
    // The lesson had been learned and was lost again: that is worth somebody's attention.
    case 'proved':
    case 'stale':
      return {
        state: 'reopened',
        reason: 'proof-broke',
        action: 'reopened',
        alert: proof.alerted ? null : 'open',
      }
    case 'reopened':
      return { state: 'reopened', reason: 'still-broken', action: null, alert: null }
  }
}

/** A proof that nobody could repeat for too long is stale; null where it still holds. */
export function settleByTime(proof: ProofSoFar, now: Millis): Settlement | null {
  if (proof.state !== 'proved' || proof.staleAfterMs === null || proof.concludedAt === null) return null
  if (now - proof.concludedAt <= proof.staleAfterMs) return null
  return { state: 'stale', reason: 'not-proved-since', action: 'stale', alert: null }
}

/** A proof whose drill was taken away can never be repeated: it is stale at once. Null where none stood. */
export function settleByRemoval(proof: Pick<ProofSoFar, 'state'>): Settlement | null {
  if (proof.state !== 'proved') return null
  return { state: 'stale', reason: 'drill-removed', action: 'stale', alert: null }
}
