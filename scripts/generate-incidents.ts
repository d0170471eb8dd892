/**
 * Runs the stories of the seven incidents and writes docs/incidents.md from what they print: `npm run incidents`, or
 * `sh bin/run scripts/generate-incidents.ts`. Writes nothing when a story fails, is left out, or prints no line.
 * `--from FOLDER --to FILE` takes other stories and another page.
 */
import { globSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { run } from 'node:test'
import { parseArgs } from 'node:util'
import { type IncidentLine, readIncidentLine } from '../test/harness/incident-line.ts'
import { installTools } from '../test/run.machine.ts'
import { incidentsPage, PAGE, STORIES } from './incidents.ts'

const caller = process.cwd()
process.chdir(resolve(import.meta.dirname, '..'))
const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } })
const from = values.from === undefined ? STORIES : resolve(caller, values.from)
const page = values.to === undefined ? PAGE : resolve(caller, values.to)
const say = (line: string) => console.log(line)

const files = globSync(join(from, '*.test.ts'))
  .sort()
  .map((file) => resolve(file))
installTools(files, say)

const lines = new Map<string, IncidentLine[]>(files.map((file) => [file, []]))
const problems: string[] = []
const named = (file: string | undefined) => basename(file ?? '?', '.test.ts')

// Whoever stops it stops the stories with it, and what they have started.
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

// One after the other: what is measured is not to wait for its neighbour.
const stream = run({ files, concurrency: 1, timeout: 300_000, signal: stopping.signal })
stream.on('test:diagnostic', ({ file, message }) => {
  if (file === undefined) return
  try {
    const line = readIncidentLine(message)
    if (!line) return
    lines.get(resolve(file))?.push(line)
    say(`${named(file)}: ${line.verdict} ${line.reason} after ${line.seconds} s: ${line.failure}`)
  } catch (error) {
    problems.push(`${named(file)}: ${(error as Error).message}`)
  }
})
stream.on('test:fail', ({ file, name, details, todo }) => {
  if (todo === undefined) problems.push(`${named(file)}: "${name}" failed: ${details.error?.message}`)
})
stream.on('test:pass', ({ file, name, skip }) => {
  if (skip !== undefined && skip !== false)
    problems.push(`${named(file)}: "${name}" was left out: ${skip === true ? 'no reason given' : skip}`)
})
for await (const _ of stream);

if (stopping.signal.aborted) problems.push('stopped')
const collected = [...lines].map(([file, found]) => ({ story: named(file), lines: found }))
if (files.length === 0) problems.push(`there are no stories in ${from}`)
for (const { story, lines: found } of collected)
  if (found.length === 0) problems.push(`${story} printed no line of an incident`)
let text = ''
try {
  if (problems.length === 0) text = incidentsPage(collected, where())
} catch (error) {
  problems.push((error as Error).message)
}
if (problems.length > 0) {
  for (const problem of problems) console.error(problem)
  console.error(`${page} was not written`)
  process.exit(1)
}
writeFileSync(page, text)
say(`${page}: ${collected.length} stories, ${collected.flatMap((one) => one.lines).length} lines`)

function where(): { machine: string; day: string } {
  const memory = Math.round(totalmem() / 2 ** 30)
  const day = new Date().toISOString().slice(0, 10)
  return { machine: `${cpus().length} cores and ${memory} GB of memory`, day }
}
