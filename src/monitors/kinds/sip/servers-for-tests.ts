/** SIP servers that say what a test wants, over real sockets. */
import { createSocket, type Socket as Datagrams, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { sip } from './index.ts'

const sockets: Datagrams[] = []
const servers: Server[] = []

/** Ends every server of the test file. */
export function closeServers(): void {
  for (const socket of sockets) socket.close()
  for (const server of servers) server.close()
}

/** Everything that a fake server heard, and what it says. */
export type Answer = (request: string, count: number) => (string | Buffer)[]

/** A server over UDP on loopback; it may take its time. */
export async function datagrams(
  answer: Answer,
  delayMs = 0,
  host = '127.0.0.1',
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = []
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  sockets.push(socket)
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    heard.push(message.toString())
    const say = () => {
      for (const text of answer(message.toString(), heard.length)) socket.send(text, from.port, from.address)
    }
    if (delayMs > 0) setTimeout(say, delayMs)
    else say()
  })
  socket.bind(0, host)
  await once(socket, 'listening')
  return { port: socket.address().port, heard }
}

/** A server over TCP on loopback; every piece that comes is counted and talked about. */
export async function stream(talk: (socket: Socket, request: string, count: number) => void) {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      heard.push(chunk.toString())
      talk(socket, chunk.toString(), heard.length)
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, heard }
}

/** A response that belongs to the request. */
export function respond(request: string, status: string, ...more: string[]): string {
  const echoed = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name) => new RegExp(`^${name}: .*$`, 'm').exec(request)![0],
  )
  return [`SIP/2.0 ${status}`, ...echoed, ...more, 'Content-Length: 0', '', ''].join('\r\n')
}
/** The value of a request's header. */
export const value = (request: string, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(request)?.[1] ?? null
/** Our own contact, as a registrar lists it. */
export const contactOf = (request: string) => `Contact: ${value(request, 'Contact')}`
/** Whether a request takes a binding back. */
export const removes = (request: string) => /;expires=0$/m.test(value(request, 'Contact') ?? '')
/** A registrar without log-in. */
export const register = (request: string) =>
  removes(request) ? respond(request, '200 OK') : respond(request, '200 OK', contactOf(request))
/** A challenge. */
export const digest = (nonce: string, more = '') =>
  `WWW-Authenticate: Digest realm="r", nonce="${nonce}", qop="auth", algorithm=MD5${more}`

/** Checks a port of loopback once. */
export function observe(port: number, asked: Record<string, unknown> = {}) {
  const spec = sip.schema.parse({
    target: `127.0.0.1:${port}`,
    domain: 'pbx.example.org',
    timeout: '3s',
    ...(asked.method === 'register' && { user: 'probe', password: 'secret' }),
    ...asked,
  })
  return checkOnce(sip, spec, { clock: systemClock, deadlineMs: spec.timeout })
}
