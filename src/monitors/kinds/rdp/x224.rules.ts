/** X.224 inside TPKT, as Remote Desktop begins a connection (MS-RDPBCGR 2.2.1.1 and 2.2.1.2). */

/** Protocols of RDP_NEG_REQ and RDP_NEG_RSP. */
export const RDP_PROTOCOLS = {
  rdp: 0,
  tls: 1,
  nla: 2,
  rdstls: 4,
  'nla-ex': 8,
} as const
export type RdpProtocol = keyof typeof RDP_PROTOCOLS

/** Why a server refuses to negotiate, by its failure code (2.2.1.2.2). */
export const NEGOTIATION_FAILURES = {
  1: ['rdp.ssl-required', 'the server insists on TLS'],
  2: ['rdp.ssl-not-allowed', 'the server is set to speak no TLS'],
  3: ['rdp.ssl-cert-not-on-server', 'the server has no certificate to speak TLS with'],
  4: ['rdp.inconsistent-flags', 'the server found the flags of the request inconsistent'],
  5: ['rdp.hybrid-required', 'the server insists on network level authentication'],
  6: ['rdp.ssl-with-user-auth-required', 'the server insists on TLS with a client certificate'],
} as const satisfies Record<number, [reason: string, words: string]>

/** Every outcome of a negotiation that is no agreement on TLS. */
export const NEGOTIATION_REASONS = [
  ...Object.values(NEGOTIATION_FAILURES).map(([reason]) => reason),
  'rdp.negotiation-failed',
  'rdp.tls-not-offered',
  'rdp.malformed',
] as const
export type NegotiationReason = (typeof NEGOTIATION_REASONS)[number]

/** What a connection confirm says. */
export type ConnectionConfirm =
  | { says: 'agreed'; protocol: RdpProtocol }
  /** No TLS will follow: an old server's bare confirm, or RDP's own encryption chosen. */
  | { says: 'plain' }
  | { says: 'refused'; code: number }
  | { says: 'nonsense'; why: string }

const TPKT_VERSION = 3
const TPKT_HEADER = 4
const CONNECTION_REQUEST = 0xe0
const CONNECTION_CONFIRM = 0xd0
const [NEG_REQ, NEG_RSP, NEG_FAILURE] = [1, 2, 3]
// A confirm is 19 bytes; the length is the server's word, and is not believed without limit.
const LONGEST_CONFIRM = 1_024
// Length indicator, code, two references and class.
const FIXED_PART = 7

/** A connection request that offers TLS, network level authentication and its extension. */
export function connectionRequest(user?: string): Buffer {
  const offered = RDP_PROTOCOLS.tls | RDP_PROTOCOLS.nla | RDP_PROTOCOLS['nla-ex']
  const cookie = user === undefined ? '' : `Cookie: mstshash=${user}\r\n`
  const variable = Buffer.concat([
    Buffer.from(cookie, 'latin1'),
    Buffer.from([NEG_REQ!, 0, 8, 0, offered, 0, 0, 0]),
  ])
  const length = TPKT_HEADER + FIXED_PART + variable.length
  const head = Buffer.from([TPKT_VERSION, 0, 0, 0, FIXED_PART - 1 + variable.length, CONNECTION_REQUEST])
  head.writeUInt16BE(length, 2)
  return Buffer.concat([head, Buffer.alloc(FIXED_PART - 2), variable])
}

/**
 * How many bytes the packet has whose first bytes these are: null while that is not known, and a complaint when
 * this is no TPKT.
 */
export function packetLength(heard: Buffer): number | null | { complaint: string } {
  if (heard.length > 0 && heard[0] !== TPKT_VERSION)
    return { complaint: `it begins with byte ${hex(heard[0]!)} instead of ${hex(TPKT_VERSION)}` }
  if (heard.length < TPKT_HEADER) return null
  const length = heard.readUInt16BE(2)
  if (length < TPKT_HEADER + FIXED_PART || length > LONGEST_CONFIRM)
    return { complaint: `it claims a length of ${length} bytes` }
  return length
}

/** Reads a whole packet, of the length that `packetLength` told. */
export function readConnectionConfirm(packet: Buffer): ConnectionConfirm {
  const nonsense = (why: string): ConnectionConfirm => ({ says: 'nonsense', why })
  const indicated = packet[TPKT_HEADER]!
  if (indicated !== packet.length - TPKT_HEADER - 1)
    return nonsense(`its length indicator says ${indicated} bytes where ${packet.length - 5} are`)
  const code = packet[TPKT_HEADER + 1]!
  // The low half holds the credit, which is 0 in class 0.
  if ((code & 0xf0) !== CONNECTION_CONFIRM) return nonsense(`its code is ${hex(code)}, not a confirm`)
  const data = packet.subarray(TPKT_HEADER + FIXED_PART)
  if (data.length === 0) return { says: 'plain' }
  if (data.length !== 8 || data.readUInt16LE(2) !== 8)
    return nonsense(`its negotiation data has ${data.length} bytes instead of 8`)
  const value = data.readUInt32LE(4)
  if (data[0] === NEG_FAILURE) return { says: 'refused', code: value }
  if (data[0] !== NEG_RSP) return nonsense(`its negotiation data has the type ${hex(data[0]!)}`)
  if (value === RDP_PROTOCOLS.rdp) return { says: 'plain' }
  const protocol = (Object.keys(RDP_PROTOCOLS) as RdpProtocol[]).find((name) => RDP_PROTOCOLS[name] === value)
  // Anything but one of what was offered is no choice.
  if (protocol === undefined || protocol === 'rdstls')
    return nonsense(`it selects protocol ${hex(value)}, which was not offered`)
  return { says: 'agreed', protocol }
}

/** A refusal or a confirm without TLS as a reason and a sentence; null where TLS was agreed on. */
export function negotiationProblem(
  confirm: ConnectionConfirm,
): { reason: NegotiationReason; summary: string } | null {
  if (confirm.says === 'agreed') return null
  if (confirm.says === 'plain')
    return {
      reason: 'rdp.tls-not-offered',
      summary: "the server offers RDP's own encryption only: no TLS, and so no certificate to know it by",
    }
  if (confirm.says === 'nonsense')
    return { reason: 'rdp.malformed', summary: `the answer is no X.224 connection confirm: ${confirm.why}` }
  const known = NEGOTIATION_FAILURES[confirm.code as keyof typeof NEGOTIATION_FAILURES]
  if (!known)
    return {
      reason: 'rdp.negotiation-failed',
      summary: `the server refused to negotiate, with the unknown failure code ${confirm.code}`,
    }
  return { reason: known[0], summary: `the server refused to negotiate: ${known[1]} (code ${confirm.code})` }
}

const hex = (value: number) => `0x${value.toString(16).padStart(2, '0')}`
