import type { Actor, Tx, World } from '../engine/world.ts'
import { addContactIn } from './add-contact.ts'
import { addressKey, listContacts, moveContact } from './contacts.rows.ts'
import { removeContactIn } from './remove-contact.ts'

/** A contact as the file names it. */
export interface WantedContact {
  kind: string
  address: Record<string, unknown>
  key: string
}

/**
 * Makes a person's contacts those of the file, in its order; those that the person added follow behind. An
 * address that is there already keeps its verification: only a new one is asked, once.
 */
export async function applyContacts(
  tx: Tx,
  world: World,
  actor: Actor,
  personId: string,
  wanted: WantedContact[],
): Promise<void> {
  const there = new Map(
    (await listContacts(tx.db, personId)).map((contact) => [
      addressKey(contact.kind, contact.address),
      contact,
    ]),
  )
  for (const [key, contact] of there) {
    if (contact.managedBy !== 'file' || wanted.some((want) => want.key === key)) continue
    await removeContactIn(tx, world, actor, contact)
    there.delete(key)
  }
  for (const [i, { kind, address, key }] of wanted.entries()) {
    const position = i + 1
    const contact = there.get(key)
    there.delete(key)
    if (!contact) await addContactIn(tx, world, actor, { personId, position, kind, address }, 'file')
    else if (contact.position !== position || contact.managedBy !== 'file')
      await moveContact(tx.db, contact.id, position, 'file')
  }
  for (const [i, contact] of [...there.values()].entries()) {
    const position = wanted.length + i + 1
    if (contact.position !== position) await moveContact(tx.db, contact.id, position, 'api')
  }
}
