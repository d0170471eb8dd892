import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { openStore } from './open-store.ts'

for (const reads of [true, false])
  it(`an orderly end leaves one whole file per database, ${reads ? 'after' : 'without'} a read`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tocsin-close-'))
    try {
      const store = await openStore({ directory, now: 0 })
      await store.transaction((db) =>
        db.insertInto('leases').values({ name: 'a', holder: 'one', until: 1 }).execute(),
      )
      if (reads) await store.read.selectFrom('leases').selectAll().execute()
      await store.close()
      assert.deepEqual(readdirSync(directory).sort(), ['core.db', 'history.db'])
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
