import { createHash } from 'node:crypto'
import { z } from 'zod'
import { listPeople } from '../../catalog/index.ts'
import type { PostmortemDocument } from '../../contract/postmortem-document.ts'
import { CORRECTED_TOPICS } from '../../contract/postmortem-imports.ts'
import { toName } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { newId } from '../../kit/ids.ts'
import { parseInput } from '../../kit/parse.ts'
import type { Reader } from '../../store/store.ts'
import { matchOwner } from '../actions/match-owner.rules.ts'
import { insertWrittenOwner } from '../actions/written-owners.rows.ts'
import { actionCreated, postmortemDrafted } from '../facts.ts'
import type { Action, Postmortem } from '../postmortem.ts'
import { findPostmortem, insertAction, insertPostmortem, insertRevision } from '../postmortems.rows.ts'
import { prompt } from '../sections.rules.ts'
import { actionType } from './action-type.rules.ts'
import { decodeBytes, isPdf } from './decode-bytes.ts'
import { importedBody } from './imported-body.rules.ts'
import type { Given } from './read-document.ts'
import { readOwnDocument } from './read-own-document.ts'
import type { ReadAction, ReadIncident, Reading } from './reading.ts'
import { restorePostmortemIn } from './restore-postmortem.ts'
import { findImported, findSourceNamed, insertReading, insertSource } from './sources.rows.ts'
import type { Day } from './time/resolve-time.ts'

const LARGEST = 20_000_000

const importPostmortemInput = z.strictObject({
  /** The name of the file, or what a person calls it. */
  name: z.string().trim().min(1).max(500),
  content: z.union([
    z.string().max(LARGEST),
    z.custom<Uint8Array>(
      (bytes) => bytes instanceof Uint8Array && bytes.length <= LARGEST,
      'must be text, or bytes of 20 MB at most',
    ),
  ]),
  mediaType: z.string().max(200).optional(),
  /** The name of a format, where neither name nor text tell it. */
  format: z.string().max(40).optional(),
  /** What a reviewer said of parts of the source: counted in the text that was read. */
  corrections: z
    .array(
      z.strictObject({
        from: z.number().int().min(0),
        to: z.number().int().min(0),
        as: z.enum(CORRECTED_TOPICS),
      }),
    )
    .max(500)
    .optional(),
})
export type ImportPostmortemInput = z.input<typeof importPostmortemInput>

export const IMPORT_OUTCOMES = ['imported', 'known', 'nothing-found', 'read'] as const
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number]

export interface Imported {
  /** `known`: the same text was imported before. `read`: only looked at. */
  outcome: ImportOutcome
  name: string
  /** SHA-256 of the text that was read. */
  hash: string
  /** In the order of the document. */
  postmortemIds: string[]
  /** A document of the same name with another text was imported before. */
  earlier: boolean
  reading: Reading
}

/** Reads a document without any world; the readers are loaded when one is read. */
export async function readPostmortemDocument(content: Uint8Array | string, given: Given): Promise<Reading> {
  const { readDocument } = await import('./read-document.ts')
  return readDocument(content, given)
}

/** Reads a document and stores nothing. */
export async function previewImport(
  world: World,
  actor: Actor,
  input: ImportPostmortemInput,
): Promise<Imported> {
  authorize(actor, 'responder')
  const { given, reading, hash, own } = await read(world, input)
  const known = own ? await standsHere(world.store.read, own) : await findImported(world.store.read, hash)
  return {
    outcome: known ? 'known' : reading.incidents.length === 0 ? 'nothing-found' : 'read',
    name: given.name,
    hash,
    postmortemIds: known?.postmortemIds ?? [],
    earlier: !known && (await findSourceNamed(world.store.read, given.name)) !== null,
    reading,
  }
}

/** Reads a document and drafts a post-mortem of each incident that it tells; the same text is imported once. */
export async function importPostmortem(
  world: World,
  actor: Actor,
  input: ImportPostmortemInput,
): Promise<Imported> {
  authorize(actor, 'responder')
  const { given, reading, hash, own } = await read(world, input)
  if (own) return restore(world, actor, own, { name: given.name, hash, reading })
  if (reading.incidents.length === 0)
    return { outcome: 'nothing-found', name: given.name, hash, postmortemIds: [], earlier: false, reading }
  return world.transact(async (tx) => {
    const known = await findImported(tx.db, hash)
    const answer = { name: given.name, hash, reading }
    if (known) return { ...answer, outcome: 'known', postmortemIds: known.postmortemIds, earlier: false }
    const earlier = (await findSourceNamed(tx.db, given.name)) !== null
    const sourceId = newId(tx.now)
    const kept = await insertSource(
      tx,
      {
        id: sourceId,
        hash,
        name: given.name,
        format: reading.format,
        text: reading.source,
        findings: reading.findings,
        importedAt: tx.now,
        actorName: actor.name,
      },
      actor.id,
    )
    if (!kept) {
      // Somebody imported it at the same moment.
      const theirs = await findImported(tx.db, hash)
      return { ...answer, outcome: 'known', postmortemIds: theirs?.postmortemIds ?? [], earlier: false }
    }
    const postmortemIds: string[] = []
    for (const [incident, one] of reading.incidents.entries()) {
      const postmortemId = await draftOf(tx, world, actor, one, given.name)
      await insertReading(tx, { postmortemId, sourceId, incident, reading: one })
      postmortemIds.push(postmortemId)
    }
    return { ...answer, outcome: 'imported', postmortemIds, earlier }
  })
}

/** The export of another Tocsin, or of this one, becomes what it was. */
async function restore(
  world: World,
  actor: Actor,
  document: PostmortemDocument,
  answer: Pick<Imported, 'name' | 'hash' | 'reading'>,
): Promise<Imported> {
  const restored = await world.transact((tx) =>
    restorePostmortemIn(tx, world, actor, { document, name: answer.name }),
  )
  return { ...answer, outcome: restored ? 'imported' : 'known', postmortemIds: [document.id], earlier: false }
}

async function standsHere(
  db: Reader,
  { id }: PostmortemDocument,
): Promise<{ postmortemIds: string[] } | null> {
  return (await findPostmortem(db, id)) ? { postmortemIds: [id] } : null
}

function ownDocument(content: string | Uint8Array): PostmortemDocument | null {
  if (typeof content === 'string') return readOwnDocument(content)
  return isPdf(content) ? null : readOwnDocument(decodeBytes(content).text)
}

async function read(world: World, input: ImportPostmortemInput) {
  const given = parseInput(importPostmortemInput, input)
  const now = new Date(world.clock.now())
  const today: Day = { year: now.getUTCFullYear(), month: now.getUTCMonth() + 1, day: now.getUTCDate() }
  const { name, mediaType, format, corrections } = given
  const reading = await readPostmortemDocument(given.content, { name, mediaType, format, corrections, today })
  const hash = createHash('sha256').update(reading.source).digest('hex')
  return { given, reading, hash, own: ownDocument(given.content) }
}

async function draftOf(
  tx: Tx,
  world: World,
  actor: Actor,
  incident: ReadIncident,
  name: string,
): Promise<string> {
  const postmortem: Omit<Postmortem, 'actionIds'> = {
    id: newId(tx.now),
    incidentId: null,
    title: toName(incident.title?.value ?? name) || 'Imported post-mortem',
    body: importedBody(incident),
    categories: [],
    keywords: [],
    state: 'draft',
    reason: 'imported-from-document',
    since: tx.now,
    version: 1,
    // It was discussed where it comes from: nobody waits for it here.
    draftDueAt: null,
    dueAt: null,
    createdAt: tx.now,
    updatedAt: tx.now,
  }
  await insertPostmortem(tx, postmortem)
  const { id, title, body } = postmortem
  await insertRevision(tx, id, {
    version: 1,
    title,
    body,
    actor: actor.id,
    actorName: actor.name,
    at: tx.now,
  })
  await postmortemDrafted.append(tx, world, {
    subject: id,
    actor,
    data: { postmortemId: id, incidentId: null },
  })
  for (const action of incident.actions) await importAction(tx, world, actor, id, action)
  return id
}

const REASONS = {
  done: 'the document says that it is done',
  in_progress: 'the document says that it is in progress',
  open: 'the document says that it is open',
} as const

/** An action of a document is open here, whatever the document says: only a proof closes it, and first it needs a criterion. */
async function importAction(
  tx: Tx,
  world: World,
  actor: Actor,
  postmortemId: string,
  read: ReadAction,
): Promise<void> {
  const title = toName(read.text.value)
  if (title === '') return
  const action: Action = {
    id: newId(tx.now),
    postmortemId,
    title,
    type: actionType(read.text.value),
    owner: await ownerOf(tx, read),
    dueAt: dueAt(read),
    criterion: prompt('what will show that it is done.'),
    drillId: null,
    state: 'open',
    reason: read.status ? REASONS[read.status.value] : 'the document does not say its state',
    since: tx.now,
    claimedBy: null,
    drillRunId: null,
    createdAt: tx.now,
  }
  await insertAction(tx, action)
  if (read.owner) await insertWrittenOwner(tx, action.id, read.owner.value)
  await actionCreated.append(tx, world, {
    subject: action.id,
    actor,
    data: { actionId: action.id, postmortemId, title, drillId: null },
  })
}

/** Whom the document means, where that is exactly one person; its own words stay beside it. */
async function ownerOf(tx: Tx, { owner }: ReadAction): Promise<string | null> {
  const match = owner && matchOwner(owner.value, await listPeople(tx.db))
  return match?.outcome === 'matched' ? match.personId : null
}

function dueAt({ due }: ReadAction): number | null {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(due?.value ?? '')
  if (!m) return null
  const at = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]))
  return at > 0 ? at : null
}
