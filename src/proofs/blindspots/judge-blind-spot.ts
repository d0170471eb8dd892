import { findService } from '../../catalog/index.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { classJudged } from '../facts.ts'
import { FAILURE_CLASS_IDS, findFailureClass } from '../failure-class.ts'
import { insertJudgement, listJudgements } from './not-applicable.rows.ts'

export interface JudgeBlindSpotInput {
  serviceId: string
  failureClass: string
  /** False: it cannot happen here. True: it can after all. */
  applies: boolean
  reason: string
}

/** A person says, with a reason, that a failure class cannot strike a service; or takes it back. Nothing is erased. */
export async function judgeBlindSpot(world: World, actor: Actor, input: JudgeBlindSpotInput): Promise<void> {
  authorize(actor, 'responder')
  const { serviceId, failureClass, applies } = input
  const reason = input.reason.trim()
  if (!findFailureClass(failureClass))
    throw new TocsinError('invalid-input', `There is no failure class "${failureClass}".`, [
      { path: 'failureClass', message: 'is none', remedy: `Use one of ${FAILURE_CLASS_IDS.join(', ')}.` },
    ])
  if (reason.length < 3)
    throw new TocsinError('invalid-input', 'Say why.', [{ path: 'reason', message: 'is needed' }])
  await world.transact(async (tx) => {
    const service = await findService(tx.db, serviceId)
    if (!service || service.removedAt !== null) throw notFound('service', serviceId)
    const [last] = await listJudgements(tx.db, { serviceId, failureClass })
    if (applies && (last?.applies ?? true))
      throw wrongState(`Nobody has said that ${failureClass} cannot strike ${service.name}.`)
    await insertJudgement(tx, actor, { serviceId, failureClass, applies, reason })
    await classJudged.append(tx, world, {
      subject: serviceId,
      actor,
      data: { serviceId, failureClass, applies, reason },
    })
  })
}
