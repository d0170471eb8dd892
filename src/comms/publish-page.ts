import { authorize } from '../engine/authorize.ts'
import type { OutboxHandler } from '../engine/outbox.ts'
import { type Actor, systemActor, type World } from '../engine/world.ts'
import { SECOND } from '../kit/duration.ts'
import { reasonOf } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { statusPagePublished } from './facts.ts'
import { PAGE_STYLE } from './page-style.ts'
import { insertSnapshot } from './public-page.rows.ts'
import { readSnapshot } from './read-snapshot.ts'
import { documentPath, renderDocumentPage } from './render-document-page.ts'
import { renderFeed } from './render-feed.ts'
import { renderIncidentPage, renderPage } from './render-page.ts'
import { renderStatuspageJson } from './render-statuspage-json.ts'
import { enqueuePublication } from './request-publication.ts'
import type { PageSnapshot } from './status-page.ts'
import { writeFiles } from './write-files.ts'

/** Every public file by its path, from one snapshot. */
export function renderFiles(snapshot: PageSnapshot): Record<string, string> {
  const files: Record<string, string> = {
    'index.html': renderPage(snapshot),
    'style.css': PAGE_STYLE,
    'history.atom': renderFeed(snapshot),
  }
  for (const incident of snapshot.incidents) {
    files[`incidents/${incident.id}.html`] = renderIncidentPage(snapshot, incident)
    if (incident.document)
      files[documentPath(incident.id)] = renderDocumentPage(snapshot, incident, incident.document)
  }
  for (const [path, body] of Object.entries(renderStatuspageJson(snapshot)))
    files[`api/v2/${path}`] = `${JSON.stringify(body)}\n`
  return files
}

/** Renders what the store says now and puts it into the public directory; answers the snapshot's id. */
export async function writePage(world: World, publicDirectory: string, as?: string): Promise<string> {
  const now = world.clock.now()
  const id = as ?? newId(now)
  const snapshot = await readSnapshot(world.store.read, { id, now, publicUrl: world.publicUrl })
  await writeFiles(publicDirectory, id, renderFiles(snapshot))
  return id
}

/** Publishes from the outbox: whatever was queued, the page is made of what the store says at that moment. */
export function publishHandler(publicDirectory: string): OutboxHandler {
  return {
    attempts: 12,
    timeoutMs: 30 * SECOND,
    async deliver(world) {
      // A drill's world has a store of its own; its page is nobody's business (invariant 7).
      if (world.drill) return { result: 'refused', reason: 'a drill publishes nothing' }
      try {
        return { result: 'sent', detail: await writePage(world, publicDirectory) }
      } catch (error) {
        return { result: 'retry', reason: reasonOf(error) }
      }
    },
    async settled(tx, world, _item, delivery) {
      if (delivery.result !== 'sent') return
      const snapshotId = delivery.detail!
      await insertSnapshot(tx, snapshotId, world.instance)
      await statusPagePublished.append(tx, world, {
        subject: snapshotId,
        actor: systemActor('comms'),
        data: { snapshotId },
      })
    },
  }
}

/** Asks for a publication without waiting for a change. */
export async function publishNow(world: World, actor: Actor): Promise<void> {
  authorize(actor, 'responder')
  await world.transact((tx) => enqueuePublication(tx))
}
