import { isIPv6, connect as netConnect, type Socket } from 'node:net'
import { refusedAddress } from './egress.ts'
import { failure, hasFailed, type NetworkFailure, ownFault } from './failure.ts'
import { type Family, resolveHost } from './resolve.ts'

/** An open TCP connection and the address it really went to. */
export interface Connection {
  socket: Socket
  address: string
  /** How many addresses the name had. */
  addresses: number
}

/** An endpoint as people write it: brackets around an IPv6 address. */
export function endpointText(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** Resolves and connects; an address that refuses gives way to the next one of the name, as for a client. */
export async function openConnection(
  host: string,
  port: number,
  family: Family,
  signal: AbortSignal,
  onResolved?: () => void,
): Promise<Connection | NetworkFailure> {
  const addresses = await resolveHost(host, family, signal)
  onResolved?.()
  if (!Array.isArray(addresses)) return addresses
  let last: NetworkFailure = failure('dns.failed', `the name ${host} has no address`)
  for (const address of addresses) {
    const refused = refusedAddress(address)
    if (refused) return failure('egress.refused', `checks may not connect there: ${refused}`)
    const outcome = await dial(address, port, signal)
    if (!hasFailed(outcome)) return { socket: outcome, address, addresses: addresses.length }
    last = outcome
    if (signal.aborted) break
  }
  return last
}

function dial(address: string, port: number, signal: AbortSignal): Promise<Socket | NetworkFailure> {
  const where = endpointText(address, port)
  const late = failure('connect.timeout', `${where} did not accept the connection in time`)
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(late)
    const socket = netConnect({ host: address, port })
    const settle = (outcome: Socket | NetworkFailure) => {
      signal.removeEventListener('abort', onAbort)
      socket.removeListener('error', onError)
      socket.removeListener('connect', onConnect)
      // Whoever holds the socket next listens for itself; an error in between must not crash the process.
      socket.on('error', () => {})
      resolve(outcome)
    }
    const onAbort = () => {
      socket.destroy()
      settle(late)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      socket.destroy()
      settle(connectFailure(where, error))
    }
    const onConnect = () => settle(socket)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', onConnect)
  })
}

/** What a failed connection says, of the target or of ourselves. */
export function connectFailure(where: string, error: NodeJS.ErrnoException): NetworkFailure {
  const own = ownFault(where, error.code)
  if (own) return own
  if (error.code === 'ECONNREFUSED') return failure('connect.refused', `${where} refused the connection`)
  if (error.code === 'ETIMEDOUT')
    return failure('connect.timeout', `${where} did not accept the connection in time`)
  return failure('connect.failed', `no connection to ${where}: ${error.code ?? error.message}`)
}
