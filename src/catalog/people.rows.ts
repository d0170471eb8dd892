import type { Selectable } from 'kysely'
import type { Role } from '../contract/route.ts'
import type { PeopleTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { ManagedBy, Person } from './catalog.ts'

export interface PersonValues {
  id: string
  name: string
  email: string
  role: Role
  timezone: string
}

export function emailKey(email: string): string {
  return email.trim().toLowerCase()
}

function toPerson(row: Selectable<PeopleTable>): Person {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    timezone: row.timezone,
    hasPassword: row.password_hash !== null,
    managedBy: row.managed_by,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  }
}

/** Everybody by name; those who are disabled only where they are asked for. */
export async function listPeople(db: Reader, options: { disabled?: boolean } = {}): Promise<Person[]> {
  const rows = await db
    .selectFrom('people')
    .selectAll()
    .$if(!options.disabled, (query) => query.where('disabled_at', 'is', null))
    .orderBy((eb) => eb.fn('lower', ['name']))
    .orderBy('id')
    .execute()
  return rows.map(toPerson)
}

/** The person with this id, also when disabled, or null. */
export async function findPerson(db: Reader, id: string): Promise<Person | null> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toPerson(row) : null
}

/** Who signs in with this address, with the stored hash of the password; never somebody disabled. */
export async function findAccount(
  db: Reader,
  email: string,
): Promise<{ person: Person; passwordHash: string | null } | null> {
  const row = await db
    .selectFrom('people')
    .selectAll()
    .where('email_key', '=', emailKey(email))
    .executeTakeFirst()
  return row && row.disabled_at === null ? { person: toPerson(row), passwordHash: row.password_hash } : null
}

/** The stored hash of a person's password, for the change of it. */
export async function passwordHashOf(db: Reader, personId: string): Promise<string | null> {
  const row = await db
    .selectFrom('people')
    .select('password_hash')
    .where('id', '=', personId)
    .executeTakeFirst()
  return row?.password_hash ?? null
}

/** Writes a person as they shall be: new, changed or enabled again. The password is not touched. */
export async function putPerson(
  db: Db,
  person: PersonValues,
  managedBy: ManagedBy,
  now: number,
): Promise<void> {
  const { id, ...rest } = person
  const values = {
    ...rest,
    email_key: emailKey(person.email),
    managed_by: managedBy,
    updated_at: now,
    disabled_at: null,
  }
  await db
    .insertInto('people')
    .values({ id, created_at: now, password_hash: null, password_set_at: null, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
}

/** Lets go of the address, which somebody else is about to take. */
export async function freeEmail(db: Db, id: string): Promise<void> {
  await db.updateTable('people').set({ email_key: null }).where('id', '=', id).execute()
}

/** Disables a person: history keeps them, the address is free, the password is gone. */
export async function disablePersonRow(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('people')
    .set({ disabled_at: now, updated_at: now, email_key: null, password_hash: null })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

export async function setPasswordHash(db: Db, id: string, hash: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('people')
    .set({ password_hash: hash, password_set_at: now })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

/** Administrators who can sign in, other than `except`. */
export async function countAdministrators(db: Reader, except: string | null = null): Promise<number> {
  const rows = await db
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .execute()
  return rows.filter((row) => row.id !== except).length
}
