import assert from 'node:assert/strict'
import { it } from 'node:test'
import { TocsinError } from '../../src/kit/errors.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.ts'
import { isDuplicate } from '../../src/store/open-store.ts'
import { onEveryStore } from '../harness/stores.ts'

const lease = (name: string) => ({ name, holder: 'one', until: 1 })

onEveryStore('the store', ({ open, name }) => {
  it('keeps all of a transaction or nothing of it', async () => {
    const store = await open()
    await assert.rejects(
      store.transaction(async (db) => {
        await db.insertInto('leases').values(lease('half')).execute()
        throw new Error('no')
      }),
      /no/,
    )
    assert.deepEqual(await store.read.selectFrom('leases').selectAll().execute(), [])
    await store.close()
  })

  it('tells a duplicate from other errors', async () => {
    const store = await open()
    await store.transaction((db) => db.insertInto('leases').values(lease('a')).execute())
    const error = await store
      .transaction((db) => db.insertInto('leases').values(lease('a')).execute())
      .catch((e) => e)
    assert.equal(isDuplicate(error), true)
    assert.equal(isDuplicate(new Error('other')), false)
    await store.close()
  })

  it('gives instants and counts back as numbers', async () => {
    const store = await open()
    await store.transaction((db) =>
      db
        .insertInto('leases')
        .values({ ...lease('a'), until: 1_790_000_000_123 })
        .execute(),
    )
    const row = await store.read
      .selectFrom('leases')
      .select((eb) => ['until', eb.fn.countAll<number>().as('n'), eb.fn.sum<number>('until').as('sum')])
      .groupBy('until')
      .executeTakeFirstOrThrow()
    assert.deepEqual({ ...row }, { until: 1_790_000_000_123, n: 1, sum: 1_790_000_000_123 })
    await store.close()
  })

  it('refuses a read beside the transaction while inside one, and a transaction inside a transaction', async () => {
    const store = await open()
    await assert.rejects(
      store.transaction(async () => store.read.selectFrom('leases').selectAll().execute()),
      /inside a transaction/,
    )
    await assert.rejects(
      store.transaction(() => store.transaction(async () => 1)),
      /inside a transaction/,
    )
    await store.close()
  })

  it('lets forty writers take turns', async () => {
    const store = await open()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        store.transaction((db) =>
          db
            .insertInto('leases')
            .values(lease(`l${i}`))
            .execute(),
        ),
      ),
    )
    const { n } = await store.read
      .selectFrom('leases')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    assert.equal(n, 40)
    await store.close()
  })

  it('applies each migration once', async () => {
    const store = await open()
    assert.deepEqual(await migrate(store.read, name, migrations, 0), [])
    await store.close()
  })

  it('of a newer version is refused by this one when the change is breaking, and opened when it is not', async () => {
    const store = await open()
    const future = (breaking: boolean) => ({ name: `9999-future-${breaking}`, breaking, up: async () => {} })
    await migrate(store.read, name, [...migrations, future(false)], 0)
    assert.deepEqual(await migrate(store.read, name, migrations, 0), [])
    await migrate(store.read, name, [...migrations, future(false), future(true)], 0)
    await assert.rejects(migrate(store.read, name, migrations, 0), (error) => {
      assert.ok(error instanceof TocsinError)
      assert.equal(error.code, 'store-newer')
      assert.match(error.message, /9999-future-true/)
      return true
    })
    await store.close()
  })
})
