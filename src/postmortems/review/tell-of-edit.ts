import type { Actor, Tx, World } from '../../engine/world.ts'
import type { Postmortem } from '../postmortem.ts'
import { readStanding } from './read-standing.ts'
import { newestVerdicts, standingOf } from './review.rules.ts'
import { tellIn } from './tell.ts'

/**
 * Tells whoever spoke of an earlier text that it is another one now: an approval counts no more, and what was asked for
 * may be there. Once for each time that they spoke, however often it is edited.
 */
export async function tellOfEditIn(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortem: Postmortem,
): Promise<void> {
  if (postmortem.state !== 'in review') return
  const standing = await readStanding(tx.db, postmortem)
  for (const verdict of newestVerdicts(standing.verdicts).values()) {
    if (verdict.personId === actor.personId || standingOf(verdict, standing) !== 'text-changed') continue
    await tellIn(tx, world, {
      postmortemId: postmortem.id,
      personId: verdict.personId,
      about: { kind: 'text-changed', version: verdict.version, by: actor.name, verdict: verdict.verdict },
      key: `text-changed:${verdict.id}`,
    })
  }
}
