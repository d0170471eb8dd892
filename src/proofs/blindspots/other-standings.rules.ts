import type { Millis } from '../../kit/clock.ts'
import type { CutDrill } from './cut-drills.ts'
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
  monitors: readonly { id: string; places?: { names: string[] } | null }[],
  drills: readonly Pick<CutDrill, 'drillId' | 'at' | 'outsideSeen'>[] = [],
): OtherStanding {
  const outside = monitors.filter(({ places }) => places?.names.some((name) => name !== 'here'))
  if (outside.length === 0)
    return { state: 'unseen', reason: 'Every monitor looks from here only.', at: null }
  const names = [...new Set(outside.flatMap(({ places }) => places!.names))].filter((name) => name !== 'here')
  const played = drills
    .filter(({ at }) => at !== null)
    .toSorted((a, b) => b.at! - a.at!)
    .flatMap(({ drillId, at, outsideSeen }) =>
      outside.flatMap(({ id }) =>
        outsideSeen.has(id) ? [{ id, drillId, at: at!, seen: outsideSeen.get(id)! }] : [],
      ),
    )
  // What each monitor showed last; one that sees it is enough.
  const newest = outside.flatMap(({ id }) => played.find((one) => one.id === id) ?? [])
  const seen = newest.find((one) => one.seen)
  if (seen)
    return {
      state: 'proved',
      reason: `${seen.id} turned bad when the drill ${seen.drillId} broke it for everybody outside.`,
      at: seen.at,
    }
  if (newest[0])
    return {
      state: 'unseen',
      reason: `It passed ${newest.map(({ id }) => id).join(', ')} unseen when last played.`,
      at: null,
    }
  const look = outside.length === 1 ? 'looks' : 'look'
  return {
    state: 'unproven',
    reason: `${outside.map(({ id }) => id).join(', ')} ${look} from ${names.join(', ')} too; no drill has shown that it would be seen.`,
    at: null,
  }
}
