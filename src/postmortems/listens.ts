import { type Listener, on } from '../engine/room.ts'
import { systemActor } from '../engine/world.ts'
import { findIncident, incidentStateChanged } from '../incidents/index.ts'
import { draftPostmortemIn } from './draft-postmortem.ts'
import { postmortemOfIncident, readPostmortemSettings } from './postmortems.rows.ts'

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
      await draftPostmortemIn(
        tx,
        world,
        systemActor('postmortems'),
        { incidentId: incident.id },
        'drafted-from-incident',
      )
    }),
  ],
}
