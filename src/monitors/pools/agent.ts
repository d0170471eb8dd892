import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import { reasonOf } from '../../kit/errors.ts'
import { readQuestion } from './answer-balancer.rules.ts'
import { askMember } from './ask-member.ts'

/** A listener for HAProxy's agent-check, until it is closed. */
export interface PoolAgent {
  host: string
  port: number
  close(): Promise<void>
}

const MOST_CONNECTIONS = 512
const LONGEST_QUESTION = 300
const PATIENCE = 5 * SECOND

/**
 * Answers `pool/member` with one line, from what is stored: also right after a start, before any check. Of what it
 * does not know, or cannot read, it says nothing at all, and the load balancer goes on as before.
 */
export function startPoolAgent(world: World, listen: { host: string; port: number }): Promise<PoolAgent> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    // Whoever says nothing, and whoever never takes the answer, is let go.
    const cancel = world.clock.after(PATIENCE, () => socket.destroy())
    socket.once('close', () => {
      cancel()
      sockets.delete(socket)
    })
    hearLine(socket, (line) => void answer(world, socket, line))
  })
  server.maxConnections = MOST_CONNECTIONS
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => {
      server.removeListener('error', reject)
      server.on('error', (error) => world.log.error({ error: reasonOf(error) }, 'the pool agent has trouble'))
      const { port } = server.address() as AddressInfo
      resolve({
        host: listen.host,
        port,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}

/** One line, or the end of what was sent; more than a line's worth is no question. */
function hearLine(socket: Socket, onLine: (line: string) => void): void {
  let heard = ''
  let done = false
  const finish = (line: string) => {
    if (done) return
    done = true
    socket.removeAllListeners('data')
    socket.resume()
    onLine(line)
  }
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1')
    const end = heard.search(/[\r\n]/)
    if (end >= 0) finish(heard.slice(0, end))
    else if (heard.length > LONGEST_QUESTION) finish('')
  })
  socket.once('end', () => finish(heard))
}

async function answer(world: World, socket: Socket, line: string): Promise<void> {
  const question = readQuestion(line)
  if (!question) return void socket.destroy()
  try {
    const told = await askMember(world, question.pool, question.member)
    if (told === null) return void socket.end()
    socket.end(`${told.line}\n`)
  } catch (error) {
    world.log.warn({ ...question, error: reasonOf(error) }, 'a load balancer was not answered')
    socket.destroy()
  }
}
