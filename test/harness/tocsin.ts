/** The whole Tocsin: a child process on a free port, spoken to over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './ports.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The administrator's token of every Tocsin that tests start. */
export const ADMIN_TOKEN = 'test-administrator-token-0123456789abcdef'

export interface StartOptions {
  /** YAML. */
  config: string
  /** Kept when given; else a temporary folder, removed at the end. */
  folder?: string
  port?: number
  databaseUrl?: string
  env?: Record<string, string>
  /** Without the administrator's token, as a user starts it. */
  fresh?: boolean
  args?: string[]
  /** Through `bin/tocsin` and its set-up, as users start it; else the program itself. */
  launcher?: boolean
}

export interface RunningTocsin {
  url: string
  port: number
  folder: string
  configFile: string
  pid: number
  /** Everything printed so far. */
  output(): string
  /** Calls the API; throws with status and body when the answer is not 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  /** Polls until `probe` answers something; fails after `ms` with what it was waiting for. */
  until<T>(what: string, ms: number, probe: () => Promise<T | null | undefined | false>): Promise<T>
  /** Writes the configuration and has it read again. */
  reload(config: string): void
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Polls until `probe` answers something true. */
export async function until<T>(
  what: string,
  ms: number,
  probe: () => Promise<T | null | undefined | false>,
): Promise<T> {
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const found = await probe()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain: ${what}`)
  }
}

export async function startTocsin(options: StartOptions): Promise<RunningTocsin> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tocsin-test-'))
  const configFile = join(folder, 'tocsin.yaml')
  writeFileSync(configFile, options.config)
  const port = options.port ?? (await freePort())
  const args = ['serve', '--port', String(port), '--data', join(folder, 'data'), '--config', configFile]
  const env: Record<string, string | undefined> = { ...process.env, ...options.env }
  if (!options.fresh) env.TOCSIN_ADMIN_TOKEN = ADMIN_TOKEN
  if (options.databaseUrl) env.DATABASE_URL = options.databaseUrl
  const command = options.launcher
    ? [join(ROOT, 'bin/tocsin')]
    : [process.execPath, join(ROOT, 'src/app/main.ts')]
  const child: ChildProcess = spawn(command[0]!, [...command.slice(1), ...args, ...(options.args ?? [])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      printed += chunk
    })
  const url = `http://127.0.0.1:${port}`
  await until(`Tocsin listens on ${url}`, 60_000, async () => {
    if (child.exitCode !== null) throw new Error(`Tocsin ended with ${child.exitCode}:\n${printed}`)
    return printed.includes(`listening on http://127.0.0.1:${port}`)
  })
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    url,
    port,
    folder,
    configFile,
    pid: child.pid!,
    output: () => printed,
    until,
    async api<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return (text ? JSON.parse(text) : null) as T
    },
    reload(config) {
      writeFileSync(configFile, config)
      child.kill('SIGHUP')
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
