import type { Millis } from '../../kit/clock.ts'
import type { Exposed } from './exposure.rules.ts'
import type { OtherStanding } from './judge-cell.rules.ts'

/** How a drill that asks who is paged went last. */
export interface PagingRun {
  drillId: string
  state: 'passed' | 'failed' | 'inconclusive'
  summary: string
  at: Millis
}

/** Whether an alert of the service reaches a human, as far as drills have shown it. */
export function standingOfPages({ policy, people }: Exposed, runs: readonly PagingRun[]): OtherStanding {
  if (policy === null)
    return { state: 'unseen', reason: 'There is no escalation policy: an alert would page nobody.', at: null }
  if (people.length === 0)
    return { state: 'unseen', reason: `Nobody stands in the policy ${policy}.`, at: null }
  const newest = runs.toSorted((a, b) => b.at - a.at)
  const failed = newest.find(({ state }) => state === 'failed')
  const passed = newest.find(({ state }) => state === 'passed')
  if (failed && (!passed || failed.at > passed.at))
    return { state: 'unseen', reason: `The drill ${failed.drillId} failed: ${failed.summary}`, at: null }
  if (passed)
    return { state: 'proved', reason: passed.summary || `The drill ${passed.drillId} passed.`, at: passed.at }
  return {
    state: 'unproven',
    reason: `The policy ${policy} should page somebody; no drill has shown it.`,
    at: null,
  }
}

/** Whether more than one human stands between an alert and nobody. */
export function standingOfPeople({ policy, people, monitors }: Exposed): OtherStanding {
  if (monitors.length === 0)
    return {
      state: 'not-exposed',
      reason: 'No monitor watches it, so nobody would be paged at all.',
      at: null,
    }
  if (policy === null)
    return { state: 'not-exposed', reason: 'There is no escalation policy: see who is paged.', at: null }
  if (people.length > 1)
    return {
      state: 'not-exposed',
      reason: `${people.length} people stand in the policy ${policy}: ${people.slice(0, 3).join(', ')}${people.length > 3 ? ' …' : ''}.`,
      at: null,
    }
  return {
    state: 'unseen',
    reason:
      people.length === 0
        ? `Nobody stands in the policy ${policy}.`
        : `Only ${people[0]} would ever be paged.`,
    at: null,
  }
}

/** Whether anything looks at a public service from elsewhere. */
export function standingOfPlaces(
  _service: Exposed,
  monitors: readonly { id: string; places?: { names: string[] } | null }[],
): OtherStanding {
  const outside = monitors.filter(({ places }) => places?.names.some((name) => name !== 'here'))
  if (outside.length === 0)
    return { state: 'unseen', reason: 'Every monitor looks from here only.', at: null }
  const names = [...new Set(outside.flatMap(({ places }) => places!.names))].filter((name) => name !== 'here')
  return {
    state: 'unproven',
    reason: `${outside.map(({ id }) => id).join(', ')} looks from ${names.join(', ')} too; no drill can show it yet.`,
    at: null,
  }
}
