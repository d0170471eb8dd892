import { lookup, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { reasonOf } from '../../kit/errors.ts'
import type { NetworkFailure } from './failure.ts'
import { failure, orAborted } from './failure.ts'
import { hostsFileAddresses } from './hosts-file.ts'

/** Which addresses of a name a check may use: those of either family (IPv4 first), or of one. */
export type Family = 'any' | 'ipv4' | 'ipv6'

// c-ares instead of getaddrinfo: it does not queue behind four threads, and it keeps no cache of ours.
interface Resolvers {
  /** Asked first, once: usually it answers at once. */
  first: Resolver
  patient: Resolver
  /** Finds out whether any name server answers anything. */
  control: Resolver
}
const newResolvers = (servers: string[] | null): Resolvers => {
  const resolvers = {
    first: new Resolver({ timeout: 800, tries: 1 }),
    patient: new Resolver({ timeout: 2_000, tries: 3 }),
    control: new Resolver({ timeout: 700, tries: 2 }),
  }
  if (servers) for (const resolver of Object.values(resolvers)) resolver.setServers(servers)
  return resolvers
}
let resolvers = newResolvers(null)
/** Answers of any kind, "no such name" included: each shows that the name servers of this machine live. */
let answers = 0
let controlling: Promise<boolean> | null = null

/** Sends later look-ups to these servers (`127.0.0.1:5353`) instead of the system's. */
export function useNameServers(servers: string[]): void {
  resolvers = newResolvers(servers)
}

// c-ares says ECONNREFUSED also where it could open no socket.
const SILENCE = new Set(['ETIMEOUT', 'ECONNREFUSED', 'ENOMEM', 'ECANCELLED', 'EMFILE'])

async function heard<T>(asked: Promise<T>): Promise<T> {
  try {
    const answer = await asked
    answers++
    return answer
  } catch (error) {
    if (!SILENCE.has((error as { code?: string }).code ?? '')) answers++
    throw error
  }
}

/** Whether the name servers of this machine answer at all: every one of them can say something of the root. */
function resolverLives(): Promise<boolean> {
  controlling ??= heard(resolvers.control.resolveNs('.'))
    .then(
      () => true,
      (error) => !SILENCE.has(error.code),
    )
    .finally(() => {
      controlling = null
    })
  return controlling
}

/** The servers that TOCSIN_NAME_SERVERS names, where it is set: `10.0.0.53, [2001:db8::53]:5353`. */
export function nameServersOf(env: Record<string, string | undefined>): string[] | null {
  const named = (env.TOCSIN_NAME_SERVERS ?? '').split(/[\s,]+/).filter(Boolean)
  return named.length > 0 ? named : null
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
  const before = answers
  // Where nothing at all was heard meanwhile, it is our own name servers that are silent, and not this name's.
  const late = () =>
    answers === before
      ? resolverDead(name)
      : failure('dns.timeout', `the name ${name} was not resolved in time`)
  const found = await orAborted(signal, ASK_ENDED, askDns(name, family))
  return found === ASK_ENDED ? late() : (found as string[] | NetworkFailure)
}

const ASK_ENDED = Symbol('the deadline came first')

const resolverDead = (name: string) =>
  failure('dns.resolver-dead', `no name server of this machine answers anything: nothing is known of ${name}`)

/** One question: first a quick try, then patiently, while it is found out whether the name servers live. */
async function askTwice(question: (resolver: Resolver) => Promise<string[]>): Promise<string[]> {
  try {
    return await heard(question(resolvers.first))
  } catch (error) {
    if (!SILENCE.has((error as { code?: string }).code ?? '')) throw error
  }
  const [patient, lives] = await Promise.all([
    heard(question(resolvers.patient)).catch((error) => ({ error })),
    resolverLives(),
  ])
  if (!('error' in patient)) return patient
  throw lives ? patient.error : Object.assign(new Error('no name server answers'), { code: RESOLVER_DEAD })
}

const RESOLVER_DEAD = 'TOCSIN_RESOLVER_DEAD'

async function askDns(name: string, family: Family): Promise<string[] | NetworkFailure> {
  let why: unknown = null
  for (const ask of [
    family !== 'ipv6' && (() => askTwice((resolver) => resolver.resolve4(name))),
    family !== 'ipv4' && (() => askTwice((resolver) => resolver.resolve6(name))),
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
      if (codeOf(error) === RESOLVER_DEAD && name.includes('.')) break
    }
  }
  const code = codeOf(why)
  if (code === RESOLVER_DEAD) return resolverDead(name)
  if (code === 'ENOTFOUND') return failure('dns.failed', `the name ${name} does not exist`)
  if (code === 'ENODATA') return failure('dns.failed', `the name ${name} has no address`)
  if (code !== undefined && SILENCE.has(code))
    return failure('dns.timeout', `no name server answered for ${name}, though others are answered`)
  return failure('dns.failed', `the name ${name} was not resolved: ${code ?? reasonOf(why)}`)
}

const codeOf = (error: unknown) => (error as { code?: string } | null)?.code
const familyNumber = (family: Family) => (family === 'ipv4' ? 4 : family === 'ipv6' ? 6 : 0)
const addressesOf = (found: { address: string }[]) => found.map((entry) => entry.address)
