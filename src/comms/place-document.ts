import { z } from 'zod'
import { id, name } from '../contract/route.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, Tx, World } from '../engine/world.ts'
import { wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import { endDocument, insertDocument, standingDocuments } from './public-documents.rows.ts'
import { findPublicIncident, putPublicIncident } from './public-page.rows.ts'
import { requestPublication } from './request-publication.ts'

const placeDocumentInput = z.strictObject({
  incidentId: id,
  title: name,
  /** Markdown; HTML in it is shown as text. Whoever places it answers for what it says. */
  body: z.string().trim().min(1).max(200_000),
})
export type PlaceDocumentInput = z.input<typeof placeDocumentInput>

export interface PlacedDocument {
  documentId: string
  publishedAt: number
}

/** Puts a longer text to a public incident, in the place of the one that stood there, within the caller's transaction. */
export async function placeDocumentIn(
  tx: Tx,
  world: World,
  actor: Actor,
  input: PlaceDocumentInput,
): Promise<PlacedDocument> {
  authorize(actor, 'editor')
  const { incidentId, title, body } = parseInput(placeDocumentInput, input)
  const incident = await findPublicIncident(tx.db, incidentId)
  if (!incident)
    throw wrongState(
      'The public has not been told of this incident: publish an update about it first, and the post-mortem after that.',
    )
  const before = (await standingDocuments(tx.db, [incidentId])).get(incidentId)
  const document = {
    ...{ id: newId(tx.now), incidentId, title, body, publishedAt: tx.now },
    firstPublishedAt: before?.firstPublishedAt ?? tx.now,
  }
  const isAlone = before === undefined || (await endDocument(tx, before.id, 'replaced'))
  if (!isAlone || !(await insertDocument(tx, document)))
    throw wrongState('Somebody else published at the same moment: look again.')
  // An incident that is over for long comes back to the page with it.
  await putPublicIncident(tx, { ...incident, updatedAt: tx.now })
  await requestPublication(tx, world)
  return { documentId: document.id, publishedAt: tx.now }
}

/** Takes a text off the page again; false when it does not stand there. */
export async function removeDocumentIn(
  tx: Tx,
  world: World,
  actor: Actor,
  documentId: string,
): Promise<boolean> {
  authorize(actor, 'editor')
  if (!(await endDocument(tx, documentId, 'withdrawn'))) return false
  await requestPublication(tx, world)
  return true
}
