import type { Action } from '../../../src/contract/postmortems.ts'
import { State } from '../state.tsx'

/** The state of an action; one that rests on something weaker than a drill says on what. */
export function ActionState({ of, large }: { of: Pick<Action, 'state' | 'provedBy'>; large?: boolean }) {
  const { state, provedBy } = of
  if (state === 'proved' && provedBy && provedBy.kind !== 'drill')
    return <State is={provedBy.kind} room="proved" large={large} />
  return <State is={state} room="action" large={large} />
}
