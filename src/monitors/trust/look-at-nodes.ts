import type { CheckContext } from '../kinds/kind.ts'
import { type Family, resolveHost } from '../net/resolve.ts'
import type { Observation } from '../observation.ts'
import { joinNodes } from './nodes.rules.ts'

/** Where to look, and whether once or at each address. */
export interface NodesToLookAt {
  host: string
  family: Family
  everyAddress: boolean | string[]
  ownCertificates: boolean
}

// A name with more addresses is a cloud's, and they are not for one check.
const MOST_ADDRESSES = 64

/** Looks at the host, or at each of its addresses at the same time, and makes one observation of what was seen. */
export async function lookAtNodes(
  { host, family, everyAddress, ownCertificates }: NodesToLookAt,
  context: CheckContext,
  look: (host: string) => Promise<Observation>,
): Promise<Observation> {
  // A monitor that was stored before there was a choice says nothing.
  if (!everyAddress) return look(host)
  const { clock, signal } = context
  const started = clock.now()
  const addresses = everyAddress === true ? await resolveHost(host, family, signal) : everyAddress
  if (!Array.isArray(addresses)) {
    const { failed, summary } = addresses
    return { verdict: 'down', reason: failed, summary, tookMs: clock.now() - started, values: {} }
  }
  const nodes = await Promise.all(
    [...new Set(addresses)]
      .slice(0, MOST_ADDRESSES)
      .map(async (address) => ({ address, observation: await look(address) })),
  )
  return joinNodes(nodes, ownCertificates, clock.now() - started)
}
