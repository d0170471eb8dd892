import { type HeardFact, type Listener, on } from '../engine/room.ts'
import { systemActor, type Tx, type World } from '../engine/world.ts'
import { findIncident, incidentSeverityChanged, incidentStateChanged } from '../incidents/index.ts'
import { draftPostmortemIn } from './draft-postmortem.ts'
import { dueDates } from './due-dates.rules.ts'
import {
  actionDropped,
  actionProved,
  actionRefuted,
  actionReopened,
  actionStale,
  actionTakenBack,
  postmortemDrafted,
  postmortemEdited,
} from './facts.ts'
import { followActionIn } from './items/act-on-item.ts'
import { syncItemsIn } from './items/sync-items.ts'
import {
  findPostmortem,
  postmortemOfIncident,
  readPostmortemSettings,
  updateDue,
} from './postmortems.rows.ts'
import { scheduleChase } from './review/schedule-chase.ts'

const actor = systemActor('postmortems')

async function readItemsOf(tx: Tx, postmortemId: string): Promise<void> {
  const postmortem = await findPostmortem(tx.db, postmortemId)
  if (postmortem) await syncItemsIn(tx, postmortem)
}

/** Worse than it was thought to be, or not as bad: sooner, or later. */
async function moveDue(tx: Tx, world: World, incidentId: string): Promise<void> {
  const incident = await findIncident(tx.db, incidentId)
  const postmortem = await postmortemOfIncident(tx.db, incidentId)
  if (!incident || !postmortem || postmortem.dueAt === null) return
  if (postmortem.state !== 'draft' && postmortem.state !== 'in review') return
  const settings = await readPostmortemSettings(tx.db)
  const due = dueDates(settings, incident.severity, incident.resolvedAt ?? postmortem.createdAt)
  await updateDue(tx, postmortem.id, due)
  await scheduleChase(tx, world, { ...postmortem, ...due })
}

const followed = [actionProved, actionRefuted, actionReopened, actionStale, actionDropped, actionTakenBack]

/** What postmortems/ hears: an incident that is resolved gets its draft while memories are fresh. */
export const postmortemsListener: Listener = {
  name: 'postmortems',
  hears: [
    on(incidentStateChanged, async (tx, world, { data, drill }) => {
      if (drill || data.to !== 'resolved') return
      const incident = await findIncident(tx.db, data.incidentId)
      const { draftFor } = await readPostmortemSettings(tx.db)
      if (!incident || !draftFor.includes(incident.severity)) return
      // Resolved a second time after a re-opening: the text that people have begun stays theirs.
      if (await postmortemOfIncident(tx.db, incident.id)) return
      await draftPostmortemIn(tx, world, actor, { incidentId: incident.id }, 'drafted-from-incident')
    }),
    on(incidentSeverityChanged, (tx, world, { data }) => moveDue(tx, world, data.incidentId)),
    on(postmortemDrafted, (tx, _world, { data }) => readItemsOf(tx, data.postmortemId)),
    on(postmortemEdited, (tx, _world, { data }) => readItemsOf(tx, data.postmortemId)),
    ...followed.map(
      (fact): HeardFact =>
        on<{ actionId: string }>(fact, async (tx, world, { data, drill }) => {
          if (!drill) await followActionIn(tx, world, actor, data.actionId)
        }),
    ),
  ],
}
