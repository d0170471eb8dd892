import type { Screen, Terminal } from './program.ts'

/** The terminal of a process. */
export function processTerminal(process: NodeJS.Process): Terminal {
  // `tocsin … | head` closes the pipe: that is an end, not a failure.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  return {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    screen: screenOf(process),
    interactive: process.stderr.isTTY === true && process.stdout.isTTY === true,
    onSignal(signal, hear) {
      process.on(signal, hear)
      return () => void process.off(signal, hear)
    },
  }
}

function screenOf({ stdout, env }: NodeJS.Process): Screen | null {
  if (stdout.isTTY !== true) return null
  // By no-color.org any value that is not empty counts.
  return { columns: stdout.columns || 80, colour: !env.NO_COLOR && env.TERM !== 'dumb' }
}
