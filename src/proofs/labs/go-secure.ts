import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { LabIdentity } from './lab-protocol.ts'

/** Begins TLS on a connection that was spoken on in the open, as its server. */
export function goSecure(socket: Socket, identity: LabIdentity): TLSSocket {
  const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(identity) })
  secured.on('error', () => {})
  return secured
}
