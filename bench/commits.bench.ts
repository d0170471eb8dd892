/** Durable commits per second through the whole store and fact log, beside the bare binding on the same disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorld } from '../src/engine/create-world.ts'
import { defineFact } from '../src/engine/facts.ts'
import { systemActor } from '../src/engine/world.ts'
import { systemClock } from '../src/kit/clock.ts'
import { silentLog } from '../src/kit/log.ts'
import { openStore } from '../src/store/open-store.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { startPostgres } from '../test/harness/postgres.ts'
import { median, print } from './figure.ts'

const SECONDS = 2
const ROUNDS = 3
const rang = defineFact<{ text: string }>('bench.rang')
const actor = systemActor('bench')
const body = 'x'.repeat(200)

async function perSecond(work: () => Promise<unknown> | unknown): Promise<number> {
  const begin = performance.now()
  let done = 0
  while (performance.now() - begin < SECONDS * 1_000) {
    await work()
    done++
  }
  return (done * 1_000) / (performance.now() - begin)
}

async function ofStore(directory: string, databaseUrl: string | null): Promise<() => Promise<number>> {
  const store = await openStore({ directory, databaseUrl, now: Date.now() })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'bench',
    publicUrl: 'http://x',
  })
  return () =>
    perSecond(() =>
      world.transact((tx) => rang.append(tx, world, { subject: 's', actor, data: { text: body } })),
    )
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
const postgres = await startPostgres({ durable: true })
try {
  const bare = openSqlite({ file: join(folder, 'bare.db'), synchronous: 'FULL' })
  bare.exec('CREATE TABLE facts (seq INTEGER PRIMARY KEY, body TEXT)')
  const insert = bare.prepare('INSERT INTO facts (body) VALUES (?)')
  const sqlite = await ofStore(join(folder, 'store'), null)
  const onPostgres = await ofStore('', postgres.url)
  const rows: { bare: number; sqlite: number; postgres: number }[] = []
  for (let round = 0; round < ROUNDS; round++)
    rows.push({
      bare: await perSecond(() => insert.run(body)),
      sqlite: await sqlite(),
      postgres: await onPostgres(),
    })
  const against = {
    name: 'bare node:sqlite, one row per commit, synchronous=FULL',
    value: median(rows.map((r) => r.bare)),
    unit: 'commits/s',
  }
  print({
    name: 'durable commits, each with a chained fact, one by one, SQLite',
    value: median(rows.map((r) => r.sqlite)),
    unit: 'commits/s',
    against,
    ratio: median(rows.map((r) => r.sqlite / r.bare)),
  })
  print({
    name: 'durable commits, each with a chained fact, one by one, PostgreSQL with fsync',
    value: median(rows.map((r) => r.postgres)),
    unit: 'commits/s',
    against,
    ratio: median(rows.map((r) => r.postgres / r.bare)),
  })
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
