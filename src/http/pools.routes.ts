import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/pools.ts'
import { roleIncludes } from '../engine/authorize.ts'
import { iso } from '../kit/clock.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { askMember, findMonitor, listPools, type PoolView, readPool } from '../monitors/index.ts'
import { authenticate } from './authenticate.ts'
import type { RoomRoutes } from './bind.ts'
import type { HttpOptions } from './context.ts'
import { pageOfAll } from './presenting.ts'

/** Pools as people see them. */
export const poolsRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listPools, async ({ query }) =>
    pageOfAll(await listPools(db), query, poolView, ({ monitorId }) => monitorId),
  )
  bind(contract.readPool, async ({ params }) => {
    if ((await findMonitor(db, params.id))?.kind !== 'pool') throw notFound('pool', params.id)
    return poolView(await readPool(db, params.id))
  })
}

function poolView({ monitorId, inPool, drained, members }: PoolView): contract.Pool {
  return {
    id: monitorId,
    inPool,
    drained,
    members: members.map((one) => ({
      member: one.member,
      address: one.address,
      state: one.state === 'drained' ? 'drained' : 'in',
      cause: one.cause,
      since: iso(one.since),
      held: one.held,
      badInARow: one.reds,
      goodInARow: one.greens,
      verdict: one.verdict,
      reason: one.reason,
      summary: one.summary,
    })),
  }
}

/**
 * `/pools/<pool>/<member>` for load balancers that check by HTTP: 200 where the member may take users, 503 where it
 * is drained. Names of nodes are nobody's business outside, so it takes a viewer's token.
 */
export function servePools(app: FastifyInstance, options: HttpOptions): void {
  app.get<{ Params: { pool: string; member: string } }>('/pools/:pool/:member', async (request, reply) => {
    const identity = await authenticate(options, request)
    if (!identity) throw new TocsinError('not-signed-in', 'Send a token as "Authorization: Bearer …".')
    if (!roleIncludes(identity.actor.role, 'viewer'))
      throw new TocsinError('forbidden', 'This takes the role viewer.')
    const { pool, member } = request.params
    const asked = await askMember(options.world, pool, member)
    if (!asked) throw notFound('member', `${pool}/${member}`)
    return reply
      .code(asked.member.state === 'drained' ? 503 : 200)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send(`${asked.line}\n`)
  })
}
