import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { ProblemBody } from '../contract/route.ts'
import type { World } from '../engine/world.ts'
import { ERRORS, type ErrorCode, type Problem, reasonOf, TocsinError } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

// What Fastify refuses before a handler runs, in our words.
const FROM_FASTIFY: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'The body is larger than this address accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['wrong-media-type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-input', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-input', 'The body is empty, although its type is application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-input', 'The body is not valid JSON.'],
  FST_ERR_BAD_URL: ['invalid-input', 'The address is not validly encoded.'],
}

/** The table row for whatever was thrown; null for a bug of ours. */
export function tocsinErrorOf(error: unknown): TocsinError | null {
  if (error instanceof TocsinError) return error
  const code = (error as { code?: unknown })?.code
  const known = typeof code === 'string' ? FROM_FASTIFY[code] : undefined
  if (known) return new TocsinError(known[0], known[1])
  // A library below Fastify that refuses an address, such as the one for files.
  const status = (error as { statusCode?: unknown })?.statusCode
  if (status === 403 || status === 404)
    return new TocsinError('not-found', 'There is nothing at this address.')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new TocsinError('invalid-input', 'The request is not valid.')
  // SQLITE_BUSY beyond its patience, and PostgreSQL out of connections or gone.
  const busy = (error as { errcode?: unknown })?.errcode === 5
  if (busy || code === '53300' || code === '57P03' || code === 'ECONNREFUSED')
    return new TocsinError('store-busy', 'The database does not answer at the moment. Try again.')
  return null
}

/** An error as RFC 9457; `docs` is where the codes are explained. */
export function problemBody(error: TocsinError): ProblemBody {
  const { title, status } = ERRORS[error.code]
  return {
    type: `urn:tocsin:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.problems.length > 0 ? { problems: error.problems } : {}),
  }
}

/** Answers with the problem; of a bug the caller learns only the number under which it was logged. */
export function sendProblem(world: World, reply: FastifyReply, error: unknown): FastifyReply {
  const known = tocsinErrorOf(error)
  let body: ProblemBody
  if (known) {
    body = problemBody(known)
    if (known.status >= 500) world.log.error({ code: known.code, error: known.message }, 'a request failed')
  } else {
    const instance = newId(world.clock.now())
    const stack = error instanceof Error ? error.stack : undefined
    world.log.error(
      {
        instance,
        method: reply.request.method,
        route: reply.request.routeOptions.url,
        error: reasonOf(error),
        stack,
      },
      'a request broke',
    )
    body = {
      ...problemBody(new TocsinError('internal', `The log explains it under ${instance}.`)),
      instance: `urn:uuid:${instance}`,
    }
  }
  if (known && 'retryAfterSeconds' in known) reply.header('retry-after', String(known.retryAfterSeconds))
  if (known?.code === 'not-signed-in') reply.header('www-authenticate', 'Bearer')
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(body))
}

/** What zod found, each with its place; an unknown key is named itself. */
export function problemsOf(error: z.core.$ZodError, place: string): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = [place, ...issue.path.map(String)].filter(Boolean)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        message: 'is not known here',
        remedy: 'Remove it, or look at its spelling.',
      }))
    return [{ path: path.join('.'), message: issue.message }]
  })
}
