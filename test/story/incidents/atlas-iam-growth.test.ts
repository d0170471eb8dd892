/**
 * ATLAS IAM, October 2022: a stress test asked for a hundred tokens a second, and every one was a row. Days later
 * the table was full and the token service stood still.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { type FreshDatabase, freshDatabase, needsPostgres } from '../../harness/postgres.ts'
import { until } from '../../harness/tocsin.ts'
import { versionOf } from '../../harness/versions.ts'

const LIMIT = 12_000
let database: FreshDatabase
let client: pg.Client

before(async () => {
  if (needsPostgres().skip) return
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    'create table access_token (id bigserial primary key, client text, at timestamptz default now())',
  )
  await client.query(
    "insert into access_token (client) select 'client-' || n % 20 from generate_series(1, 1000) n",
  )
})
after(async () => {
  await client?.end()
  await database?.drop()
})

test(
  'a token table that fills is told by its count, and whose tokens they are',
  needsPostgres(),
  async (t) => {
    const url = new URL(database.url)
    const { password } = url
    url.password = ''
    const asked = {
      service: 'iam',
      type: 'metric',
      from: 'sql',
      database: url.href,
      password,
      every: '1s',
      retryEvery: '1s',
    }
    const watching = await watch({
      tokens: {
        ...asked,
        query: 'select count(*) from access_token',
        forecast: { limit: LIMIT, within: '30m', window: '60s' },
      },
      growth: { ...asked, query: 'select count(*) from access_token', growth: { per: '10s', atMost: 1_000 } },
      clients: {
        ...asked,
        query: 'select client, count(*) from access_token group by client',
        share: { label: 'client', above: 0.5 },
      },
    })
    let running = true
    const insert = async (perSecond: number, name: string) => {
      const part = Math.ceil(perSecond / 10)
      await client.query('insert into access_token (client) select $1 from generate_series(1, $2::int)', [
        name,
        part,
      ])
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const load = { perSecond: 0, name: 'client-3' }
    const filling = (async () => {
      while (running) {
        if (load.perSecond > 0) await insert(load.perSecond, load.name)
        else await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()
    try {
      // Quiet for a while: nothing is said.
      for (const name of ['tokens', 'growth', 'clients']) await watching.verdict(name, 'up')
      await new Promise((resolve) => setTimeout(resolve, 9_000))
      assert.deepEqual(
        (await watching.changes()).filter((one) => one.to !== 'up'),
        [],
      )
      const began = Date.now()
      load.perSecond = 400
      load.name = 'stress-test'
      const seen = await watching.verdict('tokens', 'degraded')
      assert.equal(seen.reason, 'metric.limit-forecast')
      assert.match(seen.summary, /^the limit of 12,000 is reached in /)
      const fast = await watching.verdict('growth', 'degraded')
      assert.equal(fast.reason, 'metric.grows-too-fast')
      const whose = await watching.verdict('clients', 'degraded')
      assert.match(whose.summary, /^client stress-test has /)
      await until('the table is full', 60_000, async () => {
        const { rows } = await client.query<{ n: number }>('select count(*)::int as n from access_token')
        return rows[0]!.n >= LIMIT
      })
      const damage = Date.now()
      const ahead = (damage - seen.at) / 1_000
      assert.ok(ahead > 5, `${ahead} s before`)
      const told = { incident: 'atlas-iam', software: versionOf('postgres') } as const
      const failure = 'a stress test of 400 tokens a second fills the token table'
      const seconds = (at: number) => (at - began) / 1_000
      const figures = `${ahead.toFixed(0)} s before the table is full`
      for (const [one, note] of [
        [seen, figures],
        [fast, 'it grows faster than it may'],
        [whose, `names the client: ${whose.summary}`],
      ] as const)
        tellIncident(t, {
          ...told,
          failure,
          verdict: one.to,
          reason: one.reason,
          seconds: seconds(one.at),
          note,
        })
    } finally {
      running = false
      await filling
      await watching.stop()
    }
  },
)
