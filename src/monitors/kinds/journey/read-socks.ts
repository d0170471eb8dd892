/** Where a client of a SOCKS 5 proxy wants to go (RFC 1928); names are left to the proxy. */
export interface SocksGoal {
  host: string
  port: number
}

export type SocksStep<Value> =
  | { state: 'more' }
  | { state: 'malformed' }
  | { state: 'read'; value: Value; used: number }

const MORE = { state: 'more' } as const
const MALFORMED = { state: 'malformed' } as const
/** Nothing that is right is longer. */
export const LONGEST_SOCKS = 600

/** The greeting: which ways of authentication the client knows; only "none" is spoken here. */
export function readGreeting(bytes: Buffer): SocksStep<null> {
  if (bytes.length < 2) return bytes.length === 0 || bytes[0] === 5 ? MORE : MALFORMED
  if (bytes[0] !== 5 || bytes[1] === 0) return MALFORMED
  const used = 2 + bytes[1]!
  if (bytes.length < used) return MORE
  return bytes.subarray(2, used).includes(0) ? { state: 'read', value: null, used } : MALFORMED
}

/** The request: CONNECT to an address or a name. */
export function readRequest(bytes: Buffer): SocksStep<SocksGoal> {
  if (bytes.length < 5) return MORE
  if (bytes[0] !== 5 || bytes[1] !== 1 || bytes[2] !== 0) return MALFORMED
  const kind = bytes[3]
  const [begin, length] = kind === 1 ? [4, 4] : kind === 4 ? [4, 16] : [5, bytes[4]!]
  if (kind !== 1 && kind !== 3 && kind !== 4) return MALFORMED
  const used = begin + length + 2
  if (bytes.length < used) return MORE
  const address = bytes.subarray(begin, begin + length)
  const port = bytes.readUInt16BE(used - 2)
  const host = kind === 1 ? address.join('.') : kind === 4 ? ipv6(address) : address.toString('latin1')
  const known = kind !== 3 || /^[A-Za-z0-9._-]{1,253}$/.test(host)
  return known && port > 0 ? { state: 'read', value: { host, port }, used } : MALFORMED
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16))
  // As addresses of pages have it: the longest run of zeros left out.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** The answer: 0 for "connected", else why not. */
export function socksAnswer(code: 0 | 1 | 2 | 4 | 5): Buffer {
  return Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
}
