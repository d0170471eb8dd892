import type { z } from 'zod'
import type { givenProof } from '../../contract/proofs.ts'
import type { Millis } from '../../kit/clock.ts'

/** A proof as it is handed in, of any kind. */
export type GivenProof = z.output<typeof givenProof>
export type GivenKind = GivenProof['kind']

/** What was read from a piece of evidence. Inconclusive evidence says nothing, and is not taken. */
export interface Reading {
  outcome: 'passed' | 'failed' | 'inconclusive'
  /** From the closed set of the kind. */
  reason: string
  /** One line for people. */
  summary: string
  /** When it was seen, where the evidence itself says so. */
  seenAt: Millis | null
  /** What is kept of it, shown as it stands. */
  details: Record<string, unknown>
}

/** A kind of evidence other than a drill: one folder here and one line in `registry.ts`. */
export interface EvidenceKind<Kind extends GivenKind = GivenKind> {
  kind: Kind
  title: string
  /** How the state is spoken of that rests on it. */
  says: string
  /** A machine looked, or a person did: the second is the weaker thing. */
  strength: 'machine' | 'word'
  reasons: readonly string[]
  /** How long it holds when nothing is said, and at most. */
  holds: { usual: Millis; most: Millis }
  read(given: Extract<GivenProof, { kind: Kind }>): Reading
}
