import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Where messages may go. Link-local, metadata and meaningless addresses are refused whatever it says. */
export interface EgressPolicy {
  /** Loopback and private ranges, where mail and chat of one's own live. */
  allowPrivate: boolean
  /** Addresses, CIDR blocks or host names that are allowed although they are private. */
  allow: string[]
}

export const EGRESS_VERDICTS = ['allowed', 'private', 'link-local', 'metadata', 'not-routable'] as const
export type EgressVerdict = (typeof EGRESS_VERDICTS)[number]

// Where clouds answer questions about the machine with credentials.
const METADATA = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
])

const PRIVATE = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'carrierGradeNat',
  'benchmarking',
  'deprecatedSiteLocal',
])
// `rfc6052` (NAT64) and the like are judged by the IPv4 address that they wrap.
const PUBLIC = new Set(['unicast', 'as112', 'as112v6', 'amt', 'droneRemoteIdProtocolEntityTags'])

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** The IPv4 address inside a mapped, NAT64 or 6to4 address: they lead to the same host. */
function unwrap(address: Address): Address {
  if (address.kind() === 'ipv4') return address
  const v6 = address as ipaddr.IPv6
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address()
  const bytes = v6.toByteArray()
  const range = v6.range() as string
  if (range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12))
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6))
  // ::a.b.c.d, long deprecated, is still understood by some systems.
  if (bytes.slice(0, 12).every((b) => b === 0) && !bytes.slice(12, 15).every((b) => b === 0))
    return ipaddr.fromByteArray(bytes.slice(12))
  return address
}

function isListed(address: Address, allow: string[]): boolean {
  return allow.some((entry) => {
    const [host, bits] = entry.split('/')
    if (!host || !ipaddr.isValid(host)) return false
    const listed = unwrap(ipaddr.parse(host))
    if (listed.kind() !== address.kind()) return false
    const longest = listed.kind() === 'ipv4' ? 32 : 128
    return address.match(listed as never, bits === undefined ? longest : Number(bits))
  })
}

/** Whether a message may be sent to this IP address, and why not. */
export function judgeAddress(ip: string, policy: EgressPolicy, hostListed = false): EgressVerdict {
  const bare = ip.split('%')[0]!
  if (!ipaddr.isValid(bare)) return 'not-routable'
  const address = unwrap(ipaddr.parse(bare))
  if (METADATA.has(address.toString())) return 'metadata'
  const range: string = address.range()
  if (range === 'linkLocal') return 'link-local'
  if (PUBLIC.has(range)) return 'allowed'
  if (!PRIVATE.has(range)) return 'not-routable'
  return policy.allowPrivate || hostListed || isListed(address, policy.allow) ? 'allowed' : 'private'
}

/** Thrown by the checked lookup: the address is not one that messages may be sent to. */
export class EgressRefused extends Error {
  readonly verdict: EgressVerdict
  constructor(host: string, verdict: EgressVerdict) {
    super(`${host} leads to a ${verdict} address, which the egress policy refuses`)
    this.name = 'EgressRefused'
    this.verdict = verdict
  }
}

function isHostListed(host: string, policy: EgressPolicy): boolean {
  return policy.allow.some((entry) => entry.toLowerCase() === host.toLowerCase())
}

/** Refuses a host that is written as an address; names are judged after they are resolved, by the lookup. */
export function refuseLiteral(host: string, policy: EgressPolicy): EgressRefused | null {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) === 0) return null
  const verdict = judgeAddress(bare, policy, isHostListed(bare, policy))
  return verdict === 'allowed' ? null : new EgressRefused(bare, verdict)
}

/**
 * A `lookup` for sockets that judges every address a name resolves to. The socket connects to just the
 * addresses judged here, so that a name cannot change its mind between the check and the connection.
 */
export function checkedLookup(
  policy: EgressPolicy,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const listed = isHostListed(host, policy)
      for (const { address } of addresses) {
        const verdict = judgeAddress(address, policy, listed)
        // One bad address refuses the name: a mixture is what a rebinding attack looks like.
        if (verdict !== 'allowed') return callback(new EgressRefused(host, verdict), '', 0)
      }
      if (options.all) return callback(null, addresses as never)
      const first = addresses[0]
      if (!first) return callback(new Error(`${host} has no address`), '', 0)
      callback(null, first.address, first.family)
    })
  }
}
