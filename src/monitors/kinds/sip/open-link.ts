import { createSocket } from 'node:dgram'
import { isIPv6, type Socket } from 'node:net'
import { connectFailure, endpointText, openConnection } from '../../net/connect.ts'
import { refusedAddress } from '../../net/egress.ts'
import { failure, hasFailed, type NetworkFailure, type StepFailure } from '../../net/failure.ts'
import { resolveHost } from '../../net/resolve.ts'
import { shakeHands } from '../../trust/handshake.ts'
import { type Inspection, inspectCertificate } from '../../trust/inspect-certificate.ts'
import type { CheckContext } from '../kind.ts'
import { domainOf, portOf, type SipSpec, type Transport } from './spec.ts'
import { createSplitter } from './split-stream.rules.ts'

/** What ends a link. */
export type LinkFailure = NetworkFailure | StepFailure<'sip.connection-lost' | 'sip.malformed'>

/** A way to the server, over which messages go and come whole. */
export interface Link {
  transport: Transport
  /** Whether what was sent arrives, or the link breaks: then nothing is sent twice. */
  reliable: boolean
  address: string
  local: { address: string; port: number }
  /** The certificate over TLS, judged. */
  inspection: Inspection | null
  send(message: Buffer): void
  /** Hears messages until another one listens; those that nobody heard are gone. */
  listen(onMessage: (message: Buffer) => void, onFailure: (why: LinkFailure) => void): void
  /** Sends a last message where there is one, and closes. */
  close(last?: Buffer): void
}

type Listener = { onMessage: (message: Buffer) => void; onFailure: (why: LinkFailure) => void }

/** Opens a link; over TLS with the certificate judged, and left open only for the one that is meant. */
export function openLink(
  spec: SipSpec,
  context: CheckContext,
  signal: AbortSignal,
): Promise<Link | StepFailure<string> | { rejected: Inspection; address: string }> {
  return spec.transport === 'udp' ? openDatagrams(spec, signal) : openStream(spec, context, signal)
}

async function openDatagrams(spec: SipSpec, signal: AbortSignal): Promise<Link | StepFailure<string>> {
  const addresses = await resolveHost(spec.target.host, spec.family, signal)
  if (!Array.isArray(addresses)) return addresses
  const address = addresses[0]!
  const refused = refusedAddress(address)
  if (refused) return failure('egress.refused', `checks may not connect there: ${refused}`)
  const port = portOf(spec)
  const where = endpointText(address, port)
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  let listener: Listener | null = null
  let broken: LinkFailure | null = null
  let closed = false
  // A connected socket hears its peer alone, and is told when nothing listens there.
  const onError = (error: NodeJS.ErrnoException) => {
    broken = connectFailure(where, error)
    listener?.onFailure(broken)
  }
  const connected = await new Promise<true | NodeJS.ErrnoException>((resolve) => {
    socket.once('error', resolve)
    // Node calls back also when it could not.
    socket.connect(port, address, (error?: unknown) =>
      resolve(error ? (error as NodeJS.ErrnoException) : true),
    )
  })
  socket.removeAllListeners('error')
  socket.on('error', onError)
  if (connected !== true) {
    socket.close()
    return connectFailure(where, connected)
  }
  socket.on('message', (message) => listener?.onMessage(message))
  return {
    transport: 'udp',
    reliable: false,
    address,
    local: socket.address(),
    inspection: null,
    send: (message) => {
      if (!closed) socket.send(message, (error) => void (error && !closed && onError(error)))
    },
    listen(onMessage, onFailure) {
      listener = { onMessage, onFailure }
      if (broken) onFailure(broken)
    },
    close(last) {
      if (closed) return
      closed = true
      if (last) socket.send(last, () => socket.close())
      else socket.close()
    },
  }
}

async function openStream(
  spec: SipSpec,
  context: CheckContext,
  signal: AbortSignal,
): Promise<Link | StepFailure<string> | { rejected: Inspection; address: string }> {
  const connection = await openConnection(spec.target.host, portOf(spec), spec.family, signal)
  if (hasFailed(connection)) return connection
  const { address } = connection
  let socket: Socket = connection.socket
  const local = { address: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 }
  let inspection: Inspection | null = null
  if (spec.transport === 'tls') {
    const name = spec.expect.name ?? domainOf(spec).replace(/^\[(.*)\]$/, '$1')
    const handshake = await shakeHands(socket, { servername: name }, signal)
    if (hasFailed(handshake)) return handshake
    socket = handshake.socket
    const inspected = await inspectCertificate(handshake, { ...spec.expect, name }, context)
    if (hasFailed(inspected) || inspected.verdict === 'down') {
      socket.destroy()
      connection.socket.destroy()
      // Nothing is said, and no log-in made, to a server that is not the one meant.
      return hasFailed(inspected) ? inspected : { rejected: inspected, address }
    }
    inspection = inspected
  }
  return streamLink(socket, connection.socket, {
    transport: spec.transport,
    reliable: true,
    address,
    local,
    inspection,
  })
}

function streamLink(
  socket: Socket,
  raw: Socket,
  about: Pick<Link, 'transport' | 'reliable' | 'address' | 'local' | 'inspection'>,
): Link {
  const splitter = createSplitter()
  let listener: Listener | null = null
  let broken: LinkFailure | null = null
  let closed = false
  const fail = (why: LinkFailure) => {
    if (broken) return
    broken = why
    socket.destroy()
    listener?.onFailure(why)
  }
  const lost = () => fail(failure('sip.connection-lost', 'the other side hung up without an answer'))
  socket.on('data', (chunk: Buffer) => {
    const { messages, broken: nonsense } = splitter.feed(chunk)
    for (const message of messages) listener?.onMessage(message)
    if (nonsense !== null) fail(failure('sip.malformed', `what came is no SIP message: ${nonsense}`))
  })
  socket.on('error', lost).once('end', lost).once('close', lost)
  return {
    ...about,
    send: (message) => void (broken ?? socket.write(message)),
    listen(onMessage, onFailure) {
      listener = { onMessage, onFailure }
      if (broken) onFailure(broken)
    },
    close(last) {
      if (closed) return
      closed = true
      listener = null
      if (last && !broken) {
        // Freed once it is sent; whatever keeps it from that ends the connection all the same.
        socket.end(last, () => raw.destroy())
        return
      }
      socket.destroy()
      raw.destroy()
    },
  }
}
