import type { Socket } from 'node:net'
import { failure, type StepFailure } from '../../net/failure.ts'
import { type HealthStatus, readResponseFrame, requestFrame } from './health-message.ts'

export const HEALTH_REASONS = [
  'grpc.not-serving',
  'grpc.service-unknown',
  'grpc.unimplemented',
  'grpc.refused',
  'grpc.failed',
  'grpc.no-answer',
  'grpc.connection-lost',
  'grpc.answer-malformed',
  'grpc.no-http2',
] as const
export type HealthReason = (typeof HEALTH_REASONS)[number]

export interface HealthQuestion {
  authority: string
  service: string
  headers: Record<string, string>
  secure: boolean
}

// Names of the status codes of gRPC, by number.
const CODES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE'],
  ...['UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
]
const LARGEST_ANSWER = 65_536

/** Asks `grpc.health.v1.Health/Check` over a connection that is open already. */
export async function askHealth(
  socket: Socket,
  { authority, service, headers, secure }: HealthQuestion,
  signal: AbortSignal,
): Promise<{ status: HealthStatus } | StepFailure<HealthReason>> {
  // Most have no such monitor, and every process would pay for the module.
  const { connect } = await import('node:http2')
  return new Promise((resolve) => {
    const session = connect(`${secure ? 'https' : 'http'}://${authority}`, { createConnection: () => socket })
    const settle = (outcome: { status: HealthStatus } | StepFailure<HealthReason>) => {
      signal.removeEventListener('abort', onAbort)
      session.destroy()
      socket.destroy()
      resolve(outcome)
    }
    const onAbort = () =>
      settle(failure('grpc.no-answer', 'connected, but the health check was not answered in time'))
    const lost = () => settle(failure('grpc.connection-lost', 'the connection broke before the answer'))
    const onError = (error: NodeJS.ErrnoException) => {
      if (/ECONNRESET|EPIPE/.test(error.code ?? '')) return lost()
      const why = error.message.replace(/\s+/g, ' ').slice(0, 100)
      settle(failure('grpc.no-http2', `what answers does not speak HTTP/2: ${why}`))
    }
    session.on('error', onError)
    session.on('close', lost)
    const request = session.request({
      ...headers,
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'tocsin',
    })
    const chunks: Buffer[] = []
    let size = 0
    let head: Record<string, unknown> = {}
    request.on('error', onError)
    request.on('response', (received) => {
      head = received
      const status = Number(received[':status'])
      const type = String(received['content-type'] ?? '')
      if (status === 401 || status === 403)
        settle(failure('grpc.refused', `the request was answered with status ${status}`))
      else if (status !== 200 || !type.startsWith('application/grpc'))
        settle(
          failure('grpc.answer-malformed', `what answers is no gRPC: status ${status}, ${type || 'no type'}`),
        )
    })
    request.on('trailers', (received) => {
      head = { ...head, ...received }
    })
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_ANSWER)
        settle(failure('grpc.answer-malformed', `the answer has more than ${LARGEST_ANSWER} bytes`))
      else chunks.push(chunk)
    })
    request.on('end', () => (head[':status'] ? settle(judge(head, Buffer.concat(chunks), service)) : lost()))
    request.end(requestFrame(service))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function judge(
  head: Record<string, unknown>,
  body: Buffer,
  service: string,
): { status: HealthStatus } | StepFailure<HealthReason> {
  const code = head['grpc-status'] === undefined ? Number.NaN : Number(head['grpc-status'])
  const which = service === '' ? 'the server' : `the service ${service}`
  const said = typeof head['grpc-message'] === 'string' ? `: ${decoded(head['grpc-message'])}` : ''
  if (code === 0) {
    const status = readResponseFrame(body)
    if (status === null) return failure('grpc.answer-malformed', 'the answer is no health status')
    if (status === 'SERVING') return { status }
    if (status === 'SERVICE_UNKNOWN') return failure('grpc.service-unknown', `${which} is not known there`)
    return failure('grpc.not-serving', `${which} is ${status}`)
  }
  if (code === 5) return failure('grpc.service-unknown', `${which} is not known there${said}`)
  if (code === 12)
    return failure('grpc.unimplemented', `the server has no health service (grpc.health.v1)${said}`)
  if (code === 7 || code === 16) return failure('grpc.refused', `the health check is refused${said}`)
  if (Number.isNaN(code)) return failure('grpc.answer-malformed', 'the answer ended without a status')
  return failure('grpc.failed', `the health check failed with ${CODES[code] ?? code}${said}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replace(/\s+/g, ' ').slice(0, 120)
  } catch {
    return text.slice(0, 120)
  }
}
