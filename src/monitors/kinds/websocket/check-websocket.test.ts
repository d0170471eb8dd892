import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type WebSocket, WebSocketServer } from 'ws'
import { needs, programOf } from '../../../../test/harness/needs.ts'
import { freePort, portAnswers } from '../../../../test/harness/ports.ts'
import { until } from '../../../../test/harness/tocsin.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { websocket } from './index.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
const folder = mkdtempSync(join(tmpdir(), 'tocsin-websocket-'))
let nginx: ChildProcess | null = null
let root: Minted
let leaf: Minted

before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: 'CN=live', names: ['live.example.org'], by: root })
})
after(() => {
  for (const server of servers) server.close()
  for (const socket of sockets) socket.destroy()
  nginx?.kill()
  rmSync(folder, { recursive: true })
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A real WebSocket server. */
async function live(talk: (client: WebSocket, headers: Record<string, unknown>) => void, secure = false) {
  const upgradeRequired: RequestListener = (_, response) => void response.writeHead(426).end()
  const server = secure ? createHttpsServer(leaf, upgradeRequired) : createHttpServer(upgradeRequired)
  const handleProtocols = (offered: Set<string>) => (offered.has('chat.v2') ? 'chat.v2' : false)
  new WebSocketServer({ server, handleProtocols }).on('connection', (client, request) => {
    client.on('error', () => {})
    talk(client, request.headers)
  })
  return listen(server)
}
const raw = (talk: (socket: Socket) => void) => listen(createTcpServer(talk))
const web = (listener: RequestListener) => listen(createHttpServer(listener))

async function expects(verdict: string, reason: string, port: number, options: Record<string, unknown> = {}) {
  const spec = websocket.schema.parse({
    url: `ws://127.0.0.1:${port}/live?token=s`,
    timeout: '3s',
    ...options,
  })
  const seen = await checkOnce(websocket, spec, { clock: systemClock, deadlineMs: spec.timeout })
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
  assert.ok(websocket.reasons.includes(seen.reason))
  assert.ok(!seen.summary.includes('\n') && !websocket.target(spec).includes('token'))
  return seen
}

const echo = (client: WebSocket) =>
  client.on('message', (text) => {
    client.send('welcome')
    client.send(`you said ${text}`)
  })

describe('a real server', () => {
  test('upgrade and pong; message and answer; subprotocol', async () => {
    const port = await live(echo)
    const seen = await expects('up', 'ok', port)
    assert.match(seen.summary, /^upgraded in \d+ms$/)
    assert.ok(Number(seen.values.upgradeMs) >= 0)
    const said = await expects('up', 'ok', port, { send: 'hello', expect: { contains: 'said hello' } })
    assert.equal(said.values.messages, 2)
    await expects('up', 'ok', port, { send: 'a7', expect: { matches: ['^you', '\\d$'] }, ping: false })
    await expects('up', 'ok', port, { protocols: ['chat.v1', 'chat.v2'], expect: { protocol: 'chat.v2' } })
  })

  test('headers are sent, and the connection is closed as it must be', async () => {
    const closed = Promise.withResolvers<number>()
    let heard: Record<string, unknown> = {}
    const port = await live((client, headers) => {
      heard = headers
      client.on('close', (code) => closed.resolve(code))
    })
    await expects('up', 'ok', port, { headers: { Origin: 'https://app.example.org' } })
    assert.deepEqual([heard.origin, heard.host], ['https://app.example.org', `127.0.0.1:${port}`])
    assert.ok([1_000, 1_006].includes(await closed.promise))
  })

  test('silence, other messages, and a close', async () => {
    const mute = await live(() => {})
    const wanted = { expect: { contains: 'ready' }, timeout: '200ms' }
    await expects('down', 'websocket.no-answer', mute, wanted)
    const chatty = await live((client) => client.send('starting'))
    const seen = await expects('down', 'websocket.answer-unexpected', chatty, wanted)
    assert.match(seen.summary, /one message came, none as expected: "starting"/)
    const full = await live((client) => client.close(1_013, 'try again later'))
    const closed = await expects('down', 'websocket.closed', full, wanted)
    assert.equal(closed.summary, 'the server closed with code 1013: "try again later"')
    const slow = await live((client) => setTimeout(() => client.send('ready'), 60))
    const limit = { expect: { contains: 'ready', maxLatency: '20ms' } }
    await expects('degraded', 'websocket.slow', slow, limit)
    await expects('down', 'websocket.subprotocol-refused', mute, { expect: { protocol: 'chat.v2' } })
  })

  test('over TLS the certificate is judged before the upgrade', async () => {
    let asked = 0
    const port = await live(() => asked++, true)
    const to = { url: 'wss://live.example.org/', connectTo: `127.0.0.1:${port}` }
    const seen = await expects('up', 'ok', port, { ...to, expect: { ca: root.cert } })
    assert.equal(seen.certificate?.subject, 'CN=live')
    assert.equal(asked, 1)
    await expects('down', 'certificate.untrusted', port, to)
    await expects('down', 'certificate.name-mismatch', port, {
      ...to,
      expect: { ca: root.cert, name: 'x.example' },
    })
    assert.equal(asked, 1)
    await expects('degraded', 'certificate.expires-soon', port, {
      ...to,
      expect: { ca: root.cert, warn: '200d' },
    })
    await expects('unknown', 'tls.ca-unreadable', port, { ...to, expect: { ca: '/nowhere/ca.pem' } })
  })

  test('behind nginx, which refuses to upgrade until it is told how', needs('nginx'), async () => {
    const behind = await live(echo)
    const port = await freePort()
    const location = (path: string, more: string) =>
      `location ${path} { proxy_pass http://127.0.0.1:${behind}; ${more} }`
    const upgrade =
      'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;'
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events {}
http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
server { listen 127.0.0.1:${port}; ${location('/live', upgrade)} ${location('/plain', '')} } }`,
    )
    nginx = spawn(programOf('nginx')!, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
    await until('nginx listens', 10_000, () => portAnswers(port))
    await expects('up', 'ok', port, { send: 'x', expect: { contains: 'said x' } })
    const seen = await expects('down', 'websocket.upgrade-refused', port, {
      url: `ws://127.0.0.1:${port}/plain`,
    })
    assert.match(seen.summary, /status (400|426), expected is 101/)
  })
})

describe('what is no WebSocket', () => {
  test('each way has its reason', async () => {
    const refusing = await web((_, response) => void response.writeHead(503).end())
    await expects('down', 'websocket.upgrade-refused', refusing)
    await expects(
      'down',
      'websocket.upgrade-refused',
      await web((_, r) => void r.writeHead(302, { Location: 'ws://x' }).end()),
    )
    await expects('down', 'websocket.upgrade-hang', await raw((socket) => socket.resume()), {
      timeout: '150ms',
    })
    await expects(
      'down',
      'websocket.connection-lost',
      await raw((socket) => socket.once('data', () => socket.destroy())),
    )
    await expects('down', 'websocket.upgrade-malformed', await raw((socket) => socket.end('220 mail\r\n')))
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    const wrongKey = await raw((socket) => socket.write(`${head}Sec-WebSocket-Accept: x\r\n\r\n`))
    await expects('down', 'websocket.upgrade-malformed', wrongKey)
  })

  test('frames that break the protocol, and pings that nobody answers', async () => {
    const port = await live((client) => {
      const socket = (client as unknown as { _socket: Socket })._socket
      socket.write(Buffer.from([0xff, 0x7f, 1, 2, 3]))
    })
    await expects('down', 'websocket.protocol-violated', port)
    const deaf = createHttpServer()
    new WebSocketServer({ server: deaf, autoPong: false })
    await expects('down', 'websocket.no-pong', await listen(deaf), { timeout: '150ms' })
  })

  test('whatever bytes answer the handshake, there is a verdict, and in time', async () => {
    let bytes: Uint8Array = new Uint8Array()
    const port = await raw((socket) => socket.once('data', () => socket.end(bytes)))
    const heads = [
      '',
      'HTTP/1.1 101 Switching Protocols\r\n',
      'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.1 101 x\r\nSec-WebSocket-Accept: ',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 120 }), async (head, tail) => {
        bytes = Buffer.concat([Buffer.from(head), tail])
        const spec = websocket.schema.parse({ url: `ws://127.0.0.1:${port}/`, timeout: '300ms' })
        const seen = await checkOnce(websocket, spec, { clock: systemClock, deadlineMs: spec.timeout })
        assert.equal(seen.verdict, 'down', seen.summary)
        assert.ok(websocket.reasons.includes(seen.reason), seen.reason)
      }),
      { numRuns: 400 },
    )
  })
})

test('addresses that are no WebSocket are refused', () => {
  for (const url of ['https://x', 'ws://a:b@x', 'ws://x/#a', 'x', 'ws://x:0/'])
    assert.equal(websocket.schema.safeParse({ url }).success, false, url)
})
