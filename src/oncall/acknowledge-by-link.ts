import { type Alert, findAlert } from '../alerts/index.ts'
import { findPerson } from '../catalog/index.ts'
import type { Actor, World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { hashSecret } from '../kit/ids.ts'
import type { Reader } from '../store/store.ts'
import { type Acknowledgement, acknowledgeWholly } from './acknowledge-alert.ts'
import { findPageByHash } from './page.rows.ts'
import type { Page } from './page.ts'

/** What the page behind an acknowledgement link shows. */
export interface AckLink {
  alert: Alert
  personId: string
  personName: string
}

async function pageOf(db: Reader, secret: string): Promise<Page> {
  const page = await findPageByHash(db, hashSecret(secret))
  if (!page) throw new TocsinError('not-found', 'This acknowledgement link belongs to no page.')
  const person = await findPerson(db, page.personId)
  if (!person || person.disabledAt !== null)
    throw new TocsinError('token-spent', 'This link was made for somebody who no longer has access here.')
  return page
}

/** Whose link it is and how the alert stands; changes nothing, because mail scanners follow links. */
export async function readAckLink(world: World, secret: string): Promise<AckLink> {
  const page = await pageOf(world.store.read, secret)
  const alert = await findAlert(world.store.read, page.alertId)
  if (!alert) throw new TocsinError('not-found', 'The alert of this link is gone.')
  return { alert, personId: page.personId, personName: page.personName }
}

/** Acknowledges as the person who was paged: who holds the link got the page. */
export async function acknowledgeByLink(world: World, secret: string): Promise<Acknowledgement> {
  return world.transact(async (tx) => {
    const page = await pageOf(tx.db, secret)
    const actor: Actor = {
      id: `person:${page.personId}`,
      name: page.personName,
      role: 'responder',
      personId: page.personId,
    }
    return acknowledgeWholly(tx, world, actor, { alertId: page.alertId, via: 'link' })
  })
}
