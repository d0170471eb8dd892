import { z } from 'zod'
import { verdict } from './monitors.ts'
import { byId, id, instant, page, pageQuery, route } from './route.ts'

const room = 'monitors'

export const poolMember = z.object({
  member: z.string(),
  address: z.string(),
  /** Whether it takes users, as load balancers that ask are told. */
  state: z.enum(['in', 'drained']),
  /** Why it is in this state. */
  cause: z.string(),
  since: instant,
  /** Why it is not drained although it is bad long enough; null where it is not held back. */
  held: z.string().nullable(),
  badInARow: z.number(),
  goodInARow: z.number(),
  /** What the newest check saw of it. */
  verdict,
  reason: z.string(),
  summary: z.string(),
})
export type PoolMember = z.infer<typeof poolMember>

export const pool = z.object({
  /** The monitor's. */
  id,
  /** How many members take users, and how many are kept from them by Tocsin. */
  inPool: z.number(),
  drained: z.number(),
  members: z.array(poolMember),
})
export type Pool = z.infer<typeof pool>

export const listPools = route({
  id: 'listPools',
  method: 'GET',
  path: '/api/v1/pools',
  summary: 'Pools, and who of them takes users',
  room,
  access: 'viewer',
  query: pageQuery,
  answer: page(pool),
})
export const readPool = route({
  id: 'readPool',
  method: 'GET',
  path: '/api/v1/pools/:id',
  summary: 'One pool',
  room,
  access: 'viewer',
  params: byId,
  answer: pool,
})
