import { z } from 'zod'
import { findPerson } from '../catalog/index.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { overrideCreated } from './facts.ts'
import { findSchedule, insertOverride } from './schedule.rows.ts'
import type { Override } from './schedule.ts'

const Input = z.strictObject({
  scheduleId: z.string().min(1),
  personId: z.string().min(1),
  from: z.number().int(),
  until: z.number().int(),
  reason: z.string().trim().max(2_000).default(''),
})
export type CreateOverrideInput = z.input<typeof Input>

/** Somebody stands in on a schedule for a while: takes a shift, or hands one over. */
export async function createOverride(
  world: World,
  actor: Actor,
  input: CreateOverrideInput,
): Promise<Override> {
  authorize(actor, 'responder')
  const { scheduleId, personId, from, until, reason } = parseInput(Input, input)
  return world.transact(async (tx) => {
    if (!(await findSchedule(tx.db, scheduleId))) throw notFound('schedule', scheduleId)
    const person = await findPerson(tx.db, personId)
    if (!person) throw notFound('person', personId)
    if (person.disabledAt !== null)
      throw wrong('personId', 'is disabled and cannot be on call', 'name somebody else')
    // The API, where people meet these words, calls the end `to`.
    if (until <= from) throw wrong('to', 'is not after the beginning', 'choose a later end')
    if (until <= tx.now) throw wrong('to', 'is in the past', 'choose a later end')
    const override: Override = {
      id: newId(tx.now),
      scheduleId,
      personId,
      from,
      until,
      reason,
      createdAt: tx.now,
      createdBy: actor.id,
      createdName: actor.name,
    }
    await insertOverride(tx, override)
    await overrideCreated.append(tx, world, {
      subject: scheduleId,
      actor,
      data: { overrideId: override.id, scheduleId, personId, from, until, reason },
    })
    return override
  })
}

function wrong(path: string, message: string, remedy: string): TocsinError {
  return new TocsinError('invalid-input', 'The override is not valid.', [{ path, message, remedy }])
}
