import type { FastifyInstance, FastifyReply } from 'fastify'
import { lastSeq } from '../engine/facts.ts'
import { reasonOf } from '../kit/errors.ts'
import type { HttpOptions } from './context.ts'
import { type HealthProblem, judgeHealth, judgeReadiness } from './health.rules.ts'

const STORE_PATIENCE = 5_000

/** `/healthz`: this process works. `/readyz`: it can take over. Both say why not. */
export function serveHealth(app: FastifyInstance, options: HttpOptions): void {
  const { world } = options
  for (const [url, judge] of [
    ['/healthz', judgeHealth],
    ['/readyz', judgeReadiness],
  ] as const)
    app.get(url, async (_request, reply) =>
      answer(reply, judge(options.engineStatus(), await askStore(options), world.clock.now())),
    )
}

async function askStore({ world }: HttpOptions): Promise<{ answers: boolean; detail: string }> {
  let cancel = () => {}
  const patience = new Promise<never>((_, reject) => {
    cancel = world.clock.after(STORE_PATIENCE, () =>
      reject(new Error(`it did not answer within ${STORE_PATIENCE / 1_000} s`)),
    )
  })
  try {
    await Promise.race([lastSeq(world.store.read), patience])
    return { answers: true, detail: '' }
  } catch (error) {
    world.log.error({ error: reasonOf(error) }, 'the store does not answer')
    return { answers: false, detail: 'the database does not answer; the log says why' }
  } finally {
    cancel()
  }
}

function answer(reply: FastifyReply, problems: HealthProblem[]): FastifyReply {
  return reply
    .code(problems.length === 0 ? 200 : 503)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ status: problems.length === 0 ? 'ok' : 'failing', problems }))
}
