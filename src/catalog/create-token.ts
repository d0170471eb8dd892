import { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import { type Actor, systemActor, type World } from '../engine/world.ts'
import { DAY } from '../kit/duration.ts'
import { TocsinError } from '../kit/errors.ts'
import { hashSecret, newId, newSecret } from '../kit/ids.ts'
import { parseInput } from '../kit/parse.ts'
import type { ApiToken } from './catalog.ts'
import { tokenCreated, tokenRevoked } from './facts.ts'
import { name, role } from './fields.ts'
import { findToken, findTokenByHash, insertToken, listTokens, revokeTokenRow } from './tokens.rows.ts'

const schema = z.strictObject({
  name,
  role,
  expiresInDays: z.int().min(1).max(3_650).optional(),
  /** `probe:<place>`: for the probe of that place, and nothing else. */
  scope: z
    .string()
    .regex(/^probe:[a-z0-9][a-z0-9-]{0,79}$/, 'must be probe:<place>')
    .refine((scope) => scope !== 'probe:here', '"here" is this Tocsin itself')
    .optional(),
})

/** Creates an API token; its secret is in this answer and never to be seen again. */
export async function createToken(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
): Promise<{ token: ApiToken; secret: string }> {
  authorize(actor, 'administrator')
  const wanted = parseInput(schema, input)
  // The prefix lets secret scanners recognize one that was committed by mistake.
  const secret = `tocsin_${newSecret()}`
  const token = await world.transact(async (tx) => {
    const id = newId(tx.now)
    const expiresAt = wanted.expiresInDays === undefined ? null : tx.now + wanted.expiresInDays * DAY
    const row = { id, name: wanted.name, role: wanted.role, scope: wanted.scope ?? null, expiresAt }
    await insertToken(
      tx.db,
      { ...row, origin: 'person', createdBy: actor.id, createdAt: tx.now },
      hashSecret(secret),
    )
    await tokenCreated.append(tx, world, {
      subject: id,
      actor,
      data: { tokenId: id, name: wanted.name, role: wanted.role, expiresAt },
    })
    return (await findToken(tx.db, id))!
  })
  return { token, secret }
}

const ENVIRONMENT_NAME = 'TOCSIN_ADMIN_TOKEN'
export const ADMIN_TOKEN_SHORTEST = 32

/**
 * Takes the token of the environment as an administrator's. Another one than before revokes the one before;
 * one that was revoked by hand stays revoked.
 */
export async function ensureAdminToken(world: World, secret: string): Promise<void> {
  if (secret.length < ADMIN_TOKEN_SHORTEST || /\s/.test(secret))
    throw new TocsinError(
      'configuration-invalid',
      `${ENVIRONMENT_NAME} must have at least ${ADMIN_TOKEN_SHORTEST} characters and no spaces.`,
      [
        {
          path: ENVIRONMENT_NAME,
          message: 'is too short or contains spaces',
          remedy: 'Make one with: openssl rand -base64 32',
        },
      ],
    )
  const actor = systemActor('catalog')
  await world.transact(async (tx) => {
    const hash = hashSecret(secret)
    for (const old of await listTokens(tx.db)) {
      if (old.origin !== 'environment' || old.revokedAt !== null) continue
      if ((await findTokenByHash(tx.db, hash))?.id === old.id) continue
      await revokeTokenRow(tx.db, old.id, tx.now)
      await tokenRevoked.append(tx, world, {
        subject: old.id,
        actor,
        data: { tokenId: old.id, name: old.name },
      })
    }
    if (await findTokenByHash(tx.db, hash)) return
    const id = newId(tx.now)
    const data = { tokenId: id, name: ENVIRONMENT_NAME, role: 'administrator' as const, expiresAt: null }
    await insertToken(
      tx.db,
      {
        id,
        name: data.name,
        role: data.role,
        origin: 'environment',
        createdBy: actor.id,
        createdAt: tx.now,
        expiresAt: null,
      },
      hash,
    )
    await tokenCreated.append(tx, world, { subject: id, actor, data })
  })
}
