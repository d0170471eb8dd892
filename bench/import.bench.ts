/** Reading of post-mortems: time per document of each format, and a thousand of them into the store, with progress. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createWorld } from '../src/engine/create-world.ts'
import { systemActor } from '../src/engine/world.ts'
import { systemClock } from '../src/kit/clock.ts'
import { silentLog } from '../src/kit/log.ts'
import { importPostmortem, readPostmortemDocument } from '../src/postmortems/index.ts'
import { openStore } from '../src/store/open-store.ts'
import { median, percentile, print } from './figure.ts'

const FOLDER = resolve(import.meta.dirname, '../test/fixtures/postmortems')
const ROUNDS = 40
const DOCUMENTS = 1_000
const today = { year: 2026, month: 1, day: 31 }
const documents = readdirSync(FOLDER)
  .filter((name) => !name.endsWith('.expected.json'))
  .map((name) => ({ name, bytes: readFileSync(join(FOLDER, name)) }))
const kilobytes = documents.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1_000

const took: number[] = []
const byFormat = new Map<string, number[]>()
for (let round = 0; round < ROUNDS; round++)
  for (const { name, bytes } of documents) {
    const begin = performance.now()
    const { format } = await readPostmortemDocument(bytes, { name, today })
    // The first rounds load and warm the readers.
    if (round < 5) continue
    const ms = performance.now() - begin
    took.push(ms)
    byFormat.set(format, [...(byFormat.get(format) ?? []), ms])
  }
print({
  name: 'a post-mortem read, median of all formats',
  value: median(took),
  unit: 'ms',
  context: {
    documents: documents.length,
    meanKilobytes: Number((kilobytes / documents.length).toPrecision(2)),
    p99: Number(percentile(took, 99).toPrecision(3)),
    ...Object.fromEntries(
      [...byFormat].map(([format, times]) => [format, Number(median(times).toPrecision(2))]),
    ),
  },
})

const large = `# Long, 5 March 2021\n\n## Timeline\n\n${Array.from({ length: 100_000 }, (_, i) => `- 10:00 UTC thing ${i}`).join('\n')}\n`
const begin = performance.now()
await readPostmortemDocument(large, { name: 'long.md', today })
print({
  name: 'a document of 100,000 lines read',
  value: (performance.now() - begin) / 1_000,
  unit: 's',
  context: { megabytes: Number((large.length / 1e6).toPrecision(2)) },
})

const directory = mkdtempSync(join(tmpdir(), 'tocsin-bench-import-'))
try {
  const store = await openStore({ directory, now: Date.now() })
  const world = createWorld({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'bench',
    publicUrl: 'http://x',
  })
  const actor = systemActor('bench')
  const start = performance.now()
  let postmortems = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const { name, bytes } = documents[i % documents.length]!
    // Each a text of its own, so that none is known.
    const content = Buffer.concat([bytes, Buffer.from(`\n\n${i}\n`)])
    const { postmortemIds } = await importPostmortem(world, actor, { name: `${i}-${name}`, content })
    postmortems += postmortemIds.length
    if (process.stderr.isTTY && i % 50 === 49) process.stderr.write(`\r${i + 1}/${DOCUMENTS}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  const seconds = (performance.now() - start) / 1_000
  print({
    name: '1,000 documents imported into the store, SQLite',
    value: seconds,
    unit: 's',
    context: {
      postmortems,
      perSecond: Math.round(DOCUMENTS / seconds),
      megabytes: Math.round(process.memoryUsage().rss / 1e6),
    },
  })
  await store.close()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
