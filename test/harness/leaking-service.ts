/** A process whose memory really grows, and which tells it as exporters do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort, portAnswers } from './ports.ts'

// A call that is not forgotten: megabytes that are written to, so that they are really there.
const PROGRAM = `
const [port, perSecond] = process.argv.slice(1).map(Number)
const kept = []
setInterval(() => kept.push(Buffer.alloc((perSecond / 10) | 0, 1)), 100)
require('node:http').createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4')
  response.end('# TYPE process_resident_memory_bytes gauge\\nprocess_resident_memory_bytes ' +
    process.memoryUsage.rss() + '\\n# TYPE calls_total counter\\ncalls_total ' + kept.length + '\\n')
}).listen(port, '127.0.0.1')
`

export interface LeakingService {
  port: number
  /** Its resident memory, as the kernel counts it. */
  memory(): Promise<number>
  /** What operators do about a leak. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startLeakingService(bytesPerSecond: number): Promise<LeakingService> {
  const port = await freePort()
  let child: ChildProcess
  const start = async () => {
    child = spawn(process.execPath, ['-e', PROGRAM, String(port), String(bytesPerSecond)], {
      stdio: 'ignore',
    })
    for (let tries = 0; tries < 400 && !(await portAnswers(port)); tries++)
      await new Promise((resolve) => setTimeout(resolve, 25))
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  return {
    port,
    async memory() {
      const answer = await fetch(`http://127.0.0.1:${port}/`)
      return Number(/process_resident_memory_bytes (\d+)/.exec(await answer.text())![1])
    },
    async restart() {
      await stop()
      await start()
    },
    stop,
  }
}
