/** `tocsin watch-peer` as a process of its own, and a webhook that keeps what it is told. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './ports.ts'
import { until } from './tocsin.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const BEAT_KEY = 'a-key-that-both-sides-share-0123456789'

export interface Told {
  key: string
  subject: string
  text: string
  at: number
}

export interface Webhook {
  url: string
  told: Told[]
  /** What it answers; 200 until told otherwise. */
  status: number
  /** The first message from `since` on whose subject matches. */
  waitFor(what: string, matches: RegExp, ms: number, since?: number): Promise<Told>
  stop(): Promise<void>
}

/** A webhook on loopback. */
export async function startWebhook(): Promise<Webhook> {
  const told: Told[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      if (hook.status === 200) told.push({ ...JSON.parse(body), at: Date.now() })
      response.writeHead(hook.status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const hook: Webhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    status: 200,
    waitFor: (what, matches, ms, since = 0) =>
      until(`${what} (told: ${told.map(({ subject }) => subject).join('; ') || 'nothing'})`, ms, async () =>
        told.slice(since).find(({ subject }) => matches.test(subject)),
      ),
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  return hook
}

export interface RunningWatcherProcess {
  port: number
  pid: number
  folder: string
  /** Where a Tocsin called `name` posts its beats. */
  beatUrl(name: string): string
  output(): string
  kill(signal?: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

/** Starts `tocsin watch-peer` with this configuration; `listen` and `state` are added. */
export async function startWatcher(options: {
  config: string
  folder?: string
  port?: number
}): Promise<RunningWatcherProcess> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tocsin-watcher-'))
  const port = options.port ?? (await freePort())
  const file = join(folder, 'watch.yaml')
  writeFileSync(file, `listen: 127.0.0.1:${port}\nstate: state.json\n${options.config}`)
  const child: ChildProcess = spawn(
    process.execPath,
    ['--max-semi-space-size=2', join(ROOT, 'src/app/main.ts'), 'watch-peer', file],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => {
      printed += part
    })
  await until('the watcher listens', 30_000, async () => {
    if (child.exitCode !== null) throw new Error(`the watcher ended with ${child.exitCode}:\n${printed}`)
    return printed.includes('watching ')
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    port,
    pid: child.pid!,
    folder,
    beatUrl: (name) => `http://127.0.0.1:${port}/peers/${name}/beat`,
    output: () => printed,
    kill: (signal = 'SIGKILL') => end(signal),
    async stop() {
      await end('SIGTERM')
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
