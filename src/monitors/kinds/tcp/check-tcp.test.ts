import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { tcp } from './index.ts'

const servers: Server[] = []
after(() => servers.forEach((server) => void server.close()))

async function serve(talk: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    talk(socket)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function observe(port: number, options: Record<string, unknown> = {}) {
  const spec = tcp.schema.parse({ target: `127.0.0.1:${port}`, timeout: '5s', ...options })
  return checkOnce(tcp, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

test('a port that accepts is up', async () => {
  const seen = await observe(await serve((socket) => socket.end()))
  assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'])
})

test('a greeting, also in pieces, is waited for', async () => {
  const port = await serve((socket) => {
    socket.write('220 mail.exa')
    setImmediate(() => socket.write('mple.org ESMTP\r\n'))
  })
  assert.equal((await observe(port, { expect: { contains: 'example.org' } })).reason, 'ok')
})

test('text is sent with its escapes, and the answer judged', async () => {
  const port = await serve((socket) =>
    socket.once('data', (heard) => socket.end(`you said ${JSON.stringify(`${heard}`)}`)),
  )
  const asked = { send: 'PING\\r\\n' }
  assert.equal((await observe(port, { ...asked, expect: { contains: '"PING\\r\\n"' } })).reason, 'ok')
  assert.equal((await observe(port, { ...asked, expect: { contains: 'PONG' } })).reason, 'answer-unexpected')
})

test('silence, hanging up and refusal are told apart', async () => {
  const silent = await serve((socket) => socket.resume())
  const expect = { contains: 'x' }
  assert.equal((await observe(silent, { expect, timeout: '50ms' })).reason, 'no-answer')
  assert.equal((await observe(await serve((socket) => socket.end()), { expect })).reason, 'connection-lost')
  const closing = createServer().listen(0, '127.0.0.1')
  await once(closing, 'listening')
  const { port } = closing.address() as AddressInfo
  await once(closing.close(), 'close')
  const seen = await observe(port)
  assert.deepEqual([seen.verdict, seen.reason], ['down', 'connect.refused'])
})

test('an answer without end is cut off', async () => {
  const port = await serve((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write('a'.repeat(20_000))) {}
    }
    socket.on('drain', more)
    more()
  })
  assert.equal((await observe(port, { expect: { contains: 'b' } })).reason, 'answer-unexpected')
})
