import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Clock, Millis } from '../../kit/clock.ts'
import type { Expectation, HttpAnswer, RunningFault } from './fault.ts'
import type { LabCertificate } from './lab-ca.ts'

const HOST = '127.0.0.1'

export interface LabServerOptions {
  clock: Clock
  expects: Expectation
  certificate: LabCertificate | null
  /** The chain to send instead of the certificate's own. */
  chainPem?: string
  answer?: HttpAnswer
  /** How long the server keeps silent before an HTTP answer. */
  delayMs?: Millis
}

/** A real server on loopback that speaks what the monitor expects, with the given certificate and answer. */
export function startLabServer(options: LabServerOptions): Promise<RunningFault> {
  const { clock, expects, certificate, delayMs = 0 } = options
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
  const behind = innerServer(expects, certificate, options.chainPem, onRequest)
  const front = createServer({ pauseOnConnect: true }, (socket) => {
    behind.emit('connection', socket)
    socket.resume()
  })
  return listen(front, () => {
    for (const cancel of waiting) cancel()
  })
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

function innerServer(
  expects: Expectation,
  certificate: LabCertificate | null,
  chainPem: string | undefined,
  onRequest: RequestListener,
): Server {
  const identity =
    expects.secure && certificate ? { key: certificate.keyPem, cert: chainPem ?? certificate.chainPem } : null
  if (expects.speaks === 'http')
    return quiet(identity ? createHttpsServer(identity, onRequest) : createHttpServer(onRequest))
  const greet = (socket: Socket) => {
    socket.on('error', () => {})
    socket.resume()
    if (expects.banner !== null) socket.write(expects.banner)
  }
  return quiet(identity ? createTlsServer(identity, greet) : createServer(greet))
}

// A client that breaks off a handshake is the monitor doing its work.
function quiet<S extends Server>(server: S): S {
  server.on('tlsClientError', () => {})
  server.on('clientError', (_error: Error, socket: Socket) => socket.destroy())
  return server
}

function listen(server: Server, onStop: () => void = () => {}): Promise<RunningFault> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, () => {
      const { port } = server.address() as AddressInfo
      resolve({
        host: HOST,
        port,
        stop: () =>
          new Promise((done) => {
            onStop()
            server.close(() => done())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}
