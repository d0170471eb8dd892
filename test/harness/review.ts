import type { Actor, World } from '../../src/engine/world.ts'
import {
  askReviewers,
  changePostmortemState,
  findPostmortem,
  giveVerdict,
} from '../../src/postmortems/index.ts'

/** A post-mortem passes its review: its author sends it there, and somebody else takes it on and approves it. */
export async function passReview(
  world: World,
  author: Actor,
  reviewer: Actor,
  postmortemId: string,
): Promise<void> {
  await changePostmortemState(world, author, { postmortemId, to: 'in review' })
  await askReviewers(world, reviewer, { postmortemId, personIds: [reviewer.personId!] })
  const { version } = (await findPostmortem(world.store.read, postmortemId))!
  await giveVerdict(world, reviewer, { postmortemId, version, verdict: 'approved' })
  await changePostmortemState(world, author, { postmortemId, to: 'reviewed' })
}
