import type { FastifyRequest } from 'fastify'
import { actorOfSession, actorOfToken } from '../catalog/index.ts'
import type { Actor } from '../engine/world.ts'
import { type HttpOptions, type Identity, SESSION_COOKIE } from './context.ts'

/** Who calls, or null. A token goes before a cookie: who sends one means it. */
export async function authenticate(options: HttpOptions, request: FastifyRequest): Promise<Identity | null> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer) {
    const actor = await actorOf(options, { via: 'token', secret: bearer })
    return actor ? { actor, via: 'token', secret: bearer } : null
  }
  const secret = request.cookies[SESSION_COOKIE]
  if (!secret) return null
  const actor = await actorOf(options, { via: 'session', secret })
  return actor ? { actor, via: 'session', secret } : null
}

/** The actor as of now: null when the session has ended or the token was revoked. */
export async function actorOf(
  { world }: HttpOptions,
  { via, secret }: Pick<Identity, 'via' | 'secret'>,
): Promise<Actor | null> {
  return via === 'session' ? actorOfSession(world, secret) : actorOfToken(world, secret)
}
