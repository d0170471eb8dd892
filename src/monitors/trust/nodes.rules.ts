import { z } from 'zod'
import type { CertificateFacts, Observation, Verdict } from '../observation.ts'

/** Settings of kinds that can look at each address of a name. */
export const nodeFields = {
  everyAddress: z
    .union([z.boolean(), z.array(z.string().trim().min(1).max(255)).min(1).max(64)])
    .default(false)
    .meta({
      title: 'Every address',
      description:
        'Looks at each address of the name, or at each of the addresses listed, instead of the first that answers.',
    }),
  ownCertificates: z.boolean().default(false).meta({
    title: 'Own certificates',
    description: 'Each address has a certificate of its own, so that a difference between them is no fault.',
  }),
}

/** Of several nodes that serve different certificates. */
export const NODE_REASONS = ['certificate.nodes-differ'] as const

/** What was seen at one address. */
export interface NodeObservation {
  address: string
  observation: Observation
}

const BADNESS: Record<Verdict, number> = { up: 0, unknown: 1, degraded: 2, down: 3 }
const MOST_NAMED = 3

/** One observation out of those of all addresses: the worst of them speaks, and a difference is said. */
export function joinNodes(nodes: NodeObservation[], ownCertificates: boolean, tookMs: number): Observation {
  const byBadness = nodes.toSorted((a, b) => BADNESS[b.observation.verdict] - BADNESS[a.observation.verdict])
  const { address, observation: worst } = byBadness[0]!
  const bad = nodes.filter(({ observation }) => observation.verdict !== 'up').length
  const served = nodes.flatMap(({ address: at, observation }) =>
    observation.certificate ? [{ address: at, certificate: observation.certificate }] : [],
  )
  const difference = ownCertificates ? null : differenceOf(served)
  const memories = nodes.flatMap(({ observation }) =>
    observation.memory === undefined ? [] : [observation.memory],
  )
  const common = {
    tookMs,
    values: { ...worst.values, addresses: nodes.length, badAddresses: bad },
    ...(worst.certificate && { certificate: worst.certificate }),
    served,
    details: {
      ...(worst.details as object | undefined),
      nodes: nodes.map(({ address: at, observation: { verdict, reason, certificate } }) => ({
        address: at,
        verdict,
        reason,
        fingerprint: certificate?.fingerprint ?? null,
        notAfter: certificate?.notAfter ?? null,
      })),
    },
    ...(memories.length > 0 && { memory: mergeMemories(memories) }),
  }
  const { verdict, reason } = worst
  if (difference && verdict !== 'down')
    return { ...common, verdict: 'degraded', reason: 'certificate.nodes-differ', summary: difference }
  if (verdict === 'up') {
    const all = nodes.length === 1 ? address : `all ${nodes.length} addresses`
    return { ...common, verdict, reason, summary: `${all}: ${worst.summary}` }
  }
  const share = nodes.length === 1 ? '' : `${bad} of ${nodes.length} addresses: `
  const summary = `${share}${address}: ${worst.summary}${difference ? `; ${difference}` : ''}`
  return { ...common, verdict, reason, summary }
}

/** Which addresses serve an older certificate than the others; null where all serve the same. */
function differenceOf(served: { address: string; certificate: CertificateFacts }[]): string | null {
  const newest = served.reduce<CertificateFacts | null>(
    (best, { certificate }) => (best && best.notBefore >= certificate.notBefore ? best : certificate),
    null,
  )
  const others = served.filter(({ certificate }) => certificate.fingerprint !== newest?.fingerprint)
  if (!newest || others.length === 0) return null
  const named = others
    .slice(0, MOST_NAMED)
    .map(({ address, certificate }) => `${address} (ends ${certificate.notAfter.slice(0, 10)})`)
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : ''
  const older = others.some(({ certificate }) => certificate.notBefore < newest.notBefore)
  return (
    `${others.length} of ${served.length} addresses ${others.length === 1 ? 'serves' : 'serve'} ` +
    `${older ? 'an older' : 'another'} certificate than the rest (ends ${newest.notAfter.slice(0, 10)}): ` +
    `${named.join(', ')}${more}`
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records are joined member by member; of anything else the last counts. */
function mergeMemories(memories: unknown[]): unknown {
  if (!memories.every(isRecord)) return memories.at(-1)
  const merged: Record<string, unknown> = {}
  for (const memory of memories)
    for (const [key, value] of Object.entries(memory)) {
      const known = merged[key]
      merged[key] = isRecord(known) && isRecord(value) ? Object.assign({}, known, value) : value
    }
  return merged
}
