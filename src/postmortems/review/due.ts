import { findService, findTeam } from '../../catalog/index.ts'
import { findTimer, type TimerHandler } from '../../engine/timers.ts'
import { systemActor, type Tx, type World } from '../../engine/world.ts'
import { findIncident } from '../../incidents/index.ts'
import type { Reader } from '../../store/store.ts'
import { decideReminder } from '../due-dates.rules.ts'
import { postmortemReminded } from '../facts.ts'
import type { Postmortem } from '../postmortem.ts'
import { awaitedPostmortemIds, findPostmortem } from '../postmortems.rows.ts'
import { readStanding } from './read-standing.ts'
import { type Candidates, whoIsReminded } from './recipients.rules.ts'
import { newestVerdicts, standingOf } from './review.rules.ts'
import { chaseKey, scheduleChase } from './schedule-chase.ts'
import { tellIn } from './tell.ts'

/** Reminds whoever can do something, and sets when to look again. */
export const chase: TimerHandler = async (tx, world, timer) => {
  const { postmortemId } = timer.payload as { postmortemId: string }
  const postmortem = await findPostmortem(tx.db, postmortemId)
  if (!postmortem || world.drill !== null) return
  const reminder = decideReminder(postmortem, tx.now)
  if (reminder.what === 'none') return
  const { people, reviewers } = whoIsReminded(reminder.what, await candidates(tx.db, postmortem))
  for (const personId of people)
    await tellIn(tx, world, {
      postmortemId,
      personId,
      about: { kind: 'reminder', reminder, reviewer: reviewers },
      key: `reminder:${postmortemId}:${reminder.what}:${timer.dueAt}`,
    })
  await postmortemReminded.append(tx, world, {
    subject: postmortemId,
    actor: systemActor('postmortems'),
    data: {
      postmortemId,
      what: reminder.what,
      reason: reminder.reason,
      lateMs: reminder.lateMs,
      personIds: people,
    },
  })
  await scheduleChase(tx, world, postmortem)
}

async function candidates(db: Reader, postmortem: Postmortem): Promise<Candidates> {
  const standing = await readStanding(db, postmortem)
  const incident = postmortem.incidentId ? await findIncident(db, postmortem.incidentId) : null
  const owners: string[] = []
  for (const serviceId of incident?.serviceIds ?? []) {
    const owner = (await findService(db, serviceId))?.owner
    const team = owner ? await findTeam(db, owner) : null
    if (team && team.removedAt === null) owners.push(...team.members)
  }
  const verdicts = [...newestVerdicts(standing.verdicts).values()]
  return {
    authors: standing.authors,
    roleHolders: incident?.roles.map(({ personId }) => personId) ?? [],
    owners,
    reviewers: standing.reviewers.filter(({ state }) => state === 'asked').map((one) => one.personId),
    approved: verdicts
      .filter((one) => one.verdict === 'approved' && standingOf(one, standing) === 'counts')
      .map((one) => one.personId),
    // Who asked for changes waits for another text.
    against: verdicts
      .filter((one) => one.verdict === 'changes-asked' && standing.sameText.has(one.version))
      .map((one) => one.personId),
  }
}

/** Sets reminders for those that were drafted before there were any. */
export async function chaseAwaited(tx: Tx, world: World): Promise<void> {
  if (world.drill !== null) return
  for (const id of await awaitedPostmortemIds(tx.db)) {
    if (await findTimer(tx.db, chaseKey(id))) continue
    const postmortem = await findPostmortem(tx.db, id)
    if (postmortem) await scheduleChase(tx, world, postmortem)
  }
}
