import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { startMariadb } from '../../../../test/harness/more-servers.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { needsPostgres, type RunningPostgres, startPostgres } from '../../../../test/harness/postgres.ts'
import { until } from '../../../../test/harness/tocsin.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { sql } from './index.ts'

function observe(settings: Record<string, unknown>) {
  const spec = sql.schema.parse({ timeout: '8s', ...settings })
  return checkOnce(sql, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

async function expects(verdict: string, reason: string, settings: Record<string, unknown>) {
  const seen = await observe(settings)
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
  assert.ok(sql.reasons.includes(seen.reason))
  assert.ok(!seen.summary.includes('\n'))
  return seen
}

let root: Minted
let leaf: Minted
before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: 'CN=db', names: ['db.example.org'], by: root })
})

type Case = [what: string, verdict: string, reason: string, settings: Record<string, unknown>]

/** What holds for every engine. */
const everyEngine: Case[] = [
  ['no query', 'up', 'ok', { expect: { role: 'primary' } }],
  ['the right value', 'up', 'ok', { query: 'SELECT 41 + 1', expect: { value: 42, rows: 1 } }],
  ['a text', 'up', 'ok', { query: "SELECT 'fine'", expect: { value: 'fine' } }],
  ['another value', 'down', 'sql.value-unexpected', { query: 'SELECT 41', expect: { value: 42 } }],
  ['a value within limits', 'up', 'ok', { query: 'SELECT 2.5', expect: { min: 2, max: 3 } }],
  ['a value outside', 'down', 'sql.value-unexpected', { query: 'SELECT 2.5', expect: { max: 2 } }],
  ['no value', 'down', 'sql.value-unexpected', { query: 'SELECT NULL', expect: { min: 0 } }],
  ['too few rows', 'down', 'sql.rows-unexpected', { query: 'SELECT 1', expect: { minRows: 2 } }],
  ['too many rows', 'down', 'sql.rows-unexpected', { query: 'SELECT 1', expect: { maxRows: 0 } }],
  ['another number of rows', 'down', 'sql.rows-unexpected', { query: 'SELECT 1', expect: { rows: 2 } }],
  ['another role', 'down', 'sql.role-unexpected', { expect: { role: 'replica' } }],
  ['no such table', 'down', 'sql.query-failed', { query: 'SELECT * FROM nothing_here' }],
  ['a write', 'down', 'sql.query-failed', { query: 'CREATE TABLE written (a int)' }],
  ['another password', 'down', 'sql.auth-refused', { password: 'wrong' }],
  ['no such database', 'down', 'sql.database-missing', { database: 'gone' }],
]

describe('PostgreSQL', needsPostgres(), () => {
  let server: RunningPostgres
  let usual: Record<string, unknown>
  before(async () => {
    server = await startPostgres({ settings: { max_connections: '8', superuser_reserved_connections: '1' } })
    const { password } = new URL(server.url)
    const target = `127.0.0.1:${server.port}`
    usual = { engine: 'postgres', target, user: 'tocsin', password, database: 'postgres' }
  })
  after(() => server.stop())

  for (const [what, verdict, reason, settings] of everyEngine)
    test(`${what}: ${reason}`, async () => {
      await expects(verdict, reason, { ...usual, ...settings })
    })

  test('what it says of itself', async () => {
    const { summary, values } = await expects('up', 'ok', { ...usual, query: 'SELECT 7 AS seven' })
    assert.match(summary, /^PostgreSQL \d+\.\d+, primary, 1 row in \d+ms$/)
    assert.deepEqual([values.rows, values.value, values.role], [1, 7, 'primary'])
  })

  test('slow', async () => {
    const query = 'SELECT pg_sleep(0.1)'
    await expects('degraded', 'sql.slow', { ...usual, query, expect: { maxLatency: '50ms' } })
  })

  test('a statement that takes long is stopped by the server, or left at the deadline', async () => {
    const query = 'SELECT pg_sleep(20)'
    const stopped = await expects('down', 'sql.query-timeout', { ...usual, query, statementTimeout: '100ms' })
    assert.match(stopped.summary, /statement timeout/)
    await expects('down', 'sql.query-timeout', { ...usual, query, timeout: '300ms' })
  })

  test('one statement, and no way out of the transaction that only reads', async () => {
    await expects('down', 'sql.query-failed', { ...usual, query: 'COMMIT; CREATE TABLE written (a int)' })
    const out = "SELECT set_config('transaction_read_only', 'off', true)"
    await expects('down', 'sql.query-failed', { ...usual, query: out })
  })

  test('an answer that would fill the memory is left', async () => {
    const query = "SELECT repeat('x', 1000) FROM generate_series(1, 100000)"
    await expects('down', 'sql.answer-too-large', { ...usual, query })
  })

  test('no connection left, also for others', async () => {
    const clients: pg.Client[] = []
    try {
      for (;;) {
        const client = new pg.Client({ connectionString: server.url })
        client.on('error', () => {})
        await client.connect()
        clients.push(client)
      }
    } catch {
      await expects('down', 'sql.too-many-connections', usual)
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
  })

  test('TLS where there is none is refused, and no password is sent', async () => {
    await expects('down', 'sql.tls-refused', { ...usual, tls: 'require' })
  })

  test('over TLS the certificate is judged before anybody logs in', async () => {
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(server.folder, name))
    writeFileSync(cert!, leaf.cert, { mode: 0o644 })
    writeFileSync(key!, leaf.key, { mode: 0o600 })
    const admin = new pg.Client({ connectionString: server.url })
    await admin.connect()
    // The key must belong to the server's account: the server itself writes it there.
    const { rows } = await admin.query<{ data: string }>("SELECT current_setting('data_directory') AS data")
    const [inside] = rows
    for (const [name, text] of [
      ['server.crt', leaf.cert],
      ['server.key', leaf.key],
    ] as const)
      await admin.query(
        `COPY (SELECT regexp_split_to_table($$${text.trim()}$$, E'\\n')) TO PROGRAM 'umask 077; cat > ${inside!.data}/${name}'`,
      )
    await admin.query('ALTER SYSTEM SET ssl = on')
    await admin.query('SELECT pg_reload_conf()')
    await admin.end()
    const expect = { ca: root.cert, name: 'db.example.org' }
    const tls = { ...usual, tls: 'require', query: 'SELECT 1' }
    for (let left = 50; left > 0; left--) {
      if ((await observe({ ...tls, expect })).reason !== 'sql.tls-refused') break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const seen = await expects('up', 'ok', { ...tls, expect })
    assert.equal(seen.certificate?.subject, 'CN=db')
    await expects('down', 'certificate.name-mismatch', { ...tls, expect: { ca: root.cert } })
    await expects('degraded', 'certificate.expires-soon', { ...tls, expect: { ...expect, warn: '200d' } })
    await expects('unknown', 'tls.ca-unreadable', { ...tls, expect: { ca: '/nowhere/ca.pem' } })
  })

  test('a standby is a replica', async () => {
    const standby = await startPostgres()
    try {
      await standby.crash()
      writeFileSync(join(standby.folder, 'data', 'standby.signal'), '')
      await standby.restart()
      const { password } = new URL(standby.url)
      const target = `127.0.0.1:${standby.port}`
      const seen = await expects('up', 'ok', { ...usual, target, password, expect: { role: 'replica' } })
      assert.equal(seen.values.role, 'replica')
      // Told to stop, it waits for those who are there and lets nobody else in.
      const guest = new pg.Client({ connectionString: standby.url })
      guest.on('error', () => {})
      await guest.connect()
      process.kill(
        Number(readFileSync(join(standby.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
        'SIGTERM',
      )
      await until('PostgreSQL shuts down', 10_000, async () => {
        const { reason } = await observe({ ...usual, target, password })
        return reason === 'sql.not-ready'
      })
      await guest.end()
    } finally {
      await standby.stop()
    }
  })
})

describe('MariaDB', needs('mariadb'), () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let usual: Record<string, unknown>
  before(async () => {
    const identity = await mint({
      name: 'CN=db',
      names: ['db.example.org'],
      by: root,
    })
    server = await startMariadb(identity, ['--max-connections=12'])
    const mysql = (await import('mysql2/promise')).default
    const admin = await mysql.createConnection({ socketPath: `${server.folder.path}/socket`, user: 'root' })
    await admin.query("CREATE USER tocsin@'127.0.0.1' IDENTIFIED BY 'secret of this test'")
    await admin.query('CREATE DATABASE shop')
    await admin.query("GRANT ALL ON *.* TO tocsin@'127.0.0.1'")
    await admin.end()
    usual = {
      engine: 'mysql',
      target: `127.0.0.1:${server.port}`,
      user: 'tocsin',
      password: 'secret of this test',
      database: 'shop',
    }
  })
  after(() => server.stop())

  for (const [what, verdict, reason, settings] of everyEngine)
    test(`${what}: ${reason}`, async () => {
      await expects(verdict, reason, { ...usual, ...settings })
    })

  test('what it says of itself', async () => {
    const { summary } = await expects('up', 'ok', { ...usual, query: 'SELECT 7' })
    assert.match(summary, /^MariaDB \d+\.\d+\.\d+, primary, 1 row in \d+ms$/)
  })

  test('slow', async () => {
    const query = 'SELECT SLEEP(0.1)'
    await expects('degraded', 'sql.slow', { ...usual, query, expect: { maxLatency: '50ms' } })
  })

  test('a statement that takes long is stopped by the server, or left at the deadline', async () => {
    const query = 'SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_100000 b'
    await expects('down', 'sql.query-timeout', { ...usual, query, statementTimeout: '100ms' })
    await expects('down', 'sql.query-timeout', { ...usual, query, timeout: '300ms' })
  })

  test('one statement only', async () => {
    await expects('down', 'sql.query-failed', { ...usual, query: 'SELECT 1; CREATE TABLE written (a int)' })
    // These end the transaction by themselves in this engine, or write beside it.
    for (const query of ['/* */ DROP DATABASE shop', "SELECT 1 INTO OUTFILE '/tmp/tocsin-written'"]) {
      const seen = await expects('down', 'sql.query-failed', { ...usual, query })
      assert.match(seen.summary, /only what reads is asked/)
    }
    await expects('up', 'ok', {
      ...usual,
      query: 'WITH a AS (SELECT 3) SELECT * FROM a',
      expect: { value: 3 },
    })
    await expects('up', 'ok', { ...usual, query: "SHOW STATUS LIKE 'Uptime'", expect: { rows: 1 } })
  })

  test('over TLS the certificate is judged before anybody logs in', async () => {
    const expect = { ca: root.cert, name: 'db.example.org' }
    const tls = { ...usual, tls: 'require', query: 'SELECT 1' }
    const seen = await expects('up', 'ok', { ...tls, expect: { ...expect, value: 1 } })
    assert.equal(seen.certificate?.subject, 'CN=db')
    await expects('down', 'certificate.name-mismatch', {
      ...tls,
      password: 'wrong',
      expect: { ca: root.cert },
    })
    await expects('down', 'sql.auth-refused', { ...tls, password: 'wrong', expect })
  })

  test('it leaves as it should: no connection counts as aborted', async () => {
    const query = "SHOW GLOBAL STATUS LIKE 'Aborted_clients'"
    const mysql = (await import('mysql2/promise')).default
    const admin = await mysql.createConnection({ socketPath: `${server.folder.path}/socket`, user: 'root' })
    const aborted = async () => JSON.stringify((await admin.query(query))[0])
    const before = await aborted()
    for (let i = 0; i < 5; i++) await expects('up', 'ok', { ...usual, query: 'SELECT 1' })
    assert.equal(await aborted(), before)
    await admin.end()
  })

  test('a server that only reads is a replica', async () => {
    const mysql = (await import('mysql2/promise')).default
    const admin = await mysql.createConnection({ socketPath: `${server.folder.path}/socket`, user: 'root' })
    await admin.query('SET GLOBAL read_only = 1')
    await expects('up', 'ok', { ...usual, expect: { role: 'replica' } })
    await expects('down', 'sql.role-unexpected', { ...usual, expect: { role: 'primary' } })
    await admin.query('SET GLOBAL read_only = 0')
    await admin.end()
  })

  test('no connection left', async () => {
    const mysql = (await import('mysql2/promise')).default
    const held: { destroy(): void }[] = []
    try {
      for (let i = 0; i < 14; i++)
        held.push(
          await mysql.createConnection({
            host: '127.0.0.1',
            port: server.port,
            user: 'tocsin',
            password: 'secret of this test',
          }),
        )
    } catch {
      await expects('down', 'sql.too-many-connections', usual)
    } finally {
      for (const one of held) one.destroy()
    }
    assert.ok(held.length < 14)
  })
})
