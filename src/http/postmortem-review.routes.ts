import * as live from '../contract/live-pieces.ts'
import * as contract from '../contract/postmortem-review.ts'
import { notFound } from '../kit/errors.ts'
import {
  acceptLuck,
  actOnItem,
  askReviewers,
  commentOnPostmortem,
  findPostmortem,
  giveVerdict,
  itemView,
  moveThread,
  readHints,
  readLiveFacts,
  replyToThread,
  takeAcceptanceBack,
  viewItems,
  viewLuck,
  viewReview,
  withdrawReviewer,
} from '../postmortems/index.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, millisOr, pageOf } from './presenting.ts'

/** Reviews of post-mortems, hints, items and live pieces. */
export const postmortemReviewRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  const named = async (id: string) => {
    const postmortem = await findPostmortem(db, id)
    if (!postmortem) throw notFound('post-mortem', id)
    return postmortem
  }
  bind(contract.readReview, ({ params }) => viewReview(db, params.id))
  bind(contract.commentOnPostmortem, async ({ actor, params, body }) => {
    await commentOnPostmortem(world, actor, { ...body, postmortemId: params.id })
    return viewReview(db, params.id)
  })
  bind(contract.replyToThread, async ({ actor, params, body }) => {
    const { postmortemId } = await replyToThread(world, actor, { ...body, threadId: params.id })
    return viewReview(db, postmortemId)
  })
  bind(contract.moveThread, async ({ actor, params, body }) => {
    const { postmortemId } = await moveThread(world, actor, { ...body, threadId: params.id })
    return viewReview(db, postmortemId)
  })
  bind(contract.askReviewers, async ({ actor, params, body }) => {
    await askReviewers(world, actor, { ...body, postmortemId: params.id })
    return viewReview(db, params.id)
  })
  bind(contract.withdrawReviewer, async ({ actor, params }) => {
    await withdrawReviewer(world, actor, { postmortemId: params.id, personId: params.person })
    return undefined
  })
  bind(contract.giveVerdict, async ({ actor, params, body }) => {
    await giveVerdict(world, actor, { ...body, postmortemId: params.id })
    return viewReview(db, params.id)
  })
  bind(contract.readHints, async ({ params }) => {
    const postmortem = await named(params.id)
    return { hints: await readHints(db, postmortem, postmortem.body) }
  })
  bind(contract.hintsOfText, async ({ params, body }) => ({
    hints: await readHints(db, await named(params.id), body.body),
  }))
  bind(contract.readItems, async ({ params }) => ({ items: await viewItems(db, params.id) }))
  bind(contract.actOnItem, async ({ actor, params, body }) => {
    const { id, title, state } = await actOnItem(world, actor, {
      ...body,
      itemId: params.id,
      dueAt: millisOr(body.dueAt),
    })
    return { id, title, state }
  })
  bind(contract.acceptLuck, async ({ actor, params, body }) =>
    itemView(db, await acceptLuck(world, actor, { ...body, itemId: params.id, until: millis(body.until) })),
  )
  bind(contract.takeAcceptanceBack, async ({ actor, params }) =>
    itemView(db, await takeAcceptanceBack(world, actor, { itemId: params.id })),
  )
  bind(contract.listLuck, async ({ query: { cursor, limit, state } }) => {
    const found = await viewLuck(db, { before: cursor, limit: limit + 1, state })
    return pageOf(
      found,
      limit,
      (luck) => luck,
      ({ id }) => id,
    )
  })
  bind(live.readLiveFacts, async ({ params }) => readLiveFacts(world, await named(params.id)))
}
