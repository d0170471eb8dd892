import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/trackers.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import {
  addPromise,
  createIssue,
  type FollowUp,
  findAction,
  followUpsOf,
  type Heard,
  hearWebhook,
  linkIssue,
  listNotices,
  listStandings,
  remedyOf,
  setCounterpart,
  syncIssueNow,
  trackersOf,
  unlinkIssue,
} from '../postmortems/index.ts'
import type { RoomRoutes } from './bind.ts'
import type { HttpOptions } from './context.ts'
import { millis } from './presenting.ts'

/** How actions get done: vendors and their promises, reminders, issues in trackers. */
export const trackersRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const followUp = async (actionId: string) => {
    const action = await findAction(db, actionId)
    if (!action) throw notFound('action', actionId)
    const found = await followUpsOf(db, [action])
    return followUpView(world, found.get(actionId)!)
  }
  bind(contract.setCounterpart, async ({ actor, params: { id }, body }) => {
    await setCounterpart(world, actor, { actionId: id, with: body.with })
    return followUp(id)
  })
  bind(contract.addPromise, async ({ actor, params: { id }, body: { promisedAt, note } }) => {
    await addPromise(world, actor, { actionId: id, promisedAt: millis(promisedAt), note })
    return followUp(id)
  })
  bind(contract.readReminders, async ({ params: { id } }) => {
    if (!(await findAction(db, id))) throw notFound('action', id)
    const items = (await listNotices(db, id)).map((one) => ({
      id: one.id,
      personId: one.personId,
      reason: one.reason,
      state: one.state,
      channel: one.channel,
      detail: one.detail,
      createdAt: iso(one.createdAt),
      settledAt: isoOrNull(one.settledAt),
    }))
    return { items, next: null }
  })
  bind(contract.listTrackers, async () => {
    const standings = await listStandings(db)
    const items = [...trackersOf(world).byName.values()].map(({ name, kind, settings }) => {
      const standing = standings.get(name)
      const { title } = kind
      const paused =
        standing && standing.pausedUntil > world.clock.now()
          ? {
              until: iso(standing.pausedUntil),
              reason: standing.reason,
              detail: standing.detail,
              remedy: remedyOf(standing.reason, name),
            }
          : null
      const { url, project, webhookSecret } = settings
      return { name, kind: kind.kind, title, url, project, hears: webhookSecret !== undefined, paused }
    })
    return { items, next: null }
  })
  bind(contract.createIssue, async ({ actor, params: { id }, body: { tracker, url } }) => {
    if (url !== undefined) await linkIssue(world, actor, { actionId: id, url })
    else await createIssue(world, actor, { actionId: id, tracker: tracker! })
    return followUp(id)
  })
  bind(contract.syncIssue, async ({ actor, params: { id } }) => {
    await syncIssueNow(world, actor, { actionId: id })
    return followUp(id)
  })
  bind(contract.unlinkIssue, async ({ actor, params: { id } }) => {
    await unlinkIssue(world, actor, { actionId: id })
    return undefined
  })
}

/** The follow-up of an action as the API shows it. */
export function followUpView(world: HttpOptions['world'], of: FollowUp): contract.FollowUp {
  const { issue } = of
  return {
    with: of.counterpart,
    promises: of.promises.map((one) => ({
      id: one.id,
      by: one.counterpart,
      promisedAt: iso(one.promisedAt),
      note: one.note,
      writtenBy: one.actorName,
      writtenAt: iso(one.at),
    })),
    ownerWritten: of.writtenOwner,
    ownerMeant: of.meant,
    issue: issue && {
      tracker: issue.tracker,
      kind: trackersOf(world).byName.get(issue.tracker)?.kind.kind ?? null,
      project: issue.project,
      number: issue.number,
      url: issue.url,
      title: issue.title,
      state: issue.state,
      lookedAt: isoOrNull(issue.lookedAt),
      nextAt: isoOrNull(issue.nextAt),
      failure: issue.failure && {
        reason: issue.failure,
        detail: issue.failureDetail ?? '',
        remedy: remedyOf(issue.failure, issue.tracker),
        since: isoOrNull(issue.failedAt),
      },
      askedBy: issue.askedByName,
      askedAt: iso(issue.askedAt),
    },
  }
}

const STATUS: Record<Heard, number> = {
  looks: 202,
  'no-issue-of-ours': 202,
  'heard-before': 202,
  unknown: 404,
  unsigned: 401,
  wrong: 401,
  unreadable: 400,
}
// An issue with its text, its project and who did it.
const WEBHOOK_LIMIT = 5_000_000

/** Webhooks of trackers: `POST /trackers/<name>/webhook`, signed in the way of the tracker. */
export function serveTrackers(app: FastifyInstance, { world }: HttpOptions): void {
  app.removeAllContentTypeParsers()
  // The signature is over the bytes: they are read as they are.
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: WEBHOOK_LIMIT }, (_request, body, done) =>
    done(null, body),
  )
  app.post<{ Params: { name: string } }>(
    '/trackers/:name/webhook',
    { bodyLimit: WEBHOOK_LIMIT },
    async (request, reply) => {
      const heard = await hearWebhook(world, {
        tracker: request.params.name,
        headers: request.headers,
        body: typeof request.body === 'string' ? request.body : '',
      })
      return reply.code(STATUS[heard]).header('cache-control', 'no-store').send({ heard })
    },
  )
}
