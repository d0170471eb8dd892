import { findTimer, setTimer, type TimerHandler } from '../../engine/timers.ts'
import type { Tx, World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import { newId } from '../../kit/ids.ts'
import type { Postmortem } from '../postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { ITEM_REASONS } from './item.ts'
import { insertItem, listItems, noteItemsRead, placeItem, unreadPostmortems } from './items.rows.ts'
import { matchItems, readItems } from './items.rules.ts'

/** Makes the items of a post-mortem what its text says; what became of them stays. */
export async function syncItemsIn(
  tx: Tx,
  postmortem: Pick<Postmortem, 'id' | 'body' | 'version'>,
): Promise<void> {
  const changes = matchItems(await listItems(tx.db, postmortem.id), readItems(postmortem.body))
  for (const { id, text, position } of changes.kept) await placeItem(tx, id, { inText: true, text, position })
  for (const id of changes.gone) await placeItem(tx, id, { inText: false })
  for (const { kind, text, position } of changes.added)
    await insertItem(tx, {
      id: newId(tx.now),
      postmortemId: postmortem.id,
      ...{ kind, text, position },
      inText: true,
      state: 'open',
      reason: ITEM_REASONS.read,
      since: tx.now,
      actionId: null,
      acceptedBy: null,
      acceptedByName: null,
      acceptedUntil: null,
      createdAt: tx.now,
    })
  await noteItemsRead(tx, postmortem.id, postmortem.version)
}

export const READ_ITEMS = 'postmortems.read-items'
const AT_ONCE = 50

/** Reads, some at a time, what was written before anybody read items. */
export const readItemsDue: TimerHandler = async (tx, _world, timer) => {
  const ids = await unreadPostmortems(tx.db, AT_ONCE)
  for (const id of ids) {
    const postmortem = await findPostmortem(tx.db, id)
    if (postmortem) await syncItemsIn(tx, postmortem)
  }
  if (ids.length === AT_ONCE) await setTimer(tx, { key: timer.key, kind: READ_ITEMS, dueAt: tx.now + SECOND })
}

/** Sets about reading them, where there are any. */
export async function readItemsLater(tx: Tx, world: World): Promise<void> {
  if (world.drill !== null || (await findTimer(tx.db, READ_ITEMS))) return
  if ((await unreadPostmortems(tx.db, 1)).length > 0)
    await setTimer(tx, { key: READ_ITEMS, kind: READ_ITEMS, dueAt: tx.now })
}
