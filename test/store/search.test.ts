/** The index of the search: what was there before it is in it, and both databases answer the same. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Kysely } from 'kysely'
import { parseSearch } from '../../src/postmortems/search/parse-search.rules.ts'
import { findDocuments } from '../../src/postmortems/search/search.rows.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openPostgres, postgresDialect } from '../../src/store/postgres.ts'
import type { DialectName, Schema } from '../../src/store/schema.ts'
import { openSqlite, sqliteDialect } from '../../src/store/sqlite.ts'
import type { Reader, Store } from '../../src/store/store.ts'
import { needs } from '../harness/needs.ts'
import { freshDatabase } from '../harness/postgres.ts'

const BEFORE = migrations.findIndex(({ name }) => name === '0025-search-and-learning')

/** A database as it was before there was a search, with something of everything in it. */
async function old(db: Kysely<Schema>, dialect: DialectName): Promise<void> {
  await migrate(db, dialect, migrations.slice(0, BEFORE), 0)
  const incident = {
    ...({
      severity: 'SEV2',
      state: 'resolved',
      reason: 'changed-by-person',
      since: 5,
      detection: 'person',
    } as const),
    ...{
      impact_started_at: 100,
      detected_at: 200,
      declared_at: 300,
      acknowledged_at: null,
      mitigated_at: null,
    },
    ...{ resolved_at: 400, closed_at: null, opened_by: 'x', opened_by_name: 'X', reopened: 0, updated_at: 5 },
  }
  await db
    .insertInto('incidents')
    .values({ id: 'i1', title: 'Walrus at the door', ...incident })
    .execute()
  const entry = {
    incident_id: 'i1',
    happened_at: 250,
    written_at: 250,
    actor: 'x',
    actor_name: 'X',
    fact_seq: null,
  }
  await db
    .insertInto('timeline_entries')
    .values([
      { id: 'e1', kind: 'note', text: 'A seal', corrects: null, ...entry },
      { id: 'e2', kind: 'note', text: 'A walrus, not a seal', corrects: 'e1', ...entry },
      { id: 'e3', kind: 'update', text: 'Told: walrus', corrects: null, ...entry },
    ])
    .execute()
  await db
    .insertInto('public_incidents')
    .values({
      ...{ incident_id: 'i1', title: 'Problem', impact: 'minor', status: 'identified', service_ids: '[]' },
      ...{ started_at: 1, created_at: 1, updated_at: 1, monitoring_at: null, resolved_at: null },
    })
    .execute()
  await db
    .insertInto('public_updates')
    .values({
      ...{
        id: 'u1',
        incident_id: 'i1',
        status: 'identified',
        body: 'We saw a walrus',
        actor: 'x',
        actor_name: 'X',
      },
      ...{ automatic: 0, published_at: 260, affected: '[]' },
    })
    .execute()
  const text = {
    categories: '[]',
    keywords: '[]',
    state: 'draft',
    reason: 'drafted-by-person',
    since: 1,
  } as const
  for (const [id, incidentId] of [
    ['p1', 'i1'],
    ['p2', null],
  ] as const)
    await db
      .insertInto('postmortems')
      .values({
        ...{ id, incident_id: incidentId, title: `Walrus ${id}`, body: '## Summary\n\nTusks.', ...text },
        ...{ version: 1, due_at: null, created_at: 500, updated_at: 500 },
      } as never)
      .execute()
  await db
    .insertInto('actions')
    .values({
      ...{ id: 'a1', postmortem_id: 'p1', title: 'Fence', type: 'prevent', owner: null, due_at: null },
      ...{
        criterion: 'No walrus passes',
        drill_id: null,
        state: 'open',
        reason: '',
        since: 1,
        claimed_by: null,
      },
      ...{ drill_run_id: null, created_at: 600, proof_id: null, proved_by: null, proof_until: null },
    })
    .execute()
  const definition = JSON.stringify({ title: 'A walrus comes', what: 'It came.\u0000', lesson: 'Fences.' })
  for (const [id, retired] of [
    ['c1', null],
    ['c2', 7],
  ] as const)
    await db
      .insertInto('cases')
      .values({
        ...{ id, definition, managed_by: 'api', postmortem_id: null, created_at: 1, updated_at: 700 },
        retired_at: retired,
      } as never)
      .execute()
}

async function rebuilt(db: Kysely<Schema>, dialect: DialectName): Promise<void> {
  await old(db, dialect)
  await migrate(db, dialect, migrations, 0)
  const { found } = await findDocuments(
    db as Reader,
    dialect,
    parseSearch('walrus'),
    {},
    { limit: 50, offset: 0 },
  )
  assert.deepEqual(
    found.map(({ kind, ref, recordId, at }) => [kind, ref, recordId, at]),
    [
      ['post-mortem', 'p2', 'p2', 500],
      ['post-mortem', 'p1', 'i1', 500],
      ['incident', 'i1', 'i1', 100],
      ['case', 'c1', null, 700],
      ['action', 'a1', 'i1', 600],
      ['update', 'u1', 'i1', 260],
      ['entry', 'e2', 'i1', 250],
    ],
  )
  const due = await db.selectFrom('learning_due').select('record_id').orderBy('record_id').execute()
  assert.deepEqual(
    due.map((row) => row.record_id),
    ['i1', 'p2'],
  )
  // From now on the database follows by itself, whoever writes.
  await db.updateTable('incidents').set({ title: 'Heron' }).where('id', '=', 'i1').execute()
  await db.deleteFrom('actions').where('id', '=', 'a1').execute()
  await db.updateTable('cases').set({ retired_at: 9 }).where('id', '=', 'c1').execute()
  await db.deleteFrom('postmortems').where('id', '=', 'p2').execute()
  const refs = async (text: string) =>
    (await findDocuments(db as Reader, dialect, parseSearch(text), {}, { limit: 50, offset: 0 })).found.map(
      ({ ref }) => ref,
    )
  assert.deepEqual(await refs('walrus'), ['p1', 'u1', 'e2'])
  assert.deepEqual(await refs('heron'), ['i1'])
}

describe('the index of the search', () => {
  test('holds what was there before it, and follows every change [sqlite]', async () => {
    const db = new Kysely<Schema>({
      dialect: sqliteDialect(openSqlite({ file: ':memory:', synchronous: 'OFF' })),
    })
    try {
      await rebuilt(db, 'sqlite')
    } finally {
      await db.destroy()
    }
  })

  test('holds what was there before it, and follows every change [postgres]', needs('postgres'), async () => {
    const database = await freshDatabase()
    const db = new Kysely<Schema>({ dialect: postgresDialect(openPostgres(database.url, 2)) })
    try {
      await rebuilt(db, 'postgres')
    } finally {
      await db.destroy()
      await database.drop()
    }
  })

  test('both databases find the same, in the same order', needs('postgres'), async () => {
    const database = await freshDatabase()
    const stores = [
      await openStore({ directory: ':memory:', now: 0 }),
      await openStore({ directory: '', databaseUrl: database.url, now: 0 }),
    ] as const
    const texts: [title: string, body: string][] = [
      [
        'Certificate of docs.example.org expired',
        'Renewals hung: v1.2.3, 5xx, foo_bar, 10:00→11:00 (see /etc/ssl/cert.pem).',
      ],
      [
        'Redis fail-over',
        'The 2nd replica was re-synced in 3.5h & 100% of e-mails to ana@example.org waited; 1e5 12ab.',
      ],
      [
        'ЖУК in Zürich, ΣΑΣ',
        'İstanbul, café, naïve, Ångström, ﬁsh, straße, 日本語のテスト, ½ price, x² and №5.',
      ],
      [
        'Expiring certificates',
        'certificate certificate certificate renewed renewing; "quoted" <b>bold</b> {json: true}',
      ],
      ['docs', "example org docs example — certificate expired again… don’t, won't; C++ & C#"],
    ]
    const vocabulary = texts.flat().flatMap((text) => text.split(/\s+/))
    const put = (store: Store, ref: string, [title, body]: [string, string], at: number) =>
      store.transaction((db) =>
        db
          .insertInto('search_documents')
          .values({ kind: at % 2 ? 'incident' : 'entry', ref, record_id: null, at, title, body })
          .execute(),
      )
    for (const store of stores) for (const [i, text] of texts.entries()) await put(store, `r${i}`, text, i)
    const ask = async (store: Store, text: string) => {
      const page = { limit: 50, offset: 0 }
      const { found, total } = await findDocuments(store.read, store.dialect, parseSearch(text), {}, page)
      return [total, found.map(({ ref }) => ref)]
    }
    const word = fc.constantFrom(...vocabulary)
    const part = fc.oneof(
      { weight: 6, arbitrary: word },
      { weight: 1, arbitrary: word.map((one) => `-${one}`) },
      { weight: 1, arbitrary: word.map((one) => `${one.slice(0, 3)}*`) },
      { weight: 2, arbitrary: fc.tuple(word, word).map(([a, b]) => `"${a} ${b}"`) },
    )
    try {
      for (const text of [...vocabulary, ...vocabulary.map((one) => one.toUpperCase()), '', '-docs'])
        assert.deepEqual(await ask(stores[1], text), await ask(stores[0], text), JSON.stringify(text))
      await fc.assert(
        fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
          const text = parts.join(' ')
          assert.deepEqual(await ask(stores[1], text), await ask(stores[0], text), JSON.stringify(text))
        }),
        { numRuns: 150 },
      )
    } finally {
      for (const store of stores) await store.close()
      await database.drop()
    }
  })
})
