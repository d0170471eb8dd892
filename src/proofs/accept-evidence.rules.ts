import type { Millis } from '../kit/clock.ts'
import type { Action } from '../postmortems/index.ts'

export const EVIDENCE_REASONS = [
  'accepted',
  'not-claimed',
  'dropped',
  'drill-decides',
  'inconclusive',
  'in-the-future',
  'before-the-claim',
  'holds-too-long',
  'expired-already',
  'no-person',
  'own-work',
] as const
export type EvidenceReason = (typeof EVIDENCE_REASONS)[number]

export interface OfferedEvidence {
  outcome: 'passed' | 'failed' | 'inconclusive'
  strength: 'machine' | 'word'
  seenAt: Millis
  expiresAt: Millis
  /** How long evidence of its kind may hold at most. */
  mostMs: Millis
  /** Who hands it in; null for a machine's token. */
  personId: string | null
}

export interface EvidenceDecision {
  outcome: 'accept' | 'refuse'
  reason: EvidenceReason
}

/**
 * Whether a piece of evidence may decide an action. Whoever claims or owns the work is no witness of it, and where a
 * drill decides, nothing weaker does.
 */
export function acceptEvidence(
  action: Pick<Action, 'state' | 'since' | 'claimedBy' | 'owner'> & { hasDrill: boolean },
  offered: OfferedEvidence,
  now: Millis,
): EvidenceDecision {
  const refuse = (reason: EvidenceReason): EvidenceDecision => ({ outcome: 'refuse', reason })
  if (action.state === 'dropped') return refuse('dropped')
  if (action.state === 'open') return refuse('not-claimed')
  if (action.hasDrill) return refuse('drill-decides')
  if (offered.outcome === 'inconclusive') return refuse('inconclusive')
  if (offered.seenAt > now) return refuse('in-the-future')
  if (action.state === 'claimed' && offered.seenAt < action.since) return refuse('before-the-claim')
  if (offered.expiresAt <= now) return refuse('expired-already')
  if (offered.expiresAt - offered.seenAt > offered.mostMs) return refuse('holds-too-long')
  if (offered.strength === 'word') {
    const { personId } = offered
    if (personId === null) return refuse('no-person')
    if (
      personId === action.owner ||
      personId === action.claimedBy ||
      `person:${personId}` === action.claimedBy
    )
      return refuse('own-work')
  }
  return { outcome: 'accept', reason: 'accepted' }
}
