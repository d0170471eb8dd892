import type { Action } from '../../../src/contract/postmortems.ts'

/** Whether somebody still has to show that the action did what it promised. */
export function awaitsProof({ state }: Pick<Action, 'state'>): boolean {
  return state !== 'proved' && state !== 'dropped'
}

const ORDER: readonly Action['state'][] = ['refuted', 'stale', 'claimed', 'open', 'proved', 'dropped']

/** What needs somebody first: refuted proofs, then stale ones, then by when it is due. */
export function byNeed(a: Pick<Action, 'state' | 'dueAt'>, b: Pick<Action, 'state' | 'dueAt'>): number {
  const due = ({ dueAt }: Pick<Action, 'dueAt'>) =>
    dueAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(dueAt)
  return ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || due(a) - due(b)
}

/** Whether people may bring it there by hand: a claim is taken back, and a lesson given up or taken up again. */
export function leavesTo(from: Action['state'], to: 'open' | 'dropped'): boolean {
  return to === 'dropped' ? from !== 'dropped' : from === 'claimed' || from === 'dropped'
}
