/** `tocsin probe` as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './tocsin.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface RunningProbe {
  pid: number
  folder: string
  output(): string
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Starts a probe for a place of the Tocsin at `url`. */
export async function startProbe(options: {
  url: string
  place: string
  token: string
  folder?: string
  env?: Record<string, string>
}): Promise<RunningProbe> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tocsin-probe-'))
  const args = ['probe', '--url', options.url, '--place', options.place, '--data', folder]
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'src/app/main.ts'), ...args], {
    env: { ...process.env, ...options.env, TOCSIN_TOKEN: options.token },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => {
      printed += part
    })
  await until('the probe starts', 30_000, async () => {
    if (child.exitCode !== null) throw new Error(`the probe ended with ${child.exitCode}:\n${printed}`)
    return printed.includes('probing for ')
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    pid: child.pid!,
    folder,
    output: () => printed,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
