import { isIPv6, type Socket } from 'node:net'

/** Our own end of the connection, as RFC 5321 (4.1.3) writes who has no name. */
export function ownAddress(socket: Socket): string {
  const address = socket.localAddress ?? '127.0.0.1'
  return isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`
}
