import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createRequire } from 'node:module'
import { lineFor, type WebSocketSpec } from '../../../monitors/index.ts'
import { nameOf, serverExpectation } from '../aim-at-target.ts'
import { asPattern, shorten, trustChanges, trusting } from '../copy-spec.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'

/** What the server of a drill says to satisfy the monitor. */
interface Healthy {
  /** The message that is waited for; null where none is. */
  says: string | null
  protocol: string | null
  /** All that are offered. */
  offered: string[]
  ping: boolean
}

const load = createRequire(import.meta.url)

/** A WebSocket server with one message. */
export const lab: LabProtocol<WebSocketSpec> = {
  kind: 'websocket',
  aim: aimWebSocket,
  server({ expects, twist }, identity) {
    // Loaded with the first drill of a WebSocket: a server is wanted at once.
    const { WebSocketServer } = load('ws') as typeof import('ws')
    const { says, protocol, offered } = expects.healthy as Healthy
    const chosen =
      twist === 'wrong-protocol' ? offered.find((one) => one !== protocol) : (protocol ?? offered[0])
    const refuse: RequestListener = (_request, response) => void response.writeHead(503).end()
    const server = identity ? createHttpsServer(identity, refuse) : createHttpServer(refuse)
    const sockets = new WebSocketServer({
      noServer: true,
      autoPong: twist !== 'no-pong',
      handleProtocols: () => chosen ?? false,
    })
    server.on('upgrade', (request, socket, head) => {
      if (twist === 'upgrade-refused') {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        return
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => {})
        if (says !== null && twist !== 'no-answer') client.send(says)
      })
    })
    return server
  },
}

function aimWebSocket(spec: WebSocketSpec, sample?: string): Aim {
  const { expect } = spec
  const url = new URL(spec.url)
  const secure = url.protocol === 'wss:'
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.maxLatency ?? null)
  const wants = expect.contains !== undefined || expect.matches.length > 0
  const texts = [expect.contains ?? [], ...expect.matches.map((one) => lineFor(asPattern(one)) ?? [])].flat()
  const says = wants ? (sample ?? texts.join('\n')) : null
  const healthy: Healthy = {
    says,
    protocol: expect.protocol ?? null,
    offered: spec.protocols,
    ping: spec.ping,
  }
  return {
    expects: serverExpectation(expect, {
      ...{ speaks: 'websocket', secure, healthy, latencyMs, timeoutMs },
      name: expect.name ?? nameOf(url),
    }),
    changes: [...changes, ...(secure ? trustChanges(expect) : [])],
    at: (fault, lab): WebSocketSpec => ({
      ...spec,
      connectTo: { host: fault.host, port: fault.port },
      protocols:
        expect.protocol === undefined || spec.protocols.includes(expect.protocol)
          ? spec.protocols
          : [...spec.protocols, expect.protocol],
      expect: {
        ...(secure ? trusting(expect, lab, fault) : expect),
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}
