import type { Postmortem } from '../../../src/contract/postmortems.ts'

/** Where a post-mortem goes from each state, the usual way first, and what the menu says. */
export const MOVES: Record<Postmortem['state'], [to: Postmortem['state'], label: string][]> = {
  draft: [['in review', 'Send to review']],
  'in review': [
    ['reviewed', 'Mark as reviewed'],
    ['draft', 'Back to draft'],
  ],
  reviewed: [
    ['closed', 'Close'],
    ['in review', 'Review again'],
  ],
  closed: [['reviewed', 'Open again']],
}
