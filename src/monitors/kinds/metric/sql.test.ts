/** Numbers out of real databases. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { startMariadb } from '../../../../test/harness/more-servers.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { type FreshDatabase, freshDatabase, needsPostgres } from '../../../../test/harness/postgres.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { metric } from './index.ts'

function look(settings: Record<string, unknown>) {
  const spec = metric.schema.parse({ from: 'sql', timeout: '5s', ...settings })
  return checkOnce(metric, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('PostgreSQL', needsPostgres(), () => {
  let fresh: FreshDatabase
  let asked: { database: string; password: string }
  let client: pg.Client
  before(async () => {
    fresh = await freshDatabase()
    client = new pg.Client({ connectionString: fresh.url })
    await client.connect()
    await client.query("create table jobs as select n, 'q' || n % 3 as queue from generate_series(1, 30) n")
    const url = new URL(fresh.url)
    const { password } = url
    url.password = ''
    asked = { database: url.href, password }
  })
  after(async () => {
    await client.end()
    await fresh.drop()
  })

  test('a count, and a count for each label', async () => {
    const one = await look({ ...asked, query: 'select count(*) from jobs;', above: { limit: 20 } })
    assert.deepEqual([one.reason, one.values.value], ['metric.above-limit', 30])
    const each = await look({
      ...asked,
      query: 'select queue, count(*) as jobs from jobs group by 1',
      above: { limit: 20 },
    })
    assert.deepEqual([each.reason, each.values.series], ['ok', 3])
    const named = await look({ ...asked, query: "select 7 as value, 'x' as note", below: { limit: 10 } })
    assert.equal(named.reason, 'metric.below-limit')
  })
  test('no row, no number, no such table, and nothing is ever written', async () => {
    assert.equal((await look({ ...asked, query: 'select n from jobs where false' })).reason, 'metric.absent')
    assert.equal((await look({ ...asked, query: "select 'many'" })).reason, 'metric.unreadable')
    assert.equal((await look({ ...asked, query: 'select n from nothing' })).reason, 'sql.query-failed')
    for (const query of [
      'delete from jobs returning n',
      'select 1; delete from jobs',
      'commit; delete from jobs',
    ])
      assert.equal((await look({ ...asked, query })).verdict, 'down', query)
    const { rows } = await client.query('select count(*)::int as n from jobs')
    assert.equal(rows[0].n, 30)
  })
  test('a query without an end, and one with too many rows', async () => {
    const slow = await look({ ...asked, query: 'select pg_sleep(30)', timeout: '600ms' })
    assert.match(slow.reason, /^sql\.(query-timeout|query-failed)$/)
    const many = await look({ ...asked, query: 'select n, 1 from generate_series(1, 20000) n' })
    assert.match(many.reason, /^(metric\.too-large|sql\.answer-too-large)$/)
  })
  test('a wrong password is refused and not shown', async () => {
    const seen = await look({ ...asked, password: 'hunter2', query: 'select 1' })
    assert.equal(seen.reason, 'sql.auth-refused')
    assert.ok(!JSON.stringify(seen).includes('hunter2'))
  })
})

test('MariaDB: numbers, and a login that is refused', needs('mariadb'), async () => {
  const strict = await startMariadb(null)
  try {
    const database = `mariadb://nobody@127.0.0.1:${strict.port}/mysql`
    const seen = await look({ database, password: 'wrong', query: 'select 1' })
    assert.equal(seen.reason, 'sql.auth-refused', seen.summary)
  } finally {
    await strict.stop()
  }
  const open = await startMariadb(null, ['--skip-grant-tables'])
  try {
    const database = `mariadb://nobody@127.0.0.1:${open.port}/mysql`
    const query = "select 'a' as queue, 12345678901234 as depth union select 'b', 3.5 union select 'c', null"
    const seen = await look({ database, query, above: { limit: 1e12 } })
    assert.equal(seen.reason, 'metric.above-limit', seen.summary)
    assert.match(seen.summary, /^the value of a is 12,345,678,901,234, above/)
    assert.equal(seen.values.series, 2)
  } finally {
    await open.stop()
  }
})
