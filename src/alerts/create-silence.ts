import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import { setTimer } from '../engine/timers.ts'
import type { Actor, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { applySilences } from './apply-silences.ts'
import { silenceCreated } from './facts.ts'
import { insertSilence } from './silence.rows.ts'
import type { Silence } from './silence.ts'
import { beginKey, endKey, SILENCE_BEGINS, SILENCE_ENDS } from './silence-timers.ts'

const Input = z.strictObject({
  match: z
    .strictObject({
      monitorId: z.string().min(1).optional(),
      serviceId: z.string().min(1).optional(),
      dedupKey: z.string().min(1).optional(),
    })
    .refine((m) => Object.values(m).some((v) => v !== undefined), 'name a monitor, a service or a key'),
  from: z.number().int().optional(),
  until: z.number().int(),
  reason: z.string().trim().min(1, 'say why').max(10_000),
})
export type CreateSilenceInput = z.input<typeof Input>

/** Silences what matches until a time; alerts that are open already stop paging at once. */
export async function createSilence(world: World, actor: Actor, input: CreateSilenceInput): Promise<Silence> {
  authorize(actor, 'responder')
  const parsed = parseInput(Input, input)
  return world.transact(async (tx) => {
    const { match, until, reason } = parsed
    const from = Math.max(parsed.from ?? tx.now, tx.now)
    if (until <= from)
      throw new TocsinError('invalid-input', 'The silence would end before it begins.', [
        { path: 'until', message: 'is not after the beginning', remedy: 'choose a later end' },
      ])
    const silence: Silence = {
      id: newId(tx.now),
      match,
      from,
      until,
      reason,
      createdAt: tx.now,
      createdBy: actor.id,
      createdName: actor.name,
      endedAt: null,
      endedName: null,
    }
    await insertSilence(tx, silence)
    await silenceCreated.append(tx, world, {
      subject: silence.id,
      actor,
      data: { silenceId: silence.id, match, from, until, reason },
    })
    const payload = { silenceId: silence.id }
    await setTimer(tx, { key: endKey(silence.id), kind: SILENCE_ENDS, dueAt: until, payload })
    if (from > tx.now)
      await setTimer(tx, { key: beginKey(silence.id), kind: SILENCE_BEGINS, dueAt: from, payload })
    else await applySilences(tx, world, actor)
    return silence
  })
}
