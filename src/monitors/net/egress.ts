import ipaddr from 'ipaddr.js'

// Cloud metadata services that live outside the link-local ranges.
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200', '192.0.0.192'])
const REFUSED_RANGES = new Set(['linkLocal', 'multicast', 'broadcast', 'unspecified'])

/**
 * Why no check may connect to this address, or null when it may. Checked on the address that is really dialled,
 * after the name was resolved, so that a name which changes its answer cannot get around it.
 */
export function refusedAddress(address: string): string | null {
  const bare = address.split('%')[0]!
  if (!ipaddr.isValid(bare)) return `"${address}" is not an IP address`
  const parsed = ipaddr.parse(bare)
  const inner = embeddedV4(parsed)
  if (inner && inner !== parsed) return refusedAddress(inner.toString())
  if (METADATA.has(parsed.toString())) return `${bare} is a cloud metadata address`
  const range = parsed.range()
  if (REFUSED_RANGES.has(range)) return `${bare} is a ${RANGE_WORDS[range] ?? range} address`
  return null
}

const RANGE_WORDS: Record<string, string> = { linkLocal: 'link-local', unspecified: 'wildcard' }

// An IPv4 address can travel inside an IPv6 one: mapped, NAT64 and 6to4.
function embeddedV4(parsed: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (!(parsed instanceof ipaddr.IPv6)) return null
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address()
  const bytes = parsed.toByteArray()
  const range = parsed.range()
  if (range === 'rfc6052') return new ipaddr.IPv4(bytes.slice(12, 16))
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6))
  return null
}
