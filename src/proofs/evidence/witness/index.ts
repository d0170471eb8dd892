import { DAY } from '../../../kit/duration.ts'
import type { EvidenceKind } from '../kind.ts'

/** The word of somebody who looked, for what no machine can see. */
export const evidenceKind: EvidenceKind<'witness'> = {
  kind: 'witness',
  title: 'A witness',
  says: 'proved by the word of a witness alone',
  strength: 'word',
  reasons: ['saw-it', 'saw-that-not'],
  holds: { usual: 90 * DAY, most: 366 * DAY },
  read({ met, statement, seenAt }) {
    return {
      outcome: met ? 'passed' : 'failed',
      reason: met ? 'saw-it' : 'saw-that-not',
      summary: statement,
      seenAt: Date.parse(seenAt),
      details: { statement },
    }
  },
}
