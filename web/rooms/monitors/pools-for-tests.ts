import type { Pool } from '../../../src/contract/pools.ts'

export const BAD = { verdict: 'down', reason: 'certificate.name-mismatch' } as const

export const member = (
  name: string,
  more: Partial<Pool['members'][number]> = {},
): Pool['members'][number] => ({
  member: name,
  address: `${name}:443`,
  state: 'in',
  cause: 'member-from-the-start',
  since: '2026-04-30T12:00:00.000Z',
  held: null,
  badInARow: 0,
  goodInARow: 5,
  verdict: 'up',
  reason: 'ok',
  summary: 'fine',
  ...more,
})
export const poolOf = (...members: Pool['members']): Pool => ({
  id: 'pool',
  inPool: members.filter(({ state }) => state === 'in').length,
  drained: members.filter(({ state }) => state === 'drained').length,
  members,
})
