import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../contract/route.ts'
import { claimKey, hashRequest, keepAnswer, releaseKey } from '../engine/idempotency.ts'
import type { World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { Plain } from './plain.ts'

/** Routes whose answer holds a secret: that it was done is kept, the answer is not. */
const SECRET_ANSWERS = new Set(['createToken', 'invitePerson'])

interface Answer {
  status: number
  value: unknown
}

/** Sends the answer; with an `Idempotency-Key` on a POST the work is done once and its answer kept for a day. */
export async function answerOnce(
  world: World,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
  work: () => Promise<Answer | Plain>,
): Promise<FastifyReply> {
  const key = route.method === 'POST' ? readKey(request) : null
  if (key === null || !request.identity) return send(reply, await work())
  const scoped = `${request.identity.actor.id} ${key}`
  const claim = await claimKey(world, scoped, hashRequest({ url: request.url, body: body ?? null }))
  if (claim.state === 'mismatch')
    throw new TocsinError(
      'idempotency-mismatch',
      `The Idempotency-Key "${key}" was used for another request.`,
    )
  if (claim.state === 'running')
    throw new TocsinError(
      'wrong-state',
      'The first request with this Idempotency-Key is still being answered.',
    )
  if (claim.state === 'done') {
    if (claim.body === null && claim.status !== 204)
      throw new TocsinError('wrong-state', 'This was done before; its secret is shown once only.')
    reply.header('idempotency-replayed', 'true')
    return claim.body === null
      ? reply.code(claim.status).send()
      : reply.code(claim.status).type('application/json; charset=utf-8').send(claim.body)
  }
  try {
    const answer = await work()
    if (answer instanceof Plain) {
      await releaseKey(world, scoped)
      return send(reply, answer)
    }
    const kept =
      answer.value === undefined || SECRET_ANSWERS.has(route.id) ? null : JSON.stringify(answer.value)
    await keepAnswer(world, scoped, { status: answer.status, body: kept })
    return send(reply, answer)
  } catch (error) {
    await releaseKey(world, scoped)
    throw error
  }
}

function readKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new TocsinError('invalid-input', 'Idempotency-Key must be 1 to 200 visible ASCII characters.', [
    { path: 'Idempotency-Key', message: 'is not valid', remedy: 'Use a UUID.' },
  ])
}

function send(reply: FastifyReply, answer: Answer | Plain): FastifyReply {
  // Streams have taken the socket over.
  if (reply.sent) return reply
  reply.header('cache-control', 'no-store')
  if (answer instanceof Plain) return reply.type(answer.type).send(answer.text)
  reply.code(answer.status)
  return answer.value === undefined
    ? reply.send()
    : reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.value))
}
