import { createServer, type Server, type Socket } from 'node:net'
import { endpointText, openConnection } from '../../net/connect.ts'
import { hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Family } from '../../net/resolve.ts'
import type { HostPort } from '../fields.ts'
import { LONGEST_SOCKS, readGreeting, readRequest, type SocksGoal, socksAnswer } from './read-socks.ts'

/** Why something that the page wanted could not be reached. */
export type Blocked = StepFailure<string>

export interface WayOutOptions {
  family: Family
  signal: AbortSignal
  /** Another place for some of the hosts. */
  divert(goal: SocksGoal): HostPort
  /** Asked once for each place that TLS is spoken to, before the browser's own bytes go there; null where it may. */
  judge(goal: SocksGoal): Promise<Blocked | null>
}

/** The one way out of the browser: everything that a page loads goes through it. */
export interface WayOut {
  port: number
  /** Why connections to `host:port` failed; the newest of each. */
  failures: ReadonlyMap<string, Blocked>
  /** Whether it was closed because a page loaded too much. */
  overflowed: boolean
  /** Connections that are open. */
  open: number
  stop(): void
}

/** What one journey may load, and how many connections it may hold. */
export const MOST_BYTES = 100 * 1_024 * 1_024
const MOST_CONNECTIONS = 256
const TLS_HANDSHAKE = 0x16

/**
 * A SOCKS proxy on loopback for one journey. Names are resolved and addresses judged here, where they are dialled, so
 * that no redirect, frame, worker, socket or changing name of a page gets around the policy of all other checks.
 */
export async function openWayOut(options: WayOutOptions): Promise<WayOut> {
  const sockets = new Set<Socket>()
  const failures = new Map<string, Blocked>()
  const judged = new Map<string, Promise<Blocked | null>>()
  let left = MOST_BYTES
  const server: Server = createServer((socket) => {
    if (sockets.size >= MOST_CONNECTIONS) return void socket.destroy()
    keep(socket)
    void serve(socket).catch(() => socket.destroy())
  })
  const wayOut = {
    port: 0,
    failures,
    overflowed: false,
    get open() {
      return sockets.size
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const count = (chunk: Buffer) => {
    left -= chunk.length
    if (left >= 0) return
    wayOut.overflowed = true
    wayOut.stop()
  }

  async function serve(client: Socket): Promise<void> {
    if ((await take(client, readGreeting)) === undefined) return void client.destroy()
    client.write(Buffer.from([5, 0]))
    const goal = await take(client, readRequest)
    if (!goal) return void client.destroy()
    const place = endpointText(goal.host, goal.port)
    const refuse = (why: Blocked, code: 1 | 2 | 4 | 5) => {
      failures.set(place, why)
      leave(client, socksAnswer(code))
    }
    const { host, port } = options.divert(goal)
    const connection = await openConnection(host, port, options.family, options.signal)
    if (hasFailed(connection)) return refuse(connection, codeOf(connection.failed))
    failures.delete(place)
    const { socket: target } = connection
    keep(target)
    if (client.destroyed) return void target.destroy()
    client.once('close', () => target.destroy())
    target.once('close', (broken) => (broken ? client.destroy() : leave(client)))
    client.write(socksAnswer(0))
    // The client speaks first, in every protocol that a browser knows.
    const first = await nextBytes(client)
    if (!first) return void leave(client)
    if (first[0] === TLS_HANDSHAKE) {
      if (!judged.has(place)) judged.set(place, options.judge(goal))
      const why = await judged.get(place)!
      if (why) {
        failures.set(place, why)
        return void client.destroy()
      }
    }
    if (client.destroyed || target.destroyed) return
    target.on('data', count)
    client.on('data', count)
    target.write(first)
    client.pipe(target)
    target.pipe(client)
  }

  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  wayOut.port = (server.address() as { port: number }).port
  return wayOut
}

// What nobody reads any more would keep the connection open.
function leave(client: Socket, last: Buffer = Buffer.alloc(0)): void {
  client.end(last)
  client.resume()
}

function codeOf(reason: string): 1 | 2 | 4 | 5 {
  if (reason === 'egress.refused') return 2
  if (reason === 'connect.refused') return 5
  return reason.startsWith('dns.') ? 4 : 1
}

/** The next bytes that a socket brings, and no more of it until it is listened to again; null at its end. */
function nextBytes(socket: Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const settle = (chunk: Buffer | null) => {
      socket.pause()
      socket.off('data', settle).off('end', onEnd).off('close', onEnd)
      resolve(chunk)
    }
    const onEnd = () => settle(null)
    socket.on('data', settle).once('end', onEnd).once('close', onEnd)
    socket.resume()
  })
}

/** Reads one message of the protocol; undefined where something else came, or nothing. */
async function take<Value>(
  socket: Socket,
  read: (
    bytes: Buffer,
  ) => { state: 'more' } | { state: 'malformed' } | { state: 'read'; value: Value; used: number },
): Promise<Value | undefined> {
  let bytes: Buffer = Buffer.alloc(0)
  while (bytes.length <= LONGEST_SOCKS) {
    const chunk = await nextBytes(socket)
    if (!chunk) return undefined
    bytes = Buffer.concat([bytes, chunk])
    const step = read(bytes)
    if (step.state === 'malformed') return undefined
    if (step.state === 'more') continue
    // What came with it belongs to the next reader.
    if (bytes.length > step.used) socket.unshift(bytes.subarray(step.used))
    return step.value
  }
  return undefined
}
