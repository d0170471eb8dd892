import type { ActionState } from './postmortem.ts'

export const SETTLEMENTS = ['proved', 'refuted', 'reopened', 'stale'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

export type SettleDecision =
  | {
      outcome: 'move'
      to: ActionState
      told: Settlement
      reason: 'drill-passed' | 'drill-failed' | 'proof-too-old'
    }
  /** The state stands; the newest run is noted all the same. */
  | { outcome: 'stay'; reason: 'still-proved' | 'still-refuted' }
  | { outcome: 'refuse'; reason: 'not-claimed' | 'dropped' | 'not-proved' }

/**
 * What a drill's outcome does to an action. A run that failed refutes a claim, and re-opens what had been
 * proved; which of the two follows from the state, so that a late answer cannot do the wrong one. An action
 * that nobody claims is not proved by a drill that happens to pass: its criterion may simply be too weak.
 */
export function decideSettlement(state: ActionState, outcome: Settlement): SettleDecision {
  if (state === 'dropped') return { outcome: 'refuse', reason: 'dropped' }
  if (outcome === 'stale')
    return state === 'proved'
      ? { outcome: 'move', to: 'stale', told: 'stale', reason: 'proof-too-old' }
      : { outcome: 'refuse', reason: 'not-proved' }
  if (state === 'open') return { outcome: 'refuse', reason: 'not-claimed' }
  if (outcome === 'proved')
    return state === 'proved'
      ? { outcome: 'stay', reason: 'still-proved' }
      : { outcome: 'move', to: 'proved', told: 'proved', reason: 'drill-passed' }
  if (state === 'refuted') return { outcome: 'stay', reason: 'still-refuted' }
  return state === 'claimed'
    ? { outcome: 'move', to: 'refuted', told: 'refuted', reason: 'drill-failed' }
    : { outcome: 'move', to: 'open', told: 'reopened', reason: 'drill-failed' }
}

export type HandDecision =
  | { outcome: 'claim'; reason: 'allowed' }
  | { outcome: 'drop'; reason: 'allowed' }
  | { outcome: 'take-back'; from: 'claimed' | 'dropped'; reason: 'allowed' }
  | {
      outcome: 'refuse'
      reason: 'already-there' | 'proof-required' | 'proved-already' | 'dropped' | 'not-from-here'
    }

/** What people may do to an action's state by hand: claim, take back and drop. Only a proof does the rest. */
export function decideByHand(state: ActionState, to: ActionState): HandDecision {
  if (to === 'proved' || to === 'refuted' || to === 'stale')
    return { outcome: 'refuse', reason: 'proof-required' }
  if (state === to) return { outcome: 'refuse', reason: 'already-there' }
  if (to === 'claimed') {
    if (state === 'proved') return { outcome: 'refuse', reason: 'proved-already' }
    return state === 'dropped'
      ? { outcome: 'refuse', reason: 'dropped' }
      : { outcome: 'claim', reason: 'allowed' }
  }
  if (to === 'dropped') return { outcome: 'drop', reason: 'allowed' }
  return state === 'claimed' || state === 'dropped'
    ? { outcome: 'take-back', from: state, reason: 'allowed' }
    : { outcome: 'refuse', reason: 'not-from-here' }
}

/** Whether criterion and drill may still be changed: afterwards they would be written to fit the work. */
export function mayChangeProof(state: ActionState): boolean {
  return state === 'open' || state === 'refuted' || state === 'dropped'
}
