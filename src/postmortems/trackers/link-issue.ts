import { z } from 'zod'
import { id, slug } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { isWaiting } from '../actions/reminders.rules.ts'
import type { Action } from '../postmortem.ts'
import { findAction } from '../postmortems.rows.ts'
import { requireTracker, trackersOf } from './configured-trackers.ts'
import { actionIssueAsked, actionIssueUnlinked } from './facts.ts'
import { type ActionIssue, deleteIssue, findIssue, insertIssue, updateIssue } from './issues.rows.ts'
import { pausedUntil, resumeMended } from './standings.rows.ts'
import { syncBy } from './sync-timer.ts'
import type { IssueRef } from './tracker.ts'

const createInput = z.strictObject({ actionId: id, tracker: slug })

/** Asks for an issue of the action in a tracker; it is created after this transaction, and once. */
export async function createIssue(
  world: World,
  actor: Actor,
  input: z.input<typeof createInput>,
): Promise<ActionIssue> {
  authorize(actor, 'responder')
  const { actionId, tracker } = parseInput(createInput, input)
  const { settings } = requireTracker(world, tracker)
  return world.transact(async (tx) => {
    const action = await requireAction(tx, actionId)
    if (!isWaiting(action.state))
      throw wrongState(`The action is ${action.state}: nobody has to do it any more.`)
    return begin(tx, world, actor, actionId, tracker, { project: settings.project, number: null, url: null })
  })
}

const linkInput = z.strictObject({ actionId: id, url: z.string().trim().max(2_000) })

/** Links an issue that is there, by the address that people copy from their browser. */
export async function linkIssue(
  world: World,
  actor: Actor,
  input: z.input<typeof linkInput>,
): Promise<ActionIssue> {
  authorize(actor, 'responder')
  const { actionId, url } = parseInput(linkInput, input)
  const { tracker, ref, href } = readAddress(world, url)
  return world.transact(async (tx) => {
    await requireAction(tx, actionId)
    return begin(tx, world, actor, actionId, tracker, { ...ref, url: href })
  })
}

function readAddress(world: World, text: string): { tracker: string; ref: IssueRef; href: string } {
  const url = URL.parse(text)
  const found = [...trackersOf(world).byName.values()].flatMap(({ name, kind, settings }) => {
    const ref = url && kind.readUrl(settings, url)
    return ref
      ? [{ tracker: name, ref, own: ref.project.toLowerCase() === settings.project.toLowerCase() }]
      : []
  })
  const best = found.find(({ own }) => own) ?? found[0]
  if (best && url) return { ...best, href: `${url.origin}${url.pathname}` }
  const places = [...trackersOf(world).byName.values()].map(({ settings }) => settings.url)
  throw new TocsinError(
    'invalid-input',
    'url: is not the address of an issue of a tracker that is configured.',
    [
      {
        path: 'url',
        message: 'is not the address of an issue of a tracker that is configured',
        remedy:
          places.length > 0
            ? `Copy the address of an issue at ${[...new Set(places)].join(' or ')}.`
            : 'Add the tracker under postmortems.trackers in the configuration.',
      },
    ],
  )
}

async function begin(
  tx: Tx,
  world: World,
  actor: Actor,
  actionId: string,
  tracker: string,
  place: { project: string; number: string | null; url: string | null },
): Promise<ActionIssue> {
  const { project, number } = place
  const asked = { actionId, tracker, ...place, askedBy: actor.id, askedByName: actor.name }
  if (!(await insertIssue(tx, asked)))
    throw new TocsinError('duplicate', 'The action has an issue already: remove that link first.')
  await actionIssueAsked.append(tx, world, {
    subject: actionId,
    actor,
    data: { actionId, tracker, project, number },
  })
  await syncBy(tx, actionId, tx.now)
  return (await findIssue(tx.db, actionId))!
}

const byAction = z.strictObject({ actionId: id })

/** Forgets the issue of an action; in the tracker it stays as it is. */
export async function unlinkIssue(
  world: World,
  actor: Actor,
  input: z.input<typeof byAction>,
): Promise<void> {
  authorize(actor, 'responder')
  const { actionId } = parseInput(byAction, input)
  await world.transact(async (tx) => {
    const issue = await requireIssue(tx, actionId)
    await deleteIssue(tx, actionId)
    await actionIssueUnlinked.append(tx, world, {
      subject: actionId,
      actor,
      data: { actionId, tracker: issue.tracker, number: issue.number },
    })
  })
}

/** Tries it now, after somebody has mended what kept it; a limit of the tracker is waited for all the same. */
export async function syncIssueNow(
  world: World,
  actor: Actor,
  input: z.input<typeof byAction>,
): Promise<ActionIssue> {
  authorize(actor, 'responder')
  const { actionId } = parseInput(byAction, input)
  return world.transact(async (tx) => {
    const issue = await requireIssue(tx, actionId)
    await resumeMended(tx)
    const paused = await pausedUntil(tx.db, issue.tracker)
    if (paused > tx.now)
      throw wrongState(`The tracker asked not to be asked before ${new Date(paused).toISOString()}.`)
    await updateIssue(tx, actionId, { next_at: tx.now })
    await syncBy(tx, actionId, tx.now)
    return issue
  })
}

async function requireAction(tx: Tx, actionId: string): Promise<Action> {
  const action = await findAction(tx.db, actionId)
  if (!action) throw notFound('action', actionId)
  return action
}

async function requireIssue(tx: Tx, actionId: string): Promise<ActionIssue> {
  const issue = await findIssue(tx.db, actionId)
  if (!issue) throw notFound('issue of the action', actionId)
  return issue
}
