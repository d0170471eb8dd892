/** An action in a story, of a post-mortem of its own. */
import { openIncident } from '../../src/incidents/index.ts'
import {
  type Action,
  addAction,
  claimAction,
  draftPostmortem,
  findAction,
} from '../../src/postmortems/index.ts'
import type { Story } from './story.ts'

/** An action that Ana claims; a drill decides it where one is named. */
export async function claimed(s: Story, drillId: string | null = null): Promise<Action> {
  const { world } = s.tocsin()
  const incident = await openIncident(world, s.as('ana'), { title: 'The disk was full', severity: 'SEV3' })
  const { id: postmortemId } = await draftPostmortem(world, s.as('ana'), { incidentId: incident.id })
  const { id } = await addAction(world, s.as('ana'), {
    postmortemId,
    title: 'Label the racks',
    type: 'process',
    criterion: 'Every rack has a label that can be read from the aisle.',
    owner: 'bo',
    drillId,
  })
  await claimAction(world, s.as('ana'), { actionId: id })
  await s.settle()
  return (await findAction(s.store.read, id))!
}

/** The state of an action as it is stored. */
export const stateOf = async (s: Story, id: string) => (await findAction(s.store.read, id))!.state
