import type { FastifyReply, FastifyRequest } from 'fastify'
import { countUnresolved } from '../alerts/index.ts'
import {
  acceptInvitation,
  completeSetup,
  needsSetup,
  type OpenedSession,
  type RequestOrigin,
  signIn,
  signOut,
} from '../catalog/index.ts'
import * as contract from '../contract/system.ts'
import { verifyAudit } from '../engine/facts.ts'
import type { Actor } from '../engine/world.ts'
import { countOpenIncidents } from '../incidents/index.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { MINUTE } from '../kit/duration.ts'
import { TocsinError } from '../kit/errors.ts'
import { countVerdicts } from '../monitors/index.ts'
import { auditorHealth, onCallNow } from '../oncall/index.ts'
import { countActionsAwaitingProof } from '../postmortems/index.ts'
import { countAttempts } from './attempts.ts'
import type { RoomRoutes } from './bind.ts'
import { SESSION_COOKIE } from './context.ts'

const ATTEMPTS = 30

/** Who am I, signing in and out, the overview and the audit. */
export const systemRoutes: RoomRoutes = (bind, { world, version }) => {
  const db = world.store.read
  const attempts = countAttempts(world.clock, ATTEMPTS, MINUTE)

  const meOf = async (actor: Actor): Promise<contract.Me> => ({
    id: actor.id,
    name: actor.name,
    role: actor.role,
    personId: actor.personId,
    publicUrl: world.publicUrl,
    version,
    now: iso(world.clock.now()),
  })
  const enter = (reply: FastifyReply, session: OpenedSession): Promise<contract.Me> => {
    reply.setCookie(SESSION_COOKIE, session.secret, {
      ...cookieSettings(world.publicUrl),
      expires: new Date(session.expiresAt),
    })
    return meOf(session.actor)
  }

  bind(contract.readMe, ({ actor }) => meOf(actor))
  bind(contract.signIn, async ({ body, request, reply }) => {
    attempts.count(request.ip)
    return enter(reply, await signIn(world, body, originOf(request)))
  })
  bind(contract.signOut, async ({ request, reply }) => {
    if (request.identity?.via !== 'session')
      throw new TocsinError('wrong-state', 'A token has no session to end: revoke it instead.')
    await signOut(world, request.identity.secret)
    reply.clearCookie(SESSION_COOKIE, cookieSettings(world.publicUrl))
    return undefined
  })
  bind(contract.readSetup, async () => ({ needed: await needsSetup(db) }))
  bind(contract.completeSetup, async ({ body, request, reply }) => {
    attempts.count(request.ip)
    return enter(reply, await completeSetup(world, body, originOf(request)))
  })
  bind(contract.acceptInvitation, async ({ body, request, reply }) => {
    attempts.count(request.ip)
    return enter(reply, await acceptInvitation(world, body, originOf(request)))
  })
  bind(contract.readOverview, async () => {
    const now = world.clock.now()
    const auditor = await auditorHealth(db, now)
    return {
      now: iso(now),
      monitors: { up: 0, degraded: 0, down: 0, unknown: 0, ...(await countVerdicts(db)) },
      openAlerts: await countUnresolved(db),
      openIncidents: await countOpenIncidents(db),
      onCall: (await onCallNow(db, now)).map((shift) => ({
        scheduleId: shift.scheduleId,
        personId: shift.personId,
        personName: shift.personName,
        until: isoOrNull(shift.until),
        next: shift.nextPersonName,
      })),
      actionsAwaitingProof: await countActionsAwaitingProof(db),
      auditor: { at: isoOrNull(auditor.lastRunAt), problems: auditor.problems },
    }
  })
  bind(contract.verifyAudit, () => verifyAudit(db))
}

function cookieSettings(publicUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') } as const
}

function originOf(request: FastifyRequest): RequestOrigin {
  return { ip: request.ip, userAgent: request.headers['user-agent'] ?? '' }
}
