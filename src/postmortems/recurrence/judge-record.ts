import { z } from 'zod'
import { findService } from '../../catalog/index.ts'
import { DETECTED_BY_IDS, FACTOR_IDS, TRIGGER_IDS } from '../../contract/learning.ts'
import { id } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { recordJudged } from './facts.ts'
import { CLASS_PATTERNS } from './patterns.rules.ts'
import type { LearningRecord } from './record.ts'
import { findRecord, markDue, putJudgement } from './records.rows.ts'
import { readDueRecords } from './refresh-records.ts'

const judgeRecordInput = z.strictObject({
  /** Of the incident or the post-mortem. */
  id,
  classes: z.array(z.string()).max(8).optional(),
  trigger: z.enum(TRIGGER_IDS).nullable().optional(),
  factors: z.array(z.enum(FACTOR_IDS)).optional(),
  services: z.array(z.string()).max(50).optional(),
  detectedBy: z.enum(DETECTED_BY_IDS).nullable().optional(),
  reportedAt: z.number().int().positive().nullable().optional(),
})
export type JudgeRecordInput = z.input<typeof judgeRecordInput>

/** Says what an incident was about, over what was read from its text; what is left out is read from the text again. */
export async function judgeRecord(
  world: World,
  actor: Actor,
  input: JudgeRecordInput,
): Promise<LearningRecord> {
  authorize(actor, 'responder')
  const { id: given, ...judgement } = parseInput(judgeRecordInput, input)
  await readDueRecords(world)
  const recordId = await world.transact(async (tx) => {
    const record = await findRecord(tx.db, given)
    if (!record) throw notFound('incident or post-mortem', given)
    refuse(
      'classes',
      'failure class',
      (judgement.classes ?? []).filter((one) => !(one in CLASS_PATTERNS)),
    )
    if (judgement.services && record.incidentId)
      throw new TocsinError('invalid-input', 'services: an incident has its services itself.', [
        { path: 'services', message: 'belong to the incident', remedy: 'Change them on the incident.' },
      ])
    const strangers = []
    for (const service of judgement.services ?? [])
      if ((await findService(tx.db, service))?.removedAt !== null) strangers.push(service)
    refuse('services', 'service', strangers)
    if (judgement.reportedAt != null && judgement.reportedAt > tx.now)
      throw new TocsinError('invalid-input', 'reportedAt: the time lies in the future.', [
        { path: 'reportedAt', message: 'lies in the future', remedy: 'Give a time that has passed.' },
      ])
    await putJudgement(tx, record.id, judgement, actor)
    await markDue(tx, record.id)
    await recordJudged.append(tx, world, { subject: record.id, actor, data: { recordId: record.id } })
    return record.id
  })
  await readDueRecords(world)
  return (await findRecord(world.store.read, recordId))!
}

function refuse(path: string, what: string, strangers: readonly string[]): void {
  if (strangers.length === 0) return
  const problems = strangers.map((one) => ({ path, message: `There is no ${what} "${one}".` }))
  throw new TocsinError('invalid-input', problems[0]!.message, problems)
}

/** The record of an incident or a post-mortem; throws `not-found`. */
export async function readRecord(world: World, actor: Actor, given: string): Promise<LearningRecord> {
  authorize(actor, 'viewer')
  await readDueRecords(world)
  const record = await findRecord(world.store.read, given)
  if (!record) throw notFound('incident or post-mortem', given)
  return record
}
