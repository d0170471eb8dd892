/**
 * The test run: `npm test`, `npm test -- PATTERN…` (a part of a path, or a glob), `npm run verify`, `npm run types`.
 * Installs what the machine lacks, then types, format and lint, the house, and every test file; exits 1 when
 * anything is red, and with CI=true also when a test was left out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startPostgres } from './harness/postgres.ts'
import { chooseFiles, testFiles, wantsDatabase } from './run.files.ts'
import { installTools } from './run.machine.ts'
import { runTestFiles } from './run.node-test.ts'

const ROOT = resolve(import.meta.dirname, '..')
const CI = /^(1|true)$/i.test(process.env.CI ?? '')
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const verify = flags.includes('--verify')

process.chdir(ROOT)
const red: string[] = []
const unknown = flags.filter((flag) => flag !== '--verify' && flag !== '--types')
if (unknown.length > 0) {
  console.error(`tests: unknown option ${unknown.join(' ')}; known are --types, --verify and parts of paths`)
  process.exit(2)
}

/** Runs one of the developers' tools; its output is the report. */
function step(name: string, file: string, ...args: string[]): void {
  console.log(`▶ ${name}`)
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules', file), ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) red.push(name)
}

if (patterns.length === 0) {
  step('types', 'typescript/bin/tsc', '--noEmit', '-p', '.')
  if (existsSync('web/tsconfig.json')) step('types of web', 'typescript/bin/tsc', '--noEmit', '-p', 'web')
  if (flags.includes('--types')) process.exit(red.length > 0 ? 1 : 0)
  step('format and lint', '@biomejs/biome/bin/biome', 'check', '--diagnostic-level=warn', '.')
}

const all = testFiles(ROOT)
const files = chooseFiles(all, verify ? ['src/', 'test/house/'] : patterns)
if (files.length === 0) {
  console.error(`tests: no test file matches ${patterns.join(' ')} (there are ${all.length})`)
  process.exit(1)
}
if (!verify) installTools(files, (line) => console.log(`▶ ${line}`))

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

const useDatabase = !verify && !process.env.TOCSIN_TEST_POSTGRES && wantsDatabase(files)
const postgres = useDatabase ? await startPostgres() : null
if (postgres) process.env.TOCSIN_TEST_POSTGRES = postgres.url

console.log(`▶ ${files.length} test files`)
const result = await runTestFiles(files, { concurrency: 2, signal: stopping.signal })
await postgres?.stop()

if (result.failed > 0) red.push('tests')
if (result.passed === 0) red.push('no test passed')
if (CI && result.leftOut.length > 0) red.push(`${result.leftOut.length} tests left out, and CI=true`)
if (stopping.signal.aborted) red.push('stopped')
if (red.length > 0) console.log(`✖ red: ${red.join(', ')}`)
process.exit(red.length > 0 ? 1 : 0)
