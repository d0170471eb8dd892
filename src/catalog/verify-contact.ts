import type { World } from '../engine/world.ts'
import { TocsinError } from '../kit/errors.ts'
import { hashSecret } from '../kit/ids.ts'
import type { Reader } from '../store/store.ts'
import type { Contact, Person } from './catalog.ts'
import {
  addressKeyOf,
  findContact,
  findVerification,
  setVerified,
  spendVerification,
} from './contacts.rows.ts'
import { contactVerified } from './facts.ts'
import { findPerson } from './people.rows.ts'
import { actorOfPerson } from './person-actor.ts'

export interface Verification {
  contact: Contact
  person: Person
  /** `done` when this link has verified the contact already. */
  state: 'pending' | 'done'
}

function spent(): TocsinError {
  return new TocsinError(
    'token-spent',
    'This link has been used, has expired, or was made for another address. Ask for a new one on your profile page.',
  )
}

async function read(db: Reader, secret: string, now: number): Promise<Verification> {
  const row = await findVerification(db, hashSecret(secret))
  if (!row || row.expires_at <= now) throw spent()
  const contact = await findContact(db, row.contact_id)
  const person = contact && (await findPerson(db, contact.personId))
  if (!contact || !person || person.disabledAt !== null) throw spent()
  if ((await addressKeyOf(db, contact.id)) !== row.address_key) throw spent()
  if (row.used_at !== null && contact.state !== 'verified') throw spent()
  return { contact, person, state: row.used_at === null ? 'pending' : 'done' }
}

/** What the link is about, for the page with the button. Changes nothing: mail scanners open links. */
export function readVerification(world: World, secret: string): Promise<Verification> {
  return read(world.store.read, secret, world.clock.now())
}

/** The owner of the address pressed the button: from now on the contact counts. Pressing again is harmless. */
export function verifyContact(world: World, secret: string): Promise<Verification> {
  return world.transact(async (tx) => {
    const { contact, person, state } = await read(tx.db, secret, tx.now)
    if (state === 'done') return { contact, person, state }
    const key = await addressKeyOf(tx.db, contact.id)
    // Somebody pressed at the same moment and was faster: then their end is ours too.
    if (!(await spendVerification(tx.db, hashSecret(secret), tx.now))) return read(tx.db, secret, tx.now)
    if (await setVerified(tx.db, contact.id, key!, tx.now))
      await contactVerified.append(tx, world, {
        subject: contact.id,
        actor: actorOfPerson(person),
        data: { contactId: contact.id, personId: person.id, kind: contact.kind },
      })
    return { contact: { ...contact, state: 'verified', verifiedAt: tx.now }, person, state: 'done' }
  })
}
