import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, wrongState } from '../kit/errors.ts'
import { type DrillRun, findRun } from './drill.rows.ts'
import { drillAnswered } from './facts.ts'

/** The one whom a drill has paged says that the message came. */
export async function answerDrill(world: World, actor: Actor, runId: string): Promise<DrillRun> {
  authorize(actor, 'responder')
  const { personId, name } = actor
  if (personId === null) throw wrongState('A person answers, not a token: sign in.')
  await world.transact(async (tx) => {
    const run = await findRun(tx.db, runId)
    if (!run) throw notFound('run', runId)
    if (run.state !== 'running') throw wrongState('The drill does not wait for an answer any more.')
    await drillAnswered.append(tx, world, { subject: runId, actor, data: { personId, name } })
  })
  return (await findRun(world.store.read, runId))!
}
