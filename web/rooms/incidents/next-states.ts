import type { Incident } from '../../../src/contract/incidents.ts'

type State = Incident['state']
/** The usual way first. */
const WAYS: Record<State, readonly State[]> = {
  declared: ['mitigated', 'believed-resolved', 'resolved'],
  mitigated: ['believed-resolved', 'resolved', 'declared'],
  'believed-resolved': ['resolved', 'mitigated', 'declared'],
  resolved: ['closed', 'declared'],
  closed: [],
}

/** What a button that leads to a state says. */
export const SAYINGS: Record<State, string> = {
  declared: 'Reopen',
  mitigated: 'Mitigated',
  'believed-resolved': 'Believed resolved',
  resolved: 'Resolved',
  closed: 'Close',
}

/** Where an incident goes from here: the usual next state, then the others that make sense. */
export function nextStates(state: State): { usual: State | null; others: readonly State[] } {
  const [usual = null, ...others] = WAYS[state]
  return { usual, others }
}
