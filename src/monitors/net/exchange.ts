import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { Socket } from 'node:net'
import { failure, type StepFailure } from './failure.ts'

export type ExchangeFailure = StepFailure<'no-answer' | 'connection-lost' | 'answer-malformed'>

/** An HTTP answer, its body read up to the limit. */
export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
  truncated: boolean
}

export interface Request {
  url: URL
  method: string
  headers: OutgoingHttpHeaders
  body: string | undefined
  maxBody: number
  /** Called when the head of the answer has come. */
  onHead?: () => void
}

/** One request over a connection that is open already, TLS included; the connection is spent afterwards. */
export function exchange(
  socket: Socket,
  asked: Request,
  signal: AbortSignal,
): Promise<Answer | ExchangeFailure> {
  return new Promise((resolve) => {
    let begun = false
    const settle = (outcome: Answer | ExchangeFailure) => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(outcome)
    }
    const onAbort = () =>
      settle(
        begun
          ? failure('no-answer', 'the answer began, but did not end in time')
          : failure('no-answer', 'connected, but no answer came in time'),
      )
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    const outgoing = request({
      createConnection: () => socket,
      method: asked.method,
      path: asked.url.pathname + asked.url.search,
      headers: asked.headers,
      setHost: false,
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => settle(broken(error)))
    outgoing.on('upgrade', () =>
      settle(failure('answer-malformed', 'the server changed the protocol unasked')),
    )
    outgoing.on('response', (incoming) => {
      begun = true
      asked.onHead?.()
      read(incoming, asked.maxBody, settle)
    })
    outgoing.end(asked.body)
  })
}

function read(
  incoming: IncomingMessage,
  limit: number,
  settle: (outcome: Answer | ExchangeFailure) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  const done = (truncated: boolean) =>
    settle({
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      body: Buffer.concat(chunks).subarray(0, limit),
      truncated,
    })
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > limit) done(true)
  })
  incoming.on('end', () => done(false))
  incoming.on('error', (error: NodeJS.ErrnoException) => settle(broken(error)))
  incoming.on('aborted', () =>
    settle(failure('connection-lost', 'the connection broke in the middle of the answer')),
  )
}

function broken(error: NodeJS.ErrnoException): ExchangeFailure {
  if (error.code?.startsWith('HPE_'))
    return failure('answer-malformed', `the answer is not HTTP: ${error.message}`)
  if (error.message === 'socket hang up')
    return failure('connection-lost', 'the server hung up without an answer')
  return failure('connection-lost', `the connection broke: ${error.code ?? error.message}`)
}
