import { type Listener, on } from '../../engine/room.ts'
import type { Tx, World } from '../../engine/world.ts'
import {
  incidentChanged,
  incidentNoted,
  incidentOpened,
  incidentSeverityChanged,
  incidentStateChanged,
} from '../../incidents/index.ts'
import { postmortemDrafted, postmortemEdited } from '../facts.ts'
import { readDueRecordsIn } from './refresh-records.ts'

// The database keeps the list of what is due; a fact is only the moment at which to look at it, so that those who ask
// find it done. A replica learns nothing.
const look = async (tx: Tx, world: World, { drill }: { drill: boolean }) => {
  if (!drill && world.drill === null) await readDueRecordsIn(tx, world)
}

/** Reads what changed, while nobody waits for it. */
export const learningListener: Listener = {
  name: 'postmortems-learning',
  hears: [
    on(incidentOpened, look),
    on(incidentChanged, look),
    on(incidentNoted, look),
    on(incidentSeverityChanged, look),
    on(incidentStateChanged, look),
    on(postmortemDrafted, look),
    on(postmortemEdited, look),
  ],
}
