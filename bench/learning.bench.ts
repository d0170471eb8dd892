/** Search and likeness over 10,000 post-mortems, asked through HTTP, on both databases. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorld } from '../src/engine/create-world.ts'
import type { World } from '../src/engine/world.ts'
import { openDesk } from '../src/http/desk-for-tests.ts'
import { systemClock } from '../src/kit/clock.ts'
import { newId } from '../src/kit/ids.ts'
import { silentLog } from '../src/kit/log.ts'
import { insertPostmortem } from '../src/postmortems/postmortems.rows.ts'
import { readDueRecords } from '../src/postmortems/recurrence/refresh-records.ts'
import { openStore } from '../src/store/open-store.ts'
import type { Store } from '../src/store/store.ts'
import { freshDatabase } from '../test/harness/postgres.ts'
import { median, percentile, print } from './figure.ts'

const POSTMORTEMS = 10_000
const SEARCHES = 400
const LIKENESSES = 200
const DAY = 86_400_000

/** The same numbers in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const next = random(2_026)
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!

const SYLLABLES =
  'ba be bo da de di fa fo ga ge ka ke ki la le li lo ma me mo na ne ni pa po ra re ri sa se ta te to va ve za'.split(
    ' ',
  )
/** Eight thousand words as rare and as frequent as those of a language are. */
const WORDS = Array.from({ length: 8_000 }, () =>
  Array.from({ length: 2 + Math.floor(next() * 3) }, () => pick(SYLLABLES)).join(''),
)
const word = () => WORDS[Math.floor(WORDS.length * next() ** 3)]!
const words = (count: number) => Array.from({ length: count }, word).join(' ')

const CAUSES = [
  [
    'Certificate of NAME expired',
    'The certificate expired and was not renewed.',
    'The renewal job hung on the builder.',
  ],
  [
    'NAME ran out of memory',
    'A new version was deployed.',
    'A memory leak in the worker; the workaround was to restart it.',
  ],
  [
    'NAME unreachable after a DNS change',
    'A change of configuration in the zone file.',
    'The name server answered with old records.',
  ],
  ['Disk of NAME full', 'The disk was full.', 'Nobody watched it: there was no alert on the volume.'],
  [
    'NAME slow under load',
    'A spike of traffic from one customer.',
    'The connection pool was exhausted by retry storms.',
  ],
  [
    'Fail-over of NAME did not happen',
    'The switch rebooted.',
    'The replica had been missing for a week; a single point of failure.',
  ],
  [
    'Nightly job of NAME hung',
    'Planned work on the database.',
    'The cron job blocked on a lock, and monitoring was down.',
  ],
  ['Wrong page served by NAME', 'A rule was changed by hand.', 'A typo in the configuration was not tested.'],
] as const
const NOTICED = [
  'Customers reported it in support tickets.',
  'An alert fired.',
  'An engineer noticed it by chance.',
  'Another team reported it.',
]

function body(cause: (typeof CAUSES)[number], name: string): string {
  return `## Summary

${cause[0].replace('NAME', name)}. ${words(40)}. ${words(30)}.

## Impact

${words(40)}.

## Trigger

${cause[1]} ${words(15)}.

## Root cause

${cause[2]} ${words(50)}.

## Contributing factors

${words(30)}.

## Detection

${pick(NOTICED)} ${words(15)}.

## Resolution

${words(40)}.

## What went wrong

${words(40)}.

## Takeaways

${words(30)}.
`
}

async function fill(world: World): Promise<string[]> {
  const ids: string[] = []
  const now = Date.UTC(2026, 0, 31)
  for (let at = 0; at < POSTMORTEMS; at += 200) {
    await world.transact(async (tx) => {
      for (let i = at; i < at + 200; i++) {
        const cause = pick(CAUSES)
        const name = word()
        const id = newId(now + i)
        await insertPostmortem(tx, {
          ...{ id, incidentId: null, title: cause[0].replace('NAME', name), body: body(cause, name) },
          ...{ categories: [], keywords: [], state: 'draft', reason: 'imported-from-document', since: now },
          ...{
            version: 1,
            dueAt: null,
            draftDueAt: null,
            createdAt: now - Math.floor(next() * 2_000) * DAY,
            updatedAt: now,
          },
        })
        ids.push(id)
      }
    })
    if (process.stderr.isTTY) process.stderr.write(`\r${at + 200}/${POSTMORTEMS}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return ids
}

const FREQUENT = [
  'certificate',
  'expired',
  'memory',
  'configuration',
  'alert',
  'replica',
  'database',
  'customer',
]

/** What people type: one word, two, a phrase, a beginning, one without, and what filters leave. */
function question(): string {
  const kinds: (() => string)[] = [
    () => `q=${pick(FREQUENT)}`,
    () => `q=${word()}`,
    () => `q=${pick(FREQUENT)}+${word()}`,
    () => `q=${word()}+${word()}`,
    () => 'q=%22memory+leak%22',
    () => `q=${word().slice(0, 4)}*`,
    () => `q=${pick(FREQUENT)}+-${word()}`,
    () => `q=${pick(FREQUENT)}&failureClass=certificate.expired`,
    () => `q=${word()}&trigger=deploy&detectedBy=customer`,
    () => `q=${pick(FREQUENT)}&from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z`,
    () => `q=${pick(FREQUENT)}&cursor=60`,
  ]
  return pick(kinds)()
}

async function measure(store: Store, what: string): Promise<void> {
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'bench',
    publicUrl: 'http://tocsin.test',
  })
  const begin = performance.now()
  const ids = await fill(world)
  const filled = performance.now() - begin
  await readDueRecords(world, Number.POSITIVE_INFINITY)
  const read = performance.now() - begin - filled
  const desk = await openDesk({ world })
  const url = await desk.app.listen({ port: 0, host: '127.0.0.1' })
  const authorization = `Bearer ${await desk.token('viewer')}`
  const ask = async (path: string) => {
    const start = performance.now()
    const answer = await fetch(url + path, { headers: { authorization } })
    const found = (await answer.json()) as { items?: unknown[]; total?: number }
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
    return { ms: performance.now() - start, found }
  }
  const series = async (count: number, path: () => string) => {
    const took: number[] = []
    let found = 0
    for (let i = 0; i < count + 20; i++) {
      const one = await ask(path())
      // The first warm the caches and the statements.
      if (i < 20) continue
      took.push(one.ms)
      found += one.found.total ?? one.found.items?.length ?? 0
    }
    return { took, found: found / count }
  }
  const figure = (name: string, bar: number | null, { took, found }: { took: number[]; found: number }) =>
    print({
      name: `${name}, p95, ${what}`,
      value: percentile(took, 95),
      unit: 'ms',
      ...(bar === null
        ? {}
        : {
            against: { name: 'the bar', value: bar, unit: 'ms' },
            ratio: percentile(took, 95) / bar,
            bar: '< 1',
          }),
      context: {
        postmortems: POSTMORTEMS,
        asked: took.length,
        median: Number(median(took).toPrecision(3)),
        p99: Number(percentile(took, 99).toPrecision(3)),
        foundOnAverage: Math.round(found),
      },
    })
  figure('search in 10,000 post-mortems', 100, await series(SEARCHES, () => `/api/v1/search?${question()}`))
  figure(
    'the most alike of 10,000 post-mortems',
    200,
    await series(LIKENESSES, () => `/api/v1/learning/records/${pick(ids)}/similar`),
  )
  figure(
    'what recurs in 10,000 post-mortems',
    null,
    await series(20, () => '/api/v1/learning/recurrence?per=quarter'),
  )
  figure('the times of 10,000 post-mortems', null, await series(20, () => '/api/v1/learning/times'))
  print({
    name: `10,000 post-mortems read and indexed, ${what}`,
    value: (filled + read) / 1_000,
    unit: 's',
    context: {
      written: Number((filled / 1_000).toPrecision(3)),
      read: Number((read / 1_000).toPrecision(3)),
    },
  })
  await desk.close()
}

const directory = mkdtempSync(join(tmpdir(), 'tocsin-bench-learning-'))
try {
  const store = await openStore({ directory, now: Date.now() })
  await measure(store, 'SQLite')
  await store.close()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
const database = await freshDatabase()
try {
  const store = await openStore({ directory: '', databaseUrl: database.url, now: Date.now() })
  await measure(store, 'PostgreSQL')
  await store.close()
} finally {
  await database.drop()
}
