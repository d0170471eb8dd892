import { listPeople } from '../../catalog/index.ts'
import type { Reader } from '../../store/store.ts'
import { type ActionIssue, issuesOf } from '../trackers/issues.rows.ts'
import { type ActionPromise, type Counterpart, counterpartsOf, promisesOf } from './counterparts.rows.ts'
import { matchOwner } from './match-owner.rules.ts'
import { writtenOwnersOf } from './written-owners.rows.ts'

/** What is known about getting an action done. */
export interface FollowUp {
  /** Who the document named, in its own words; null where it named nobody. */
  writtenOwner: string | null
  /** The one person of today's catalogue that the document may mean; null where it is nobody or several. */
  meant: string | null
  counterpart: Counterpart | null
  /** The oldest first. */
  promises: ActionPromise[]
  issue: ActionIssue | null
}

/** The follow-up of these actions, by action. */
export async function followUpsOf(
  db: Reader,
  actions: readonly { id: string; owner: string | null }[],
): Promise<Map<string, FollowUp>> {
  const ids = actions.map(({ id }) => id)
  const written = await writtenOwnersOf(db, ids)
  const counterparts = await counterpartsOf(db, ids)
  const promises = await promisesOf(db, ids)
  const issues = await issuesOf(db, ids)
  const asks = actions.some(({ id, owner }) => owner === null && written.has(id))
  const people = asks ? await listPeople(db) : []
  return new Map(
    actions.map(({ id, owner }) => {
      const words = written.get(id) ?? null
      const match = words !== null && owner === null ? matchOwner(words, people) : null
      return [
        id,
        {
          writtenOwner: words,
          meant: match?.outcome === 'matched' ? match.personId : null,
          counterpart: counterparts.get(id) ?? null,
          promises: promises.get(id) ?? [],
          issue: issues.get(id) ?? null,
        },
      ]
    }),
  )
}
