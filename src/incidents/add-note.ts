import { z } from 'zod'
import { id, text } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import { incidentNoted } from './facts.ts'
import type { TimelineEntry } from './incident.ts'
import { findIncident } from './incidents.rows.ts'
import { inFuture } from './open-incident.ts'
import { findEntry, insertEntry } from './timeline.rows.ts'

const addNoteInput = z.strictObject({
  incidentId: id,
  text: text.min(1),
  /** When it happened, milliseconds; now without it. */
  happenedAt: z.number().int().positive().optional(),
  /** The entry that this one corrects; it stays where it is. */
  corrects: id.optional(),
})
export type AddNoteInput = z.input<typeof addNoteInput>

/** Adds a note to the timeline; a correction is a note that names the entry it corrects. */
export async function addNote(world: World, actor: Actor, input: AddNoteInput): Promise<TimelineEntry> {
  authorize(actor, 'responder')
  const given = parseInput(addNoteInput, input)
  return world.transact(async (tx) => {
    if (!(await findIncident(tx.db, given.incidentId))) throw notFound('incident', given.incidentId)
    if (given.happenedAt !== undefined && given.happenedAt > tx.now) throw inFuture('happenedAt')
    const corrected = given.corrects ? await findEntry(tx.db, given.corrects) : null
    if (given.corrects && corrected?.incidentId !== given.incidentId) throw notFound('entry', given.corrects)
    const entry = await insertEntry(tx, {
      incidentId: given.incidentId,
      // A correction of a text stands at the time of what it corrects.
      happenedAt: given.happenedAt ?? corrected?.happenedAt ?? tx.now,
      kind: 'note',
      text: given.text,
      actor: actor.id,
      actorName: actor.name,
      corrects: given.corrects ?? null,
    })
    await incidentNoted.append(tx, world, {
      subject: given.incidentId,
      actor,
      data: { incidentId: given.incidentId, entryId: entry!.id, corrects: given.corrects ?? null },
    })
    return entry!
  })
}
