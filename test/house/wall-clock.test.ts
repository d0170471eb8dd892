import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { TEST_FILES } from './rooms.ts'
import { wallClockIn } from './wall-clock.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** The two places where the wall clock is read. */
const HOMES = /^src\/(kit\/clock\.ts|engine\/)/

test('nobody else reads the wall clock, and SQL is told the time', () => {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).filter(
    (file) => !HOMES.test(file) && !new RegExp(TEST_FILES).test(file),
  )
  assert.ok(files.length > 0)
  const found = files.flatMap((file) =>
    wallClockIn(readFileSync(join(ROOT, file), 'utf8'), file).map((place) => `${file}:${place}`),
  )
  assert.deepEqual(found, [])
})

describe('the scanner', () => {
  const faults: [string, string][] = [
    ['const a = Date.now()', 'Date.now'],
    ['const clock = { now: Date.now }', 'Date.now'],
    ['const a = globalThis.Date.now()', 'Date.now'],
    ['const a = new Date()', 'new Date()'],
    ['const a = new Date', 'new Date()'],
    ['const a = Date()', 'Date()'],
    ['setTimeout(f, 5)', 'setTimeout'],
    ['const later = setTimeout', 'setTimeout'],
    ['globalThis.setInterval(f, 5)', 'setInterval'],
    [`import { setTimeout as sleep } from 'node:timers/promises'`, 'import of node:timers/promises'],
    ['const a = Temporal.Now.instant()', 'Temporal.Now'],
    ['const a = performance.now()', 'performance.now'],
    [`import { performance } from 'node:perf_hooks'`, 'import of node:perf_hooks'],
    ['const a = process.hrtime.bigint()', 'process.hrtime'],
    ['sql`UPDATE t SET at = now()`', 'SQL time in "UPDATE t SET at = now()"'],
    ['sql`UPDATE t SET at = NOW ( ) WHERE id = ${id}`', 'SQL time in "UPDATE t SET at = NOW ( ) WHERE id ="'],
    [`db.raw("SELECT datetime('now')")`, `SQL time in "SELECT datetime('now')"`],
    [`const t = 'DEFAULT CURRENT_TIMESTAMP'`, 'SQL time in "DEFAULT CURRENT_TIMESTAMP"'],
  ]
  for (const [source, what] of faults)
    test(`goes red on ${source}`, () => {
      assert.ok(wallClockIn(`// one\n${source}\n`, 'planted.ts').includes(`2: ${what}`))
    })

  const fine = [
    'const a = new Date(row.at).toISOString()',
    'const a = clock.now()',
    'const a = sql`UPDATE t SET at = ${clock.now()}`',
    `import { monitorEventLoopDelay } from 'node:perf_hooks'`,
    'socket.setTimeout(5)',
    'const options = { setTimeout: 5 }',
    '// Date.now() is not read here',
    'const a = Date.parse(text)',
    'const a = Temporal.Instant.fromEpochMilliseconds(now)',
  ]
  for (const source of fine)
    test(`stays green on ${source}`, () => {
      assert.deepEqual(wallClockIn(source, 'planted.ts'), [])
    })
})
