import type { DocumentedAction } from '../../contract/postmortem-document.ts'
import { iso } from '../../kit/clock.ts'
import type { Reader } from '../../store/store.ts'
import { followUpsOf } from '../actions/follow-up.ts'

/** What is done so that an action gets done, as an export tells it. */
export type ToldFollowUp = Pick<DocumentedAction, 'ownerWritten' | 'counterpart' | 'promises' | 'issue'>

// Below the limit of bound parameters.
const AT_ONCE = 500

/** Owners as they were written, counterparts with their promises, and issues in trackers, by action. */
export async function tellFollowUp(
  db: Reader,
  actions: readonly { id: string; owner: string | null }[],
): Promise<Map<string, ToldFollowUp>> {
  const told = new Map<string, ToldFollowUp>()
  for (let i = 0; i < actions.length; i += AT_ONCE)
    for (const [id, of] of await followUpsOf(db, actions.slice(i, i + AT_ONCE))) {
      const { issue } = of
      told.set(id, {
        ownerWritten: of.writtenOwner,
        counterpart: of.counterpart,
        promises: of.promises.map(({ counterpart, promisedAt, note, actor, actorName, at }) => ({
          counterpart,
          promisedAt: iso(promisedAt),
          note,
          by: { id: actor, name: actorName },
          at: iso(at),
        })),
        issue: issue && {
          tracker: issue.tracker,
          project: issue.project,
          number: issue.number,
          url: issue.url,
          state: issue.state,
        },
      })
    }
  return told
}
