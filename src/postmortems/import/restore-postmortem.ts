import { createHash } from 'node:crypto'
import { findPerson } from '../../catalog/index.ts'
import type { DocumentedAction, PostmortemDocument } from '../../contract/postmortem-document.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { iso } from '../../kit/clock.ts'
import { newId } from '../../kit/ids.ts'
import { restoreFollowUp } from '../actions/restore-follow-up.ts'
import { insertCarried } from '../export/carried.rows.ts'
import { type Made, saidElsewhere } from '../export/carried.rules.ts'
import { actionCreated, postmortemDrafted } from '../facts.ts'
import type { Action, Category } from '../postmortem.ts'
import {
  findAction,
  findPostmortem,
  insertAction,
  insertPostmortem,
  insertRevision,
} from '../postmortems.rows.ts'
import { findImported, hasReading, insertReading, insertSource } from './sources.rows.ts'

const LONGEST_REASON = 500

/**
 * Drafts a post-mortem from the export of another Tocsin. Text, actions with their vendors and promises, and the document
 * that it once came from are ours from then on; what only the other can vouch for (states, proofs, issues in its
 * trackers, reviews, the incident) is kept beside them and leaves again with the next export. False where the post-mortem stands here already: it is not overwritten.
 */
export async function restorePostmortemIn(
  tx: Tx,
  world: World,
  actor: Actor,
  { document, name }: { document: PostmortemDocument; name: string },
): Promise<boolean> {
  const { id } = document
  if (await findPostmortem(tx.db, id)) return false
  await insertPostmortem(tx, {
    id,
    incidentId: null,
    title: document.title,
    body: document.body,
    categories: document.categories as Category[],
    keywords: document.keywords,
    state: 'draft',
    reason: 'imported-from-document',
    since: tx.now,
    version: document.version,
    // Nobody waits for it here.
    draftDueAt: null,
    dueAt: null,
    createdAt: Math.min(Date.parse(document.createdAt), tx.now),
    updatedAt: tx.now,
  })
  await insertRevision(tx, id, {
    version: document.version,
    title: document.title,
    body: document.body,
    actor: actor.id,
    actorName: actor.name,
    at: tx.now,
  })
  await postmortemDrafted.append(tx, world, {
    subject: id,
    actor,
    data: { postmortemId: id, incidentId: null },
  })
  const actions: Made['actions'] = []
  for (const action of document.actions) actions.push(await restoreAction(tx, world, actor, id, action))
  await restoreSource(tx, actor, document)
  await insertCarried(
    tx,
    { document, made: { at: iso(tx.now), version: document.version, actions } },
    { name, actor: actor.id, actorName: actor.name },
  )
  return true
}

/** An action begins here as an open one, also where it was proved elsewhere: that proof was of other monitors. */
async function restoreAction(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortemId: string,
  action: DocumentedAction,
): Promise<Made['actions'][number]> {
  const { title, type, criterion, drill } = action
  const reason = saidElsewhere(action)
  const made: Action = {
    id: (await findAction(tx.db, action.id)) ? newId(tx.now) : action.id,
    postmortemId,
    title,
    type,
    owner: await ownerHere(tx, action),
    dueAt: action.dueAt === null ? null : Date.parse(action.dueAt),
    criterion,
    drillId: drill,
    state: 'open',
    reason: reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1)}…` : reason,
    since: tx.now,
    claimedBy: null,
    drillRunId: null,
    createdAt: tx.now,
  }
  await insertAction(tx, made)
  await actionCreated.append(tx, world, {
    subject: made.id,
    actor,
    data: { actionId: made.id, postmortemId, title, drillId: drill },
  })
  await restoreFollowUp(tx, world, actor, made.id, action)
  return { id: made.id, of: action.id, owner: made.owner }
}

/** Somebody of the same id and the same name is taken for the same person. */
async function ownerHere(tx: Tx, { owner }: DocumentedAction): Promise<string | null> {
  if (owner === null) return null
  const person = await findPerson(tx.db, owner.id)
  return person && person.disabledAt === null && person.name === owner.name ? person.id : null
}

/** The document that it was imported from there, so that it is known here too. */
async function restoreSource(tx: Tx, actor: Actor, { id, source }: PostmortemDocument): Promise<void> {
  if (!source) return
  // Of the text itself, not what the export says: it decides which documents count as known.
  const hash = createHash('sha256').update(source.text).digest('hex')
  const known = await findImported(tx.db, hash)
  const sourceId = known?.sourceId ?? newId(tx.now)
  if (!known)
    await insertSource(
      tx,
      {
        id: sourceId,
        hash,
        name: source.name,
        format: source.format,
        text: source.text,
        findings: source.findings as never,
        importedAt: tx.now,
        actorName: actor.name,
      },
      actor.id,
    )
  if (!(await hasReading(tx.db, sourceId, source.incident)))
    await insertReading(tx, {
      postmortemId: id,
      sourceId,
      incident: source.incident,
      reading: source.reading as never,
    })
}
