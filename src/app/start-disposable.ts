import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Disposable, StartDisposable } from '../proofs/index.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const SETPRIV = '/usr/bin/setpriv'
const MOST_KEPT = 20_000

// Which program is found and which time it is; never a database, a token or a secret of this process.
const PASSED_ON = ['PATH', 'TZ', 'LANG', 'TMPDIR']

/** Starts this program with other arguments, for a drill. It does not outlive us, not even frozen. */
export const startDisposable: StartDisposable = (args) => {
  const env = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
  const program = [process.execPath, MAIN, ...args]
  // The kernel ends it with us: who is killed can end nobody.
  const [command, ...rest] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', ...program] : program
  const child = spawn(command!, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  let failed = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      printed = (printed + part).slice(-MOST_KEPT)
    })
  child.on('error', (error) => {
    failed = true
    printed += error.message
  })
  const hasEnded = () => failed || child.exitCode !== null || child.signalCode !== null
  const disposable: Disposable = {
    pid: child.pid ?? -1,
    printed: () => printed,
    hasEnded,
    signal: (signal) => void child.kill(signal),
    async end() {
      if (hasEnded()) return
      // A frozen process hears nothing else.
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
  return disposable
}
