import type { Socket } from 'node:net'
import { failure, type StepFailure } from '../../net/failure.ts'
import { matchesPattern } from '../patterns.ts'
import type { WebSocketSpec } from './spec.ts'

export const CONVERSATION_REASONS = [
  'websocket.upgrade-refused',
  'websocket.upgrade-malformed',
  'websocket.upgrade-hang',
  'websocket.subprotocol-refused',
  'websocket.protocol-violated',
  'websocket.closed',
  'websocket.connection-lost',
  'websocket.no-pong',
  'websocket.no-answer',
  'websocket.answer-unexpected',
] as const
export type ConversationReason = (typeof CONVERSATION_REASONS)[number]

/** What was heard when all that is expected came. */
export interface Conversation {
  protocol: string
  /** How many messages came, the expected one included. */
  messages: number
}

const LARGEST_MESSAGE = 1_048_576

/** Upgrades a connection that is open already, speaks and listens, and closes it. */
export async function converse(
  socket: Socket,
  spec: WebSocketSpec,
  signal: AbortSignal,
  onUpgraded: () => void,
): Promise<Conversation | StepFailure<ConversationReason>> {
  const { WebSocket } = await import('ws')
  const { host, pathname, search, hostname } = new URL(spec.url)
  const { expect } = spec
  const wantsAnswer = expect.contains !== undefined || expect.matches.length > 0
  return new Promise((resolve) => {
    let upgraded = false
    let messages = 0
    let last = ''
    let [pong, answered] = [!spec.ping, !wantsAnswer]
    // What is spoken below TLS is the same: the socket brings the encryption with it.
    const client = new WebSocket(`ws://${hostname}${pathname}${search}`, spec.protocols, {
      createConnection: () => socket,
      headers: { Host: host, 'User-Agent': 'Tocsin', ...spec.headers },
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: LARGEST_MESSAGE,
    })
    const settle = (outcome: Conversation | StepFailure<ConversationReason>) => {
      signal.removeEventListener('abort', onAbort)
      client.terminate()
      socket.destroy()
      resolve(outcome)
    }
    const onAbort = () => settle(late())
    const late = () => {
      if (!upgraded)
        return failure('websocket.upgrade-hang', 'connected, but the upgrade was not answered in time')
      if (!answered && messages > 0)
        return failure(
          'websocket.answer-unexpected',
          `${told(messages)} came, none as expected: ${short(last)}`,
        )
      if (!answered)
        return failure('websocket.no-answer', 'the upgrade went well, and no message came in time')
      return failure('websocket.no-pong', 'the upgrade went well, and the ping was not answered in time')
    }
    const advance = () => {
      if (!pong || !answered) return
      client.close(1_000)
      settle({ protocol: client.protocol, messages })
    }
    client.on('error', (error: NodeJS.ErrnoException) => settle(broken(error, upgraded)))
    client.on('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0
      settle(
        failure(
          'websocket.upgrade-refused',
          `the upgrade was answered with status ${status}, expected is 101`,
        ),
      )
    })
    client.on('open', () => {
      upgraded = true
      onUpgraded()
      if (expect.protocol !== undefined && client.protocol !== expect.protocol)
        return settle(
          failure(
            'websocket.subprotocol-refused',
            `the subprotocol is ${client.protocol || 'none'}, expected is ${expect.protocol}`,
          ),
        )
      if (spec.ping) client.ping()
      if (spec.send !== undefined) client.send(spec.send)
      advance()
    })
    client.on('pong', () => {
      pong = true
      advance()
    })
    client.on('message', (data) => {
      messages++
      last = String(data)
      const fits =
        (expect.contains === undefined || last.includes(expect.contains)) &&
        expect.matches.every((pattern) => matchesPattern(pattern, last))
      if (!fits) return
      answered = true
      advance()
    })
    client.on('close', (code, reason) => {
      const words = code === 1_006 ? 'the connection broke' : `the server closed with code ${code}`
      const why = reason.length > 0 ? `: ${short(reason.toString())}` : ''
      settle(failure(code === 1_006 ? 'websocket.connection-lost' : 'websocket.closed', `${words}${why}`))
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

const told = (messages: number) => (messages === 1 ? 'one message' : `${messages} messages`)
const short = (text: string) => JSON.stringify(text.slice(0, 60))

function broken(error: NodeJS.ErrnoException, upgraded: boolean): StepFailure<ConversationReason> {
  const why = error.message.replace(/\s+/g, ' ').slice(0, 120)
  if (/subprotocol/i.test(why))
    return failure('websocket.subprotocol-refused', `the upgrade has a wrong subprotocol: ${why}`)
  if (error.code?.startsWith('WS_ERR'))
    return failure('websocket.protocol-violated', `what the server sends is no WebSocket: ${why}`)
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || why === 'socket hang up')
    return failure(
      'websocket.connection-lost',
      `the connection broke ${upgraded ? 'after' : 'during'} the upgrade`,
    )
  return failure('websocket.upgrade-malformed', `the upgrade was not answered as it must be: ${why}`)
}
