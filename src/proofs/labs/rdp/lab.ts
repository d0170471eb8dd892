import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { RdpSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import type { LabIdentity, LabProtocol } from '../lab-protocol.ts'

/** What can be wrong before TLS, as `twist`. */
export type RdpTwist = 'negotiation-failure' | 'no-tls' | 'no-nla'

/** What the healthy terminal server chooses. */
interface HealthyRdp {
  nla: boolean
}

/** A terminal server as far as its certificate: connection request, confirm, TLS. */
export const lab: LabProtocol<RdpSpec> = {
  kind: 'rdp',
  aim: (spec) => {
    const healthy: HealthyRdp = { nla: spec.expect.nla }
    return aimAtTarget(spec, { speaks: 'rdp', secure: true, healthy })
  },
  server: ({ expects, twist }, identity) =>
    createServer((socket) => answer(socket, confirmFor(expects.healthy as HealthyRdp, twist), identity)),
}

// Type, flags, length and value of the negotiation data (MS-RDPBCGR 2.2.1.2.1 and 2.2.1.2.2).
const CHOOSES_TLS = [2, 0, 8, 0, 1, 0, 0, 0]
const CHOOSES_NLA = [2, 0, 8, 0, 2, 0, 0, 0]
const HAS_NO_CERTIFICATE = [3, 0, 8, 0, 3, 0, 0, 0]

function confirmFor({ nla }: HealthyRdp, twist: string | undefined): { bytes: Buffer; goesOn: boolean } {
  const negotiated =
    twist === 'no-tls'
      ? []
      : twist === 'negotiation-failure'
        ? HAS_NO_CERTIFICATE
        : nla && twist !== 'no-nla'
          ? CHOOSES_NLA
          : CHOOSES_TLS
  const head = [3, 0, 0, 11 + negotiated.length, 6 + negotiated.length, 0xd0, 0, 0, 0x12, 0x34, 0]
  return { bytes: Buffer.from([...head, ...negotiated]), goesOn: twist === undefined || twist === 'no-nla' }
}

/** Waits for the whole request, confirms, and speaks TLS on the same connection where that was agreed on. */
function answer(
  socket: Socket,
  confirm: { bytes: Buffer; goesOn: boolean },
  identity: LabIdentity | null,
): void {
  let heard = Buffer.alloc(0)
  socket.on('error', () => {})
  const onData = (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    if (heard.length < 4 || heard.length < heard.readUInt16BE(2)) return
    socket.off('data', onData)
    socket.pause()
    socket.write(confirm.bytes)
    if (!confirm.goesOn || !identity) return void socket.resume()
    const secure = new TLSSocket(socket, { isServer: true, ...identity })
    secure.on('error', () => {})
    secure.resume()
  }
  socket.on('data', onData)
}
