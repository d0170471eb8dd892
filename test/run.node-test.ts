/** Node's own test runner over a list of files, with its `spec` report; knows afterwards what was left out. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

export interface TestResult {
  passed: number
  failed: number
  /** Skipped and to-do tests: name and reason. */
  leftOut: string[]
}

export interface TestRunOptions {
  concurrency: number
  /** Milliseconds after which a file is ended and red; five minutes by default. */
  fileTimeout?: number
  signal?: AbortSignal
  /** Where the report goes; standard output by default. */
  write?: (text: string) => void
}

/** Runs the files; the runner's own summary is the last thing written when nothing is red. */
export async function runTestFiles(files: string[], options: TestRunOptions): Promise<TestResult> {
  const write = options.write ?? ((text: string) => void process.stdout.write(text))
  const result: TestResult = { passed: 0, failed: 0, leftOut: [] }
  const fileTimeout = options.fileTimeout ?? 300_000
  const watch = setInterval(() => killOverdue(fileTimeout), Math.min(5_000, fileTimeout))
  // A signal that is always there costs nothing; `undefined` is refused by older runners.
  const stream = run({
    files: files.map((file) => resolve(file)),
    concurrency: options.concurrency,
    // Per file: one that hangs is red, and the others still get their turn.
    timeout: fileTimeout,
    signal: options.signal ?? new AbortController().signal,
  })
  stream.on('test:pass', ({ name, skip, todo, file }) => {
    const reason = skip ?? todo
    if (reason === undefined || reason === false) return
    const where = file ? ` (${file.replace(`${process.cwd()}/`, '')})` : ''
    result.leftOut.push(`${name}${where}: ${reason === true || reason === '' ? 'no reason given' : reason}`)
  })
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return
    result.passed = counts.passed
    result.failed = counts.tests - counts.passed - counts.skipped - counts.todo
  })
  let listed = false
  for await (const chunk of stream.compose(spec)) {
    const text = String(chunk)
    if (!listed && /ℹ tests \d/.test(text)) {
      listed = true
      if (result.leftOut.length > 0)
        write(`\nLeft out:\n${result.leftOut.map((line) => `  ${line}\n`).join('')}`)
    }
    write(text)
  }
  clearInterval(watch)
  return result
}

/** A test process that spins never hears the runner's polite signal; it is killed shortly after its time. */
function killOverdue(fileTimeout: number): void {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,etimes=,args='], { encoding: 'utf8' })
  for (const line of (stdout ?? '').split('\n')) {
    const [pid, parent, seconds, ...command] = line.trim().split(/\s+/)
    if (Number(parent) !== process.pid || !/\.test\.\w+$/.test(command.at(-1) ?? '')) continue
    if (Number(seconds) * 1_000 > fileTimeout + 1_000) process.kill(Number(pid), 'SIGKILL')
  }
}
