import { endpointText } from '../../net/connect.ts'
import { NETWORK_REASONS } from '../../net/failure.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { hostOf } from '../fetch-once.ts'
import type { HostPort } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { checkWebSocket } from './check-websocket.ts'
import { CONVERSATION_REASONS } from './converse.ts'
import { type WebSocketSpec, webSocketSchema } from './spec.ts'

export type { WebSocketSpec } from './spec.ts'

/** WebSockets: the upgrade, a ping, and a message with its answer. */
export const websocket: MonitorKind<WebSocketSpec> = {
  kind: 'websocket',
  title: 'WebSocket',
  description:
    'Upgrades a fresh connection to a WebSocket, waits for the pong to its ping and, where one is expected, for ' +
    'an answer to a message. It leaves then: a connection that breaks after an hour is not seen.',
  schema: webSocketSchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    ...CONVERSATION_REASONS,
    'websocket.slow',
  ],
  cost: 'network',
  target: ({ url, connectTo }) =>
    `${withoutQuery(url)}${connectTo ? ` at ${endpointText(connectTo.host, connectTo.port)}` : ''}`,
  check: checkWebSocket,
  typedAs: ['wss://HOST/PATH', 'ws://HOST/PATH'],
  schemes: { ws: (url) => ({ url }), wss: (url) => ({ url }) },
  speaksTls: (target) => /^wss:/i.test(target),
  byAddress: {
    endpoint: ({ url, connectTo }) => connectTo ?? endpointOf(new URL(url)),
    pointAt: (spec, address) => ({ ...spec, connectTo: address }),
  },
  cannotSee: [
    {
      failureClass: 'connection.short-lived',
      why: 'It closes after its answer: proxies that cut long connections are seen by the logs of the service.',
      seenBy: ['log', 'metric'],
    },
    {
      failureClass: 'browser.script',
      why: 'It runs no page: a script that does not use the connection well is seen by journey.',
      seenBy: ['journey'],
    },
  ],
}

/** Where an address points. */
function endpointOf(url: URL): HostPort {
  return { host: hostOf(url), port: Number(url.port) || (url.protocol === 'wss:' ? 443 : 80) }
}

// Tokens often travel in the query of such an address.
const withoutQuery = (text: string) => text.replace(/\?.*/s, '')
