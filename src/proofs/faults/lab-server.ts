import type { RequestListener } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Clock, Millis } from '../../kit/clock.ts'
import { identityOf } from '../labs/identity.ts'
import { LABS } from '../labs/registry.ts'
import type { Expectation, HttpAnswer, RunningFault } from './fault.ts'
import type { LabCertificate } from './lab-ca.ts'
import { HOST, listen } from './listen.ts'

export interface LabServerOptions {
  clock: Clock
  expects: Expectation
  certificate: LabCertificate | null
  /** The chain to send instead of the certificate's own. */
  chainPem?: string
  answer?: HttpAnswer
  /** How long the server keeps silent before it answers. */
  delayMs?: Millis
  /** The newest version of TLS that it speaks; the newest of all when left out. */
  newest?: 'TLSv1.1' | 'TLSv1.2'
  /** Where it listens; on any port of the usual address when left out. */
  at?: { host: string; port: number }
  /** What is wrong, in the words of the protocol's own lab; nothing where it is left out. */
  twist?: string
}

/** A real server on loopback that speaks what the monitor expects, with the given certificate and answer. */
export function startLabServer(options: LabServerOptions): Promise<RunningFault> {
  const { clock, expects, delayMs = 0 } = options
  const lab = LABS[expects.speaks]!
  if (lab.serve) return lab.serve(options)
  const waiting = new Set<() => void>()
  const later = (ms: Millis, fn: () => void) => {
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel)
      fn()
    })
    waiting.add(cancel)
  }
  const onRequest: RequestListener = (request, response) => {
    request.resume()
    const { status, headers, body } = options.answer ?? expects.answer
    const reply = () => {
      if (response.destroyed) return
      response.writeHead(status, headers)
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    if (delayMs > 0) later(delayMs, reply)
    else reply()
  }
  const behind = quiet(lab.server!(options, identityOf(options), onRequest))
  const holdMs = lab.answersRequests ? 0 : delayMs
  const front = createServer({ pauseOnConnect: true }, (socket) => {
    const begin = () => {
      if (socket.destroyed) return
      behind.emit('connection', socket)
      socket.resume()
    }
    if (holdMs > 0) later(holdMs, begin)
    else begin()
  })
  const onStop = () => {
    for (const cancel of waiting) cancel()
  }
  return listen(front, onStop, options.at)
}

/** A server that completes the TCP handshake and never says a word. */
export function startTarpit(): Promise<RunningFault> {
  return listen(createServer((socket) => socket.resume()))
}

/**
 * A port that refuses connections for as long as this runs. A port that was merely closed could be taken by
 * another process at any moment; one that is the local end of an open connection cannot be listened on.
 */
export async function startRefusal(): Promise<RunningFault> {
  const anchor = await listen(createServer((socket) => socket.resume()))
  const holder = await new Promise<Socket>((resolve, reject) => {
    const socket = connect(anchor.port, HOST, () => resolve(socket))
    socket.once('error', reject)
  })
  holder.on('error', () => {})
  return {
    host: HOST,
    port: holder.localPort!,
    async stop() {
      holder.destroy()
      await anchor.stop()
    },
  }
}

// A client that breaks off a handshake is the monitor doing its work.
function quiet<S extends Server>(server: S): S {
  server.on('tlsClientError', () => {})
  server.on('clientError', (_error: Error, socket: Socket) => socket.destroy())
  return server
}
