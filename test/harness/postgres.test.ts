import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import pg from 'pg'
import { freshDatabase, needsPostgres, startPostgres } from './postgres.ts'

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('two fresh databases do not see one another, and are gone afterwards', needsPostgres(), async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  await query(one.url, 'CREATE TABLE mark (n int)')
  const tables = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
  assert.deepEqual(await query(one.url, tables), [{ table_name: 'mark' }])
  assert.deepEqual(await query(two.url, tables), [])
  await Promise.all([one.drop(), two.drop()])
  await assert.rejects(query(one.url, 'SELECT 1'), /does not exist|ECONNREFUSED/)
})

test('a durable cluster keeps what was committed before a crash', needsPostgres(), async () => {
  const cluster = await startPostgres({ durable: true })
  try {
    assert.deepEqual(await query(cluster.url, 'SHOW fsync'), [{ fsync: 'on' }])
    await query(cluster.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await cluster.crash()
    await assert.rejects(query(cluster.url, 'SELECT 1'), /ECONNREFUSED/)
    await cluster.restart()
    assert.deepEqual(await query(cluster.url, 'SELECT n FROM kept'), [{ n: 7 }])
  } finally {
    await cluster.stop()
  }
  assert.equal(existsSync(cluster.folder), false)
})
