import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { canonicalJson, parseJson } from '../kit/json.ts'
import type { ContactsTable, ContactVerificationsTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { Contact, ManagedBy } from './catalog.ts'

/** Tells addresses apart whatever the order of their fields. */
export function addressKey(kind: string, address: Record<string, unknown>): string {
  return createHash('sha256')
    .update(`${kind} ${canonicalJson(address)}`)
    .digest('hex')
}

function toContact(row: Selectable<ContactsTable>): Contact {
  return {
    id: row.id,
    personId: row.person_id,
    position: row.position,
    kind: row.kind,
    address: parseJson(row.address),
    state: row.state,
    managedBy: row.managed_by,
    verifiedAt: row.verified_at,
    verificationAskedAt: row.verification_asked_at,
  }
}

/** The contacts of a person, or of everybody, in the order in which they are tried. */
export async function listContacts(db: Reader, personId?: string): Promise<Contact[]> {
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('removed_at', 'is', null)
    .$if(personId !== undefined, (query) => query.where('person_id', '=', personId!))
    .orderBy('person_id')
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(toContact)
}

/** The contacts that count: verified, of a person who is not disabled, in the order in which they are tried. */
export async function verifiedContacts(db: Reader, personId: string): Promise<Contact[]> {
  const rows = await db
    .selectFrom('contacts')
    .innerJoin('people', 'people.id', 'contacts.person_id')
    .selectAll('contacts')
    .where('contacts.person_id', '=', personId)
    .where('contacts.state', '=', 'verified')
    .where('contacts.removed_at', 'is', null)
    .where('people.disabled_at', 'is', null)
    .orderBy('contacts.position')
    .orderBy('contacts.id')
    .execute()
  return rows.map(toContact)
}

/** The contact with this id unless it was removed, or null. */
export async function findContact(db: Reader, id: string): Promise<Contact | null> {
  const row = await db
    .selectFrom('contacts')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? toContact(row) : null
}

export async function insertContact(
  db: Db,
  contact: Pick<Contact, 'id' | 'personId' | 'position' | 'kind' | 'address'>,
  managedBy: ManagedBy,
  now: number,
): Promise<void> {
  await db
    .insertInto('contacts')
    .values({
      id: contact.id,
      person_id: contact.personId,
      position: contact.position,
      kind: contact.kind,
      address: canonicalJson(contact.address),
      address_key: addressKey(contact.kind, contact.address),
      state: 'unverified',
      managed_by: managedBy,
      created_at: now,
      verified_at: null,
      verification_asked_at: null,
      removed_at: null,
    })
    .execute()
}

/** Another address is another thing to verify. */
export async function changeContactAddress(
  db: Db,
  contact: Contact,
  address: Record<string, unknown>,
): Promise<void> {
  await db
    .updateTable('contacts')
    .set({
      address: canonicalJson(address),
      address_key: addressKey(contact.kind, address),
      state: 'unverified',
      verified_at: null,
      verification_asked_at: null,
    })
    .where('id', '=', contact.id)
    .execute()
}

export async function moveContact(db: Db, id: string, position: number, managedBy: ManagedBy): Promise<void> {
  await db.updateTable('contacts').set({ position, managed_by: managedBy }).where('id', '=', id).execute()
}

export async function removeContactRow(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('contacts')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Notes that a verification goes out, unless one did after `notSince`. */
export async function askVerification(db: Db, id: string, now: number, notSince: number): Promise<boolean> {
  const result = await db
    .updateTable('contacts')
    .set({ verification_asked_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .where((eb) =>
      eb.or([eb('verification_asked_at', 'is', null), eb('verification_asked_at', '<=', notSince)]),
    )
    .executeTakeFirst()
  return touched(result) > 0
}

export async function insertVerification(
  db: Db,
  row: Omit<ContactVerificationsTable, 'used_at'>,
): Promise<void> {
  await db
    .insertInto('contact_verifications')
    .values({ ...row, used_at: null })
    .execute()
}

export async function findVerification(
  db: Reader,
  secretHash: string,
): Promise<Selectable<ContactVerificationsTable> | null> {
  const row = await db
    .selectFrom('contact_verifications')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  return row ?? null
}

/** Spends the link; answers false when somebody was faster. */
export async function spendVerification(db: Db, secretHash: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('contact_verifications')
    .set({ used_at: now })
    .where('secret_hash', '=', secretHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

/** unverified → verified, for just the address that was asked; answers whether it changed. */
export async function setVerified(db: Db, contactId: string, key: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('contacts')
    .set({ state: 'verified', verified_at: now })
    .where('id', '=', contactId)
    .where('address_key', '=', key)
    .where('state', '=', 'unverified')
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

export async function addressKeyOf(db: Reader, contactId: string): Promise<string | null> {
  const row = await db
    .selectFrom('contacts')
    .select('address_key')
    .where('id', '=', contactId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row?.address_key ?? null
}

export async function purgeVerifications(db: Db, before: number): Promise<void> {
  await db.deleteFrom('contact_verifications').where('expires_at', '<', before).execute()
}
