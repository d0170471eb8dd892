/** Real PostgreSQL for tests: a cluster of our own in a temporary folder, and an empty database per test file. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { programOf } from './needs.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Keeps fsync on, for tests of what a crash leaves behind. */
  durable?: boolean
  /** Further settings, as in postgresql.conf. */
  settings?: Record<string, string>
}

export interface RunningPostgres {
  /** Of the database `postgres`, with the superuser and his password. */
  url: string
  port: number
  /** Where its files are. */
  folder: string
  /** Ends every server process at once, as a power cut would; the data stays. */
  crash(): Promise<void>
  /** Starts again after a crash, on the same port and data. */
  restart(): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

export interface FreshDatabase {
  url: string
  drop(): Promise<void>
}

/** Options of a test that needs PostgreSQL: it is left out, by name, where there is none. */
export function needsPostgres(): { skip: string | false } {
  const there = process.env.TOCSIN_TEST_POSTGRES || programOf('postgres')
  return { skip: !there && 'postgres not installed' }
}

/** Starts a cluster on a free port of 127.0.0.1. PostgreSQL refuses to run as root: then it runs as `postgres`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const program = programOf('postgres')
  if (!program) throw new Error('PostgreSQL is not installed; see docs/developing.md')
  const owner = process.getuid?.() === 0 ? accountOf('postgres') : undefined
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-postgres-'))
  const data = join(folder, 'data')
  const password = randomBytes(18).toString('base64url')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid)
  await run(
    join(dirname(program), 'initdb'),
    ['-D', data, '-U', 'tocsin', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'].concat([
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ]),
    { ...owner, cwd: folder },
  )
  const port = await freePort()
  const url = `postgres://tocsin:${password}@127.0.0.1:${port}/postgres`
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '200',
    shared_buffers: '32MB',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

  let server: ChildProcess | undefined
  const start = async () => {
    const output: Buffer[] = []
    const child = spawn(program, ['-D', data, ...flags], {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => output.length < 200 && output.push(chunk))
    server = child
    await ready(url, () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended: ${Buffer.concat(output)}`)
    })
  }
  const end = (signal: NodeJS.Signals) => endOf(server, signal)
  // A test process that is told to stop must not leave a server behind.
  const last = () => {
    server?.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', last)
  await start()
  return {
    url,
    port,
    folder,
    crash: () => end('SIGQUIT'),
    restart: start,
    async stop() {
      await end('SIGINT')
      process.removeListener('exit', last)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An empty database on the cluster of this test run; a test file that runs alone starts its own cluster. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const shared = process.env.TOCSIN_TEST_POSTGRES
  const own = shared ? null : await startPostgres()
  const admin = shared ?? own!.url
  const name = `t_${randomBytes(8).toString('hex')}`
  // template0 has no connections, so that files which start at once do not disturb one another.
  await statement(admin, `CREATE DATABASE ${name} TEMPLATE template0`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async drop() {
      if (own) await own.stop()
      else await statement(admin, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function statement(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

async function ready(url: string, stillRunning: () => void): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    stillRunning()
    try {
      return await statement(url, 'SELECT 1')
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(50)
    }
  }
}

async function endOf(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  await ended
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function accountOf(name: string): { uid: number; gid: number } {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [account, , uid, gid] = line.split(':')
    if (account === name) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error(`There is no account "${name}" on this machine for PostgreSQL to run as.`)
}
