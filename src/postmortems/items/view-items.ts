import type * as contract from '../../contract/postmortem-review.ts'
import { iso, isoOrNull } from '../../kit/clock.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { findAction, findPostmortem } from '../postmortems.rows.ts'
import type { Item } from './item.ts'
import { type Luck, type LuckQuery, listItems, listLuck } from './items.rows.ts'
import { suggestAction } from './items.rules.ts'

/** The items of a post-mortem as the outside sees them; what its text dropped only where something became of it. */
export async function viewItems(db: Reader, postmortemId: string): Promise<contract.Item[]> {
  if (!(await findPostmortem(db, postmortemId))) throw notFound('post-mortem', postmortemId)
  const items = (await listItems(db, postmortemId)).filter(({ inText, state }) => inText || state !== 'open')
  return Promise.all(
    items.map(async (item) => ({ ...(await itemView(db, item)), suggestion: suggestAction(item) })),
  )
}

/** One item as the outside sees it. */
export async function itemView(db: Reader, item: Item): Promise<Omit<contract.Item, 'suggestion'>> {
  const action = item.actionId ? await findAction(db, item.actionId) : null
  return { ...bare(item), action: action && { id: action.id, title: action.title, state: action.state } }
}

/** Where we got lucky, over all post-mortems. */
export async function viewLuck(db: Reader, query: LuckQuery): Promise<contract.Luck[]> {
  return (await listLuck(db, query)).map(luckView)
}

function luckView(luck: Luck): contract.Luck {
  const { actionId, actionTitle, actionState } = luck
  return {
    ...bare(luck),
    action:
      actionId !== null && actionTitle !== null && actionState !== null
        ? { id: actionId, title: actionTitle, state: actionState }
        : null,
    suggestion: suggestAction(luck),
    postmortemTitle: luck.postmortemTitle,
  }
}

function bare(item: Item) {
  const { id, postmortemId, kind, text, inText, state, reason } = item
  return {
    ...{ id, postmortemId, kind, text, inText, state, reason },
    since: iso(item.since),
    acceptedBy: item.acceptedByName,
    acceptedUntil: isoOrNull(item.acceptedUntil),
  }
}
