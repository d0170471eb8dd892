import type { Terminal } from './program.ts'

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
    interactive: process.stderr.isTTY === true && process.stdout.isTTY === true,
    onSignal(signal, hear) {
      process.on(signal, hear)
      return () => void process.off(signal, hear)
    },
  }
}
