/** A real server of every kind on loopback, over TLS where the kind speaks it, as targets of `tocsin check`. */
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js'
import { SMTPServer } from 'smtp-server'
import { WebSocketServer } from 'ws'
import { startKamailio } from '../../test/harness/kamailio.ts'
import { startMariadb } from '../../test/harness/more-servers.ts'
import { programOf } from '../../test/harness/needs.ts'
import { signingKey, startOidcProvider } from '../../test/harness/oidc-provider.ts'
import { startXrdp } from '../../test/harness/xrdp.ts'

export interface Identity {
  cert: string
  key: string
}

export const DOCUMENTS: Record<string, { type: string; body: string }> = {
  '/metrics': { type: 'text/plain; version=0.0.4', body: '# TYPE queue_depth gauge\nqueue_depth 12\n' },
  '/queue.json': { type: 'application/json', body: '{"queue":{"depth":12}}' },
  '/network.json': { type: 'application/json', body: JSON.stringify(registry('02:00:5e:10:00:01')) },
  '/': { type: 'text/html', body: '<!doctype html><title>Lab</title><p>It is well</p>' },
}

/** Two addresses of one host in one service; the first is bound to its card, or to nothing. */
export function registry(bound: string | null) {
  const address = (name: string, ip: string, hardware_address: string | null) => {
    return { name, ip, service: 'LAN', role: 'primary', fixed: true, hardware_address }
  }
  const card = { hardware_address: '02:00:5e:10:00:01' }
  const interfaces = [address('A', '192.0.2.11', bound), address('B', '192.0.2.12', card.hardware_address)]
  return { devices: [{ name: 'HOST-A', responsible: 'lab', interfaces, cards: [card] }] }
}

const answer: RequestListener = (request, response) => {
  const found = DOCUMENTS[request.url ?? '']
  if (!found) return void response.writeHead(404).end('nothing here')
  response.writeHead(200, { 'content-type': found.type }).end(found.body)
}

/** Servers that are stopped together. */
export class Farm {
  readonly stops: (() => unknown)[] = []

  async listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.stops.push(() => {
      server.close()
      for (const socket of sockets) socket.destroy()
    })
    return (server.address() as AddressInfo).port
  }

  async started<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const running = await starting
    this.stops.push(() => running.stop())
    return running
  }

  web(identity: Identity | null): Promise<number> {
    return this.listen(identity ? createHttpsServer(identity, answer) : createHttpServer(answer))
  }

  async webSocket(identity: Identity | null): Promise<number> {
    const server = identity ? createHttpsServer(identity) : createHttpServer()
    new WebSocketServer({ server })
    return this.listen(server)
  }

  tls(identity: Identity): Promise<number> {
    return this.listen(createTlsServer(identity, (socket) => void socket.on('error', () => {})))
  }

  /** SMTP with STARTTLS, or over TLS from the start. */
  async smtp(identity: Identity, secure = false): Promise<number> {
    const server = new SMTPServer({ ...identity, secure, authOptional: true, disableReverseLookup: true })
    server.on('error', () => {})
    const listening = server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    this.stops.push(() => new Promise<void>((resolve) => server.close(resolve)))
    return (listening.address() as AddressInfo).port
  }

  /** The standard health service by the library that others use: `down` serves not. */
  async grpc(identity: Identity | null): Promise<number> {
    const server = new GrpcServer()
    const bytes = {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    }
    const method = {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      ...bytes,
    }
    server.addService(
      { Check: method },
      {
        Check(call: { request: Buffer }, done: (error: null, answer: Buffer) => void) {
          done(null, Buffer.from([8, call.request.includes('down') ? 2 : 1]))
        },
      },
    )
    const credentials = identity
      ? ServerCredentials.createSsl(null, [
          { cert_chain: Buffer.from(identity.cert), private_key: Buffer.from(identity.key) },
        ])
      : ServerCredentials.createInsecure()
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    )
    this.stops.push(() => server.forceShutdown())
    return port
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop()
  }
}

const same = (bytes: Buffer) => bytes

export interface TlsTarget {
  kind: string
  args: string[]
  /** A pool says what became of its members; their reasons stand below. */
  ofMembers?: true
}

/** One target of every kind that speaks TLS, each serving this certificate; those whose program is missing are left out. */
export async function tlsTargets(farm: Farm, identity: Identity): Promise<TlsTarget[]> {
  const web = await farm.web(identity)
  const grpc = await farm.grpc(identity)
  const tls = await farm.tls(identity)
  const { issuer } = await farm.started(
    startOidcProvider({ keys: [await signingKey('first')], tls: identity }),
  )
  const targets: TlsTarget[] = [
    { kind: 'http', args: [`https://127.0.0.1:${web}/`] },
    { kind: 'metric', args: [`metrics+https://127.0.0.1:${web}/metrics#queue_depth`] },
    { kind: 'metric', args: [`json+https://127.0.0.1:${web}/queue.json#$.queue.depth`] },
    { kind: 'inventory', args: [`inventory:https://127.0.0.1:${web}/network.json`] },
    { kind: 'tls', args: [`tls://127.0.0.1:${tls}`] },
    {
      kind: 'pool',
      args: [
        `pool+tls://svc.example.org:${tls}`,
        '--set',
        `members=[{name: a, address: "127.0.0.1:${tls}"}]`,
      ],
      ofMembers: true,
    },
    { kind: 'oidc', args: [`oidc+${issuer}`] },
    { kind: 'grpc', args: [`grpcs://127.0.0.1:${grpc}`] },
    { kind: 'websocket', args: [`wss://127.0.0.1:${await farm.webSocket(identity)}/`] },
    { kind: 'smtp', args: [`smtp://127.0.0.1:${await farm.smtp(identity)}`] },
    { kind: 'smtp', args: [`smtps://127.0.0.1:${await farm.smtp(identity, true)}`] },
    { kind: 'starttls', args: [`starttls+smtp://127.0.0.1:${await farm.smtp(identity)}`] },
  ]
  if (programOf('xrdp'))
    targets.push({ kind: 'rdp', args: [`rdp://127.0.0.1:${(await farm.started(startXrdp(identity))).port}`] })
  if (programOf('kamailio')) {
    const { tlsPort } = await farm.started(startKamailio({ domain: 'svc.example.org', ...identity }))
    targets.push({ kind: 'sip', args: [`sip://127.0.0.1:${tlsPort};transport=tls`] })
  }
  if (programOf('mariadb')) {
    // Nobody has to log in: skip-grant-tables, which would switch the network off as well.
    const { port } = await farm.started(
      startMariadb(identity, ['--skip-grant-tables', '--skip-networking=0']),
    )
    targets.push({ kind: 'sql', args: [`mysql://root@127.0.0.1:${port}/mysql?tls=require`] })
    targets.push({
      kind: 'metric',
      args: [`value+mysql://root@127.0.0.1:${port}/mysql?tls=require#SELECT 42`],
    })
  }
  return targets
}
