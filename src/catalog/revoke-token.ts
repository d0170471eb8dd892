import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound } from '../kit/errors.ts'
import { tokenRevoked } from './facts.ts'
import { findToken, revokeTokenRow } from './tokens.rows.ts'

/** Revokes an API token at once; revoking it again changes nothing. */
export async function revokeToken(world: World, actor: Actor, input: { tokenId: string }): Promise<void> {
  authorize(actor, 'administrator')
  await world.transact(async (tx) => {
    const token = await findToken(tx.db, input.tokenId)
    if (!token) throw notFound('token', input.tokenId)
    if (!(await revokeTokenRow(tx.db, token.id, tx.now))) return
    await tokenRevoked.append(tx, world, {
      subject: token.id,
      actor,
      data: { tokenId: token.id, name: token.name },
    })
  })
}
