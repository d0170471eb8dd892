import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Route } from '../contract/route.ts'
import { roleIncludes } from '../engine/authorize.ts'
import type { Actor } from '../engine/world.ts'
import { type Problem, TocsinError } from '../kit/errors.ts'
import { authenticate } from './authenticate.ts'
import { type HttpOptions, NOBODY } from './context.ts'
import { answerOnce } from './idempotent.ts'
import { Plain } from './plain.ts'
import { problemsOf } from './problem.ts'
import { judgeOrigin } from './same-origin.rules.ts'

/** What a handler gets: who calls, and the input as its schemas gave it. */
export interface Call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  actor: Actor
  params: z.output<P>
  query: z.output<Q>
  body: z.output<B>
  request: FastifyRequest
  reply: FastifyReply
}

/** Joins a route of the contract to what answers it. */
export type Bind = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  handle: (call: Call<P, Q, B>) => Promise<z.input<A> | Plain>,
) => void

/** One room's routes. */
export type RoomRoutes = (bind: Bind, options: HttpOptions) => void

/** Makes the one layer through which every route goes: who, may they, is it ours, is it valid, is the answer. */
export function binder(app: FastifyInstance, options: HttpOptions, bound: Set<string>): Bind {
  return (route, handle) => {
    if (bound.has(route.id)) throw new Error(`the route ${route.id} is bound twice`)
    bound.add(route.id)
    app.route({
      method: route.method,
      url: route.path,
      // A HEAD that runs a GET would open streams; nothing needs it under /api.
      exposeHeadRoute: false,
      ...(route.largest ? { bodyLimit: route.largest } : {}),
      // Before the body is read, so that a stranger cannot make us parse.
      onRequest: async (request) => admit(options, route as unknown as Route, request),
      handler: async (request, reply) => {
        const input = readInput(route as unknown as Route, request)
        const answer = async () => {
          const value = await handle({
            actor: request.identity?.actor ?? NOBODY,
            params: input.params as never,
            query: input.query as never,
            body: input.body as never,
            request,
            reply,
          })
          if (value instanceof Plain) return value
          return { status: route.status, value: checkAnswer(options, route as unknown as Route, value) }
        }
        return answerOnce(options.world, route as unknown as Route, request, reply, input.body, answer)
      },
    })
  }
}

async function admit(options: HttpOptions, route: Route, request: FastifyRequest): Promise<void> {
  request.identity = await authenticate(options, request)
  if (route.access !== 'public') {
    if (!request.identity)
      throw new TocsinError('not-signed-in', 'Sign in, or send a valid token as "Authorization: Bearer …".')
    const { actor } = request.identity
    if (!roleIncludes(actor.role, route.access))
      throw new TocsinError(
        'forbidden',
        `This takes the role ${route.access}; ${actor.name} has the role ${actor.role}.`,
      )
  }
  const isStream = route.id === 'readEvents'
  if (request.identity?.via === 'token' || (route.method === 'GET' && !isStream)) return
  const { allowed, reason } = judgeOrigin(
    {
      origin: request.headers.origin,
      secFetchSite: request.headers['sec-fetch-site'] as string | undefined,
      host: request.headers.host,
      publicUrl: options.world.publicUrl,
    },
    // A same-origin EventSource sends no Origin, and old browsers no Sec-Fetch-Site: it changes nothing either.
    { lenient: request.identity === null || isStream },
  )
  if (!allowed)
    throw new TocsinError(
      'origin-refused',
      reason === 'no-origin-given'
        ? 'A request with a session must say where it comes from; programs use a token.'
        : `The request comes from ${request.headers.origin ?? 'another site'}.`,
    )
}

interface Input {
  params: unknown
  query: unknown
  body: unknown
}

function readInput(route: Route, request: FastifyRequest): Input {
  const problems: Problem[] = []
  const read = (schema: z.ZodType, value: unknown, place: string): unknown => {
    for (const path of placesOfNul(value, place))
      problems.push({ path, message: 'must not hold the character NUL', remedy: 'Remove it.' })
    const result = schema.safeParse(value)
    if (result.success) return result.data
    problems.push(...problemsOf(result.error, place))
    return undefined
  }
  const takesBody = !(route.body instanceof z.ZodUndefined)
  let body = request.body
  if (takesBody && body === undefined)
    throw new TocsinError('invalid-input', 'The body is missing: send an object as application/json.')
  if (!takesBody && isEmptyObject(body)) body = undefined
  const input = {
    params: read(route.params, request.params, ''),
    query: read(route.query, request.query, 'query'),
    body: takesBody || body !== undefined ? read(route.body, body, '') : undefined,
  }
  if (problems.length === 0) return input
  const [first] = problems
  const detail = `${first!.path ? `${first!.path}: ` : ''}${first!.message}`
  throw new TocsinError(
    'invalid-input',
    problems.length > 1 ? `${detail} (and ${problems.length - 1} more)` : detail,
    problems,
  )
}

/** Where a text holds NUL, which nobody writes on purpose and not every database can keep. */
function placesOfNul(value: unknown, place: string): string[] {
  if (typeof value === 'string') return value.includes('\u0000') ? [place] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = place ? `${place}.${key}` : key
    return key.includes('\u0000') ? [place] : placesOfNul(inner, path)
  })
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function checkAnswer(options: HttpOptions, route: Route, value: unknown): unknown {
  if (route.answer instanceof z.ZodUndefined) return undefined
  const result = route.answer.safeParse(value)
  if (result.success) return result.data
  const problem = `the answer of ${route.id} breaks the contract: ${z.prettifyError(result.error)}`
  if (options.strictAnswers) throw new Error(problem)
  options.world.log.error({ route: route.id, problem }, 'an answer breaks the contract')
  return value
}
