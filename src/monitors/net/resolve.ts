import { lookup, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { reasonOf } from '../../kit/errors.ts'
import type { NetworkFailure } from './failure.ts'
import { failure, orAborted } from './failure.ts'
import { hostsFileAddresses } from './hosts-file.ts'

/** Which addresses of a name a check may use: those of either family (IPv4 first), or of one. */
export type Family = 'any' | 'ipv4' | 'ipv6'

// c-ares instead of getaddrinfo: it does not queue behind four threads, and it keeps no cache of ours.
const newResolver = () => new Resolver({ timeout: 2_000, tries: 3 })
let resolver = newResolver()

/** Sends later look-ups to these servers (`127.0.0.1:5353`) instead of the system's. */
export function useNameServers(servers: string[]): void {
  resolver = newResolver()
  resolver.setServers(servers)
}

/** The addresses of a host, asked afresh: an address stands for itself, then the hosts file, then DNS. */
export async function resolveHost(
  host: string,
  family: Family,
  signal: AbortSignal,
): Promise<string[] | NetworkFailure> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const wanted = (address: string) => family === 'any' || isIP(address) === (family === 'ipv4' ? 4 : 6)
  if (isIP(name)) return wanted(name) ? [name] : failure('dns.failed', `${name} is not an ${family} address`)
  const fixed = hostsFileAddresses(name).filter(wanted)
  if (fixed.length > 0) return fixed.sort((a, b) => isIP(a) - isIP(b))
  const late = failure('dns.timeout', `the name ${name} was not resolved in time`)
  return orAborted(signal, late, askDns(name, family))
}

async function askDns(name: string, family: Family): Promise<string[] | NetworkFailure> {
  let why: unknown = null
  for (const ask of [
    family !== 'ipv6' && (() => resolver.resolve4(name)),
    family !== 'ipv4' && (() => resolver.resolve6(name)),
    // A bare name may need the search list, which only getaddrinfo applies; localhost may be in no file.
    !name.includes('.') &&
      (() => lookup(name, { all: true, family: familyNumber(family) }).then(addressesOf)),
  ]) {
    if (!ask) continue
    try {
      const addresses = await ask()
      if (addresses.length > 0) return addresses
    } catch (error) {
      why ??= error
    }
  }
  const code = (why as { code?: string } | null)?.code
  if (code === 'ENOTFOUND') return failure('dns.failed', `the name ${name} does not exist`)
  if (code === 'ENODATA') return failure('dns.failed', `the name ${name} has no address`)
  if (code === 'ETIMEOUT') return failure('dns.timeout', `no name server answered for ${name}`)
  return failure('dns.failed', `the name ${name} was not resolved: ${code ?? reasonOf(why)}`)
}

const familyNumber = (family: Family) => (family === 'ipv4' ? 4 : family === 'ipv6' ? 6 : 0)
const addressesOf = (found: { address: string }[]) => found.map((entry) => entry.address)
