import { spawn } from 'node:child_process'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../../kit/clock.ts'

/** How a run of `ping` ended. */
export interface PingRun {
  output: string
  complaint: string
  /** Null where it could not be started. */
  exit: number | null
  /** The error code of a program that could not be started. */
  notStarted: string | null
}

export interface PingOrder {
  address: string
  count: number
  intervalMs: number
  size: number
  /** When it is told to stop and count. */
  enoughAfterMs: number
}

const MOST_KEPT = 16_384

/** Runs the system's `ping`. At the end of its time it is interrupted, and counts what came until then. */
export function runPing(order: PingOrder, clock: Clock, signal: AbortSignal): Promise<PingRun> {
  const { address, count, intervalMs, size, enoughAfterMs } = order
  const waitSeconds = Math.max(0.05, enoughAfterMs / 1_000).toFixed(3)
  const args = [
    isIPv6(address) ? '-6' : '-4',
    ...['-n', '-q', '-c', String(count), '-i', (intervalMs / 1_000).toFixed(3)],
    ...['-s', String(size), '-W', waitSeconds, '--', address],
  ]
  return new Promise((resolve) => {
    // Nothing of our own environment: it may hold secrets, and the words must be those of the C locale.
    const env = { PATH: process.env.PATH ?? '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }
    const child = spawn('ping', args, { stdio: ['ignore', 'pipe', 'pipe'], env })
    const run: PingRun = { output: '', complaint: '', exit: null, notStarted: null }
    const keep = (text: string, chunk: Buffer) => (text + chunk.toString('latin1')).slice(0, MOST_KEPT)
    child.stdout.on('data', (chunk: Buffer) => {
      run.output = keep(run.output, chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      run.complaint = keep(run.complaint, chunk)
    })
    const cancel = clock.after(enoughAfterMs, () => child.kill('SIGINT'))
    const onAbort = () => {
      child.kill('SIGKILL')
      settle()
    }
    const settle = () => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      resolve(run)
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    child.once('error', (error: NodeJS.ErrnoException) => {
      run.notStarted = error.code ?? error.message
      settle()
    })
    child.once('close', (code) => {
      run.exit = code
      settle()
    })
  })
}
