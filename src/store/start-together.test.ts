import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freshDatabase, needsPostgres } from '../../test/harness/postgres.ts'
import { migrations } from './migrations.ts'
import { openStore } from './open-store.ts'

describe('several processes that open a fresh database at once', () => {
  it('on PostgreSQL all find it ready: one makes the tables, the others wait', needsPostgres(), async () => {
    const database = await freshDatabase()
    const stores = await Promise.all(
      Array.from({ length: 5 }, (_, now) => openStore({ directory: '', databaseUrl: database.url, now })),
    )
    // biome-ignore lint/suspicious/noExplicitAny: the list of migrations belongs to no room
    const rows = await (stores[0]!.read as any)
      .selectFrom('migrations')
      .select('name')
      .orderBy('name')
      .execute()
    assert.deepEqual(
      rows.map((row: { name: string }) => row.name),
      migrations.map(({ name }) => name),
    )
    for (const store of stores) await store.close()
    await database.drop()
  })

  it('on one SQLite file they take turns: each of their transactions is kept, none is refused', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-two-'))
    const program = `
      const { openStore } = await import(${JSON.stringify(new URL('./open-store.ts', import.meta.url).href)})
      const store = await openStore({ directory: ${JSON.stringify(directory)}, now: 1 })
      for (let i = 0; i < 40; i++)
        await store.transaction(async (db) => {
          const seen = await db.selectFrom('leases').selectAll().where('name', '=', 'count').executeTakeFirst()
          await new Promise((resolve) => setImmediate(resolve))
          if (seen) await db.updateTable('leases').set({ until: seen.until + 1 }).where('name', '=', 'count').execute()
          else await db.insertInto('leases').values({ name: 'count', holder: 'all', until: 1 }).execute()
        })
      await store.close()`
    try {
      const ends = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
            stdio: ['ignore', 'ignore', 'pipe'],
          })
          let said = ''
          child.stderr.on('data', (chunk) => {
            said += chunk
          })
          const [code] = await once(child, 'exit')
          return { code, said: said.includes('Error') ? said : '' }
        }),
      )
      assert.deepEqual(
        ends,
        ends.map(() => ({ code: 0, said: '' })),
      )
      const store = await openStore({ directory, now: 2 })
      const count = await store.read.selectFrom('leases').select('until').executeTakeFirstOrThrow()
      assert.equal(count.until, 120, 'a read and the write that follows from it are one')
      await store.close()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
