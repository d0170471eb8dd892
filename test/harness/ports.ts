/** Ports of 127.0.0.1 for servers that tests start. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Below the ports that Linux gives to outgoing connections (32768 and up): nobody gets one of these by chance.
const FIRST = 12_000
const PORTS = 20_000
const FOLDER = join(tmpdir(), 'tocsin-test-ports')
const mine: string[] = []

/** A port at which nobody listens, and which no other test is given as long as this process lives. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * PORTS)
    if (reserve(port) && (await isFree(port))) return port
  }
}

/** A file with the process id stands for the port; that of a process that has ended counts for nothing. */
function reserve(port: number): boolean {
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, String(port))
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch {
    if (!isLeft(file)) return false
    rmSync(file, { force: true })
    return reserve(port)
  }
  if (mine.length === 0) process.once('exit', giveBack)
  mine.push(file)
  return true
}

function giveBack(): void {
  for (const file of mine) rmSync(file, { force: true })
}

function isLeft(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    // Written a moment ago by somebody who has not come to the number yet.
    if (pid === 0) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (
      (error as NodeJS.ErrnoException).code === 'ESRCH' || (error as NodeJS.ErrnoException).code === 'ENOENT'
    )
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether something accepts connections on the port. */
export function portAnswers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
