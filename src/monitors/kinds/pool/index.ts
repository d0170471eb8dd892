import { checkOnce } from '../../check-once.ts'
import { endpointText } from '../../net/connect.ts'
import { hasFailed } from '../../net/failure.ts'
import { resolveHost } from '../../net/resolve.ts'
import type { Observation } from '../../observation.ts'
import type { MemberSight, PoolDetails } from '../../pools/pool.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { judgePool, POOL_REASONS } from './judge-pool.rules.ts'
import { memberEndpoint, type PoolMemberSpec, type PoolSpec, poolSchema, quorumOf } from './spec.ts'

export type { PoolSpec } from './spec.ts'

// What is left of the pool's time when its members have had theirs.
const SHARE_OF_MEMBERS = 0.9
// Below what is kept of any monitor; members that remember more begin anew each time.
const MOST_REMEMBERED = 60_000

/** Pools of equal nodes; the kinds that can check a node are handed in. */
export function poolKind(kindNamed: (name: string) => MonitorKind | null): MonitorKind<PoolSpec> {
  return {
    kind: 'pool',
    title: 'Pool of nodes',
    description:
      'Checks every member of a pool at its own address with the check of another kind, asking for the name of the ' +
      'service; judges by quorum, and tells load balancers which members may take users.',
    schema: poolSchema(kindNamed),
    reasons: POOL_REASONS,
    cost: 'network',
    target: ({ check, members }) => {
      const kind = kindNamed(check.type)
      const where = kind ? kind.target(check.spec) : check.type
      return members ? `${where} on ${members.length} members` : `${where} on all addresses`
    },
    typedAs: ['pool+rdp://NAME', 'pool+tls://NAME:443', 'pool+https://NAME/PATH'],
    schemes: Object.fromEntries(TYPED.map((scheme) => [`pool+${scheme}`, typedPool(kindNamed)])),
    speaksTls: (target) => {
      const inner = innerOf(target, kindNamed)
      return inner?.kind.speaksTls?.(inner.target) ?? false
    },
    // What is expected of certificates is expected of each member's.
    typed: ({ expect, check, ...rest }) => ({
      ...rest,
      check: { ...(check as object), ...(expect !== undefined && { expect }) },
    }),
    longText: memberLines,
    check: (spec, context) => checkPool(kindNamed(spec.check.type)!, spec, context),
    cannotSee: [
      {
        failureClass: 'pool.balancer',
        why: 'It looks past the load balancer: whether users get through that is seen by a monitor of the service’s own address.',
        seenBy: ['http', 'tls', 'rdp'],
      },
      {
        failureClass: 'pool.shared-cause',
        why: 'A member that its check calls well takes users: what the chosen check is blind to, the pool is blind to.',
        seenBy: ['journey', 'metric'],
      },
    ],
  }
}

// `pool+rdp://ts.example.org`: every address of the name.
const TYPED = ['http', 'https', 'rdp', 'tcp', 'tls'] as const

function innerOf(target: string, kindNamed: (name: string) => MonitorKind | null) {
  const inner = target.replace(/^pool\+/i, '')
  const scheme = /^[a-z]+/i.exec(inner)?.[0].toLowerCase() ?? ''
  const kind = kindNamed(scheme === 'https' ? 'http' : scheme)
  return kind?.schemes?.[scheme] ? { kind, target: inner, settings: kind.schemes[scheme] } : null
}

function typedPool(kindNamed: (name: string) => MonitorKind | null) {
  return (target: string) => {
    const inner = innerOf(target, kindNamed)
    return { check: { ...inner?.settings(inner.target), type: inner?.kind.kind } }
  }
}

function memberLines({ details }: Observation): string[] {
  const words = { up: 'OK', degraded: 'WARNING', down: 'CRITICAL', unknown: 'UNKNOWN' } as const
  return ((details as PoolDetails | undefined)?.members ?? []).map(
    ({ member, verdict, reason, summary }) =>
      `MEMBER ${member} ${words[verdict]} - ${summary.replace(/\|/g, '/').replace(/\s+/g, ' ')}${verdict === 'up' ? '' : ` (${reason})`}`,
  )
}

async function checkPool(kind: MonitorKind, spec: PoolSpec, context: CheckContext): Promise<Observation> {
  const { clock, signal } = context
  const started = clock.now()
  const members = await membersNow(kind, spec, signal)
  if (hasFailed(members))
    return {
      verdict: 'unknown',
      reason: 'pool.unresolved',
      summary: `the members are not known: ${members.summary}`,
      tookMs: clock.now() - started,
      values: {},
    }
  const remembered = (context.memory ?? {}) as Record<string, unknown>
  const memories: Record<string, unknown> = {}
  const sights = await Promise.all(
    members.map(async (member): Promise<MemberSight> => {
      const endpoint = memberEndpoint(member, kind.byAddress!.endpoint(spec.check.spec))
      const pointed = kind.byAddress!.pointAt(spec.check.spec, endpoint)
      const own = spec.check.spec.timeout ?? spec.timeout
      const deadlineMs = Math.min(own, Math.ceil(spec.timeout * SHARE_OF_MEMBERS))
      const memory = remembered[member.name] ?? null
      const { verdict, reason, summary, tookMs, ...seen } = await checkOnce(kind, pointed, {
        ...context,
        clock,
        deadlineMs,
        memory,
      })
      if (seen.memory !== undefined) memories[member.name] = seen.memory
      const address = endpointText(endpoint.host, endpoint.port)
      return { member: member.name, address, verdict, reason, summary: summary.slice(0, 300), tookMs }
    }),
  )
  const needs = { ...quorumOf(spec, sights.length), size: spec.size ?? null }
  const count = (verdict: MemberSight['verdict']) =>
    sights.filter((sight) => sight.verdict === verdict).length
  const details: PoolDetails = { members: sights }
  return {
    ...judgePool(sights, needs),
    tookMs: clock.now() - started,
    values: {
      members: sights.length,
      good: count('up') + count('degraded'),
      down: count('down'),
      unknown: count('unknown'),
    },
    details,
    ...keptOf(memories),
  }
}

function keptOf(memories: Record<string, unknown>): Pick<Observation, 'memory'> {
  const size = JSON.stringify(memories).length
  return size > 2 && size <= MOST_REMEMBERED ? { memory: memories } : {}
}

/** The members as configured, or every address that the service's name has now. */
async function membersNow(kind: MonitorKind, spec: PoolSpec, signal: AbortSignal) {
  if (spec.members) return spec.members
  const { host } = kind.byAddress!.endpoint(spec.check.spec)
  const addresses = await resolveHost(host, spec.family, signal)
  if (!Array.isArray(addresses)) return addresses
  return addresses
    .map((address): PoolMemberSpec => ({ name: address, host: address, port: null }))
    .sort(byName)
}

const byName = (one: PoolMemberSpec, other: PoolMemberSpec) => (one.name < other.name ? -1 : 1)
