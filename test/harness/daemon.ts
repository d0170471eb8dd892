/** What the harnesses of real servers have in common: a folder, files with an owner, and a child in the foreground. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf, type ToolName } from './needs.ts'
import { portAnswers } from './ports.ts'

/** What a TLS server presents. */
export interface Identity {
  /** Leaf and intermediates, PEM. */
  cert: string
  key: string
}

export interface DaemonFolder {
  path: string
  /** Writes a file with the mode given, for the account of the daemon unless it is to stay ours. */
  write(name: string, text: string, mode?: number, ours?: boolean): string
  makeFolder(name: string): string
  /** Puts a key and a certificate in place. */
  place(identity: Identity): void
  remove(): void
}

/** The account of a daemon that does not stay root; undefined where we are not root ourselves. */
export function accountOf(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

/** A temporary folder that the account may enter. */
export function daemonFolder(name: string, account?: { uid: number; gid: number }): DaemonFolder {
  const path = mkdtempSync(join(tmpdir(), `tocsin-${name}-`))
  chmodSync(path, 0o755)
  const own = (file: string) => {
    if (account) chownSync(file, account.uid, account.gid)
    return file
  }
  own(path)
  const write = (file: string, text: string, mode = 0o600, ours = false) => {
    writeFileSync(join(path, file), text, { mode })
    return ours ? join(path, file) : own(join(path, file))
  }
  return {
    path,
    write,
    makeFolder(folder) {
      mkdirSync(join(path, folder), { recursive: true })
      return own(join(path, folder))
    },
    place({ cert, key }) {
      write('cert.pem', cert)
      write('key.pem', key)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export interface RunningDaemon {
  port: number
  pid: number
  folder: DaemonFolder
  /** What it said on its standard output and error. */
  said(): string
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

const PATIENCE_MS = 20_000

/** Starts a daemon in the foreground, and waits until all of its ports answer. */
export async function startDaemon(
  tool: ToolName,
  args: string[],
  ports: number[],
  folder: DaemonFolder,
  options: { env?: Record<string, string>; uid?: number; gid?: number; end?: NodeJS.Signals } = {},
): Promise<RunningDaemon> {
  const program = programOf(tool)
  if (!program) throw new Error(`${tool} is not installed; see docs/developing.md`)
  const { env, end = 'SIGTERM', ...account } = options
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder.path,
    env: { ...process.env, PATH: `${dirname(program)}:${process.env.PATH}`, ...env },
    ...account,
    // Its children go with it.
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-20_000)
    })
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal)
    } catch {
      // It is gone already.
    }
  }
  for (const port of ports)
    for (const until = Date.now() + PATIENCE_MS; !(await portAnswers(port)); await sleep(25))
      if (child.exitCode !== null || Date.now() > until) {
        kill('SIGKILL')
        throw new Error(`${tool} did not start: ${said}`)
      }
  return {
    port: ports[0]!,
    pid: child.pid!,
    folder,
    said: () => said,
    signal: (name) => process.kill(child.pid!, name),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        kill(end)
        await Promise.race([gone, sleep(3_000, undefined, { ref: false })])
        kill('SIGKILL')
      }
      folder.remove()
    },
  }
}
