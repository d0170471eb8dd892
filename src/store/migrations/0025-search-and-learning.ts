import { type Kysely, sql } from 'kysely'
import type { Migration, MigrationContext } from '../migration.ts'
import { listenOnPostgres, listenOnSqlite } from './0025-triggers.ts'

/** What is searched, and what is learned from it; kept by the database itself as the other tables change. */
export const migration: Migration = {
  name: '0025-search-and-learning',
  breaking: false,
  async up(context) {
    const { db, dialect } = context
    await (dialect === 'sqlite' ? documentsOnSqlite(db) : documentsOnPostgres(db))
    await createLearning(context)
    await (dialect === 'sqlite' ? listenOnSqlite(db) : listenOnPostgres(db))
    await fill(context)
  },
}

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the schema as it was
type AnyDb = Kysely<any>

const run = (db: AnyDb, text: string) => sql.raw(text).execute(db)

async function documentsOnSqlite(db: AnyDb): Promise<void> {
  // The long texts stand last, so that a look at the rest of a row does not read them.
  await run(
    db,
    `CREATE TABLE search_documents (doc INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL,
      record_id TEXT, at BIGINT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, ref))`,
  )
  await run(
    db,
    `CREATE VIRTUAL TABLE search_index USING fts5(title, body, content='search_documents', content_rowid='doc',
      tokenize='unicode61 remove_diacritics 2')`,
  )
  const add = 'INSERT INTO search_index(rowid, title, body) VALUES (NEW.doc, NEW.title, NEW.body);'
  const remove =
    "INSERT INTO search_index(search_index, rowid, title, body) VALUES ('delete', OLD.doc, OLD.title, OLD.body);"
  for (const [name, when, what] of [
    ['added', 'INSERT', add],
    ['removed', 'DELETE', remove],
    ['changed', 'UPDATE OF title, body', remove + add],
  ])
    await run(
      db,
      `CREATE TRIGGER search_documents_${name} AFTER ${when} ON search_documents BEGIN ${what} END`,
    )
  await run(db, 'CREATE INDEX search_documents_record ON search_documents (record_id)')
}

/** Every character that is no part of a word, as the ranges of a regular expression. */
function separators(): string {
  const ranges: [number, number][] = [
    [0x01, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7f],
  ]
  let open: number | null = null
  for (let code = 0x80; code <= 0x20000; code++) {
    // Half a character; an accent; what no character has yet neither begins a range nor ends one.
    const single = code < 0xd800 || code > 0xdfff
    const text = single && code < 0x20000 ? String.fromCodePoint(code) : 'a'
    const accent = code >= 0x300 && code <= 0x36f
    const parts = !accent && !/[\p{L}\p{N}\p{Co}]/u.test(text)
    if (parts && open === null && !/\p{Cn}/u.test(text)) open = code
    if (!parts && open !== null) {
      ranges.push([open, code - 1])
      open = null
    }
  }
  const hex = (code: number) => `\\U${code.toString(16).padStart(8, '0')}`
  return ranges.map(([from, to]) => `${hex(from)}-${hex(to)}`).join('')
}

// Leaves a hole between the last word of a title and the first of a text, which are not side by side.
const GAP = 'betweentitleandbody'

async function documentsOnPostgres(db: AnyDb): Promise<void> {
  // The long values lie beside the table, so that what is only counted and ordered takes few pages.
  // In a database without a locale `lower` knows the letters of English only.
  const { rows } = await sql<{ name: string }>`SELECT collname AS name FROM pg_collation
    WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY collname LIMIT 1`.execute(db)
  const locale = rows[0] ? ` COLLATE "${rows[0].name}"` : ''
  // Letters without their accents, and no punctuation: the parser of PostgreSQL would read host names, versions
  // and paths as one word each, and whoever looks for a part of one would not find it.
  await run(
    db,
    `CREATE FUNCTION search_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT lower(normalize(regexp_replace(regexp_replace(normalize(given, NFD), '[\\u0300-\\u036f]+', '', 'g'),
        '[${separators()}]+', ' ', 'g'), NFC)${locale}) $$`,
  )
  await run(
    db,
    `CREATE TABLE search_documents (doc BIGSERIAL PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL,
      record_id TEXT, at BIGINT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
      title_words tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple', search_fold(title))) STORED,
      words tsvector GENERATED ALWAYS AS (ts_delete(to_tsvector('pg_catalog.simple',
        search_fold(title) || ' ${GAP} ' || search_fold(body)), '${GAP}')) STORED,
      UNIQUE (kind, ref)) WITH (toast_tuple_target = 512)`,
  )
  await run(db, 'CREATE INDEX search_documents_words ON search_documents USING gin (words)')
  await run(db, 'CREATE INDEX search_documents_title ON search_documents USING gin (title_words)')
  await run(db, 'CREATE INDEX search_documents_record ON search_documents (record_id)')
}

async function createLearning({ db, dialect }: MigrationContext): Promise<void> {
  await db.schema
    .createTable('learning_records')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text')
    .addColumn('postmortem_id', 'text')
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('happened_at', 'bigint', (c) => c.notNull())
    .addColumn('month', 'integer', (c) => c.notNull())
    .addColumn('severity', 'text')
    .addColumn('detected_by', 'text')
    .addColumn('detected_by_origin', 'text', (c) => c.notNull())
    .addColumn('detected_by_because', 'text', (c) => c.notNull())
    .addColumn('impact_started_at', 'bigint')
    .addColumn('reported_at', 'bigint')
    .addColumn('detected_at', 'bigint')
    .addColumn('noticed_at', 'bigint')
    .addColumn('first_alert_at', 'bigint')
    .addColumn('declared_at', 'bigint')
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('mitigated_at', 'bigint')
    .addColumn('resolved_at', 'bigint')
    .addColumn('words', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('learning_records_happened')
    .on('learning_records')
    .columns(['happened_at', 'id'])
    .execute()
  await db.schema
    .createTable('learning_marks')
    .addColumn('record_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('because', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('learning_marks_key', ['record_id', 'kind', 'value'])
    .execute()
  await db.schema
    .createIndex('learning_marks_value')
    .on('learning_marks')
    .columns(['kind', 'value', 'record_id'])
    .execute()
  await db.schema
    .createTable('learning_words')
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('learning_words_key', ['word', 'record_id'])
    .$call((table) => (dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table))
    .execute()
  await db.schema.createIndex('learning_words_record').on('learning_words').column('record_id').execute()
  await db.schema
    .createTable('learning_judgements')
    .addColumn('record_id', 'text', (c) => c.primaryKey())
    .addColumn('judgement', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  const seq = dialect === 'sqlite' ? 'INTEGER PRIMARY KEY' : 'BIGSERIAL PRIMARY KEY'
  await run(db, `CREATE TABLE learning_due (seq ${seq}, record_id TEXT NOT NULL)`)
}

/** What is there already. */
async function fill({ db, dialect }: MigrationContext): Promise<void> {
  const json = (key: string) =>
    dialect === 'sqlite'
      ? `json_extract(definition, '$.${key}')`
      : `(replace(definition, '\\u0000', '')::jsonb ->> '${key}')`
  const into = 'INSERT INTO search_documents (kind, ref, record_id, at, title, body)'
  await run(
    db,
    `${into} SELECT 'incident', id, id, COALESCE(impact_started_at, declared_at), title, '' FROM incidents ORDER BY id`,
  )
  await run(
    db,
    `${into} SELECT 'entry', id, incident_id, happened_at, '', text FROM timeline_entries
      WHERE kind <> 'update' AND id NOT IN (SELECT corrects FROM timeline_entries WHERE corrects IS NOT NULL)
      ORDER BY id`,
  )
  await run(
    db,
    `${into} SELECT 'update', id, incident_id, published_at, '', body FROM public_updates ORDER BY id`,
  )
  await run(
    db,
    `${into} SELECT 'action', actions.id, COALESCE(postmortems.incident_id, postmortems.id), actions.created_at,
      actions.title, actions.criterion FROM actions
      JOIN postmortems ON postmortems.id = actions.postmortem_id ORDER BY actions.id`,
  )
  await run(
    db,
    `${into} SELECT 'case', cases.id, COALESCE(postmortems.incident_id, postmortems.id), cases.updated_at,
      ${json('title')}, ${json('what')} || ' ' || ${json('lesson')} FROM cases
      LEFT JOIN postmortems ON postmortems.id = cases.postmortem_id WHERE retired_at IS NULL ORDER BY cases.id`,
  )
  await run(
    db,
    `${into} SELECT 'post-mortem', id, COALESCE(incident_id, id), created_at, title, body FROM postmortems ORDER BY id`,
  )
  await run(db, 'INSERT INTO learning_due (record_id) SELECT id FROM incidents ORDER BY id')
  await run(
    db,
    'INSERT INTO learning_due (record_id) SELECT id FROM postmortems WHERE incident_id IS NULL ORDER BY id',
  )
}
