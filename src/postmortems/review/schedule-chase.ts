import { cancelTimer, setTimer } from '../../engine/timers.ts'
import type { Tx, World } from '../../engine/world.ts'
import { nextReminder } from '../due-dates.rules.ts'
import type { Postmortem } from '../postmortem.ts'
import { readPostmortemSettings } from '../postmortems.rows.ts'

export const CHASE = 'postmortems.chase'

export const chaseKey = (postmortemId: string) => `${CHASE}:${postmortemId}`

/** Sets when people are reminded next, or takes it back where nobody waits any more. */
export async function scheduleChase(
  tx: Tx,
  world: World,
  postmortem: Pick<Postmortem, 'id' | 'state' | 'draftDueAt' | 'dueAt'>,
): Promise<void> {
  if (world.drill !== null) return
  const { review } = await readPostmortemSettings(tx.db)
  const dueAt = nextReminder(postmortem, tx.now, review)
  const key = chaseKey(postmortem.id)
  if (dueAt === null) await cancelTimer(tx, key)
  else await setTimer(tx, { key, kind: CHASE, dueAt, payload: { postmortemId: postmortem.id } })
}
