import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { type CatalogWorld, catalogWorld, SYSTEM, sharePostgres } from '../../test/harness/catalog-world.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DAY } from '../kit/duration.ts'
import type { Store } from '../store/store.ts'
import { actorOfToken, createToken, ensureAdminToken, listTokens, revokeToken } from './index.ts'

sharePostgres()

onEveryStore('API tokens', (under) => {
  let store: Store
  let c: CatalogWorld
  beforeEach(async () => {
    store = await under.open()
    c = await catalogWorld(store)
  })
  afterEach(() => store.close())

  test('an API token acts with its role until it is revoked or expires', async () => {
    const actor = SYSTEM
    const { token, secret } = await createToken(c.world, actor, {
      name: 'deploy',
      role: 'editor',
      expiresInDays: 7,
    })
    assert.match(secret, /^tocsin_[\w-]{43}$/)
    assert.deepEqual(await actorOfToken(c.world, secret), {
      id: `token:${token.id}`,
      name: 'deploy',
      role: 'editor',
      personId: null,
    })
    assert.equal((await listTokens(store.read))[0]!.lastUsedAt, c.clock.now())
    const forever = await createToken(c.world, actor, { name: 'forever', role: 'viewer' })
    await c.travel(7 * DAY)
    assert.equal(await actorOfToken(c.world, secret), null)
    assert.equal((await actorOfToken(c.world, forever.secret))!.name, 'forever')
    await revokeToken(c.world, actor, { tokenId: forever.token.id })
    await revokeToken(c.world, actor, { tokenId: forever.token.id })
    assert.equal(await actorOfToken(c.world, forever.secret), null)
    assert.equal((await c.facts('token.revoked')).length, 1)
    assert.equal(await actorOfToken(c.world, 'tocsin_guess'), null)
    await assert.rejects(revokeToken(c.world, actor, { tokenId: 'none' }), { code: 'not-found' })
    const editor = { ...actor, role: 'editor' as const }
    await assert.rejects(createToken(c.world, editor, { name: 'x', role: 'viewer' }), { code: 'forbidden' })
    await assert.rejects(
      createToken(c.world, actor, { name: 'x', role: 'viewer', origin: 'environment' } as never),
      { code: 'invalid-input' },
    )
  })

  test('the token of the environment is an administrator; another one takes its place; a revoked one stays so', async () => {
    const first = `${'a'.repeat(31)}b`
    for (const bad of ['', 'a'.repeat(31), `${'a'.repeat(20)} ${'b'.repeat(20)}`])
      await assert.rejects(ensureAdminToken(c.world, bad), { code: 'configuration-invalid' })
    await ensureAdminToken(c.world, first)
    await ensureAdminToken(c.world, first)
    assert.equal((await actorOfToken(c.world, first))!.role, 'administrator')
    assert.equal((await listTokens(store.read)).length, 1)
    const second = 'c'.repeat(40)
    await ensureAdminToken(c.world, second)
    assert.equal(await actorOfToken(c.world, first), null)
    const [active] = (await listTokens(store.read)).filter((token) => token.revokedAt === null)
    await revokeToken(c.world, SYSTEM, { tokenId: active!.id })
    await ensureAdminToken(c.world, second)
    assert.equal(await actorOfToken(c.world, second), null)
  })
})
