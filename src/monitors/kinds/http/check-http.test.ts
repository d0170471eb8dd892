import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { needs, programOf } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { http } from './index.ts'

const servers: Server[] = []
const folder = mkdtempSync(join(tmpdir(), 'tocsin-http-'))
let root: Minted
let leaf: Minted

before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: 'CN=www', names: ['www.example.org', 'localhost'], by: root })
})
after(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const serve = (listener: RequestListener) => listen(createServer(listener))
const serveSecure = (listener: RequestListener, { key, cert }: Minted = leaf) =>
  listen(createSecureServer({ key, cert }, listener))

function observe(url: string, options: Record<string, unknown> = {}) {
  const spec = http.schema.parse({ timeout: '5s', ...options, url })
  return checkOnce(http, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('what an answer must be', () => {
  let url = ''
  before(async () => {
    const port = await serve((request, response) => {
      const status = Number(request.url!.slice(1)) || 200
      response
        .writeHead(status, { 'X-Cache': 'HIT from edge', 'Content-Type': 'text/plain' })
        .end('all systems are fine')
    })
    url = `http://127.0.0.1:${port}`
  })
  const cases: [string, string, Record<string, unknown>, string, string][] = [
    ['any 2xx by default', '/204', {}, 'up', 'ok'],
    ['an error', '/503', {}, 'down', 'http.status-unexpected'],
    ['an error that is expected', '/401', { status: 401 }, 'up', 'ok'],
    ['a list of ranges', '/302', { status: ['200-299', 302] }, 'up', 'ok'],
    ['outside the ranges', '/304', { status: ['200-299', '301-303'] }, 'down', 'http.status-unexpected'],
    ['text that is there', '/', { contains: 'systems are' }, 'up', 'ok'],
    ['text that is missing', '/', { contains: ['fine', 'absent'] }, 'down', 'body.unexpected'],
    ['text that must not be there', '/', { notContains: 'fine' }, 'down', 'body.unexpected'],
    ['a header', '/', { headers: { 'x-cache': 'hit' } }, 'up', 'ok'],
    ['another header value', '/', { headers: { 'x-cache': 'miss' } }, 'down', 'http.header-unexpected'],
    ['a missing header', '/', { headers: { age: '' } }, 'down', 'http.header-unexpected'],
  ]
  for (const [what, path, expect, verdict, reason] of cases)
    test(`${what}: ${reason}`, async () => {
      const seen = await observe(url + path, { expect })
      assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
      assert.ok(http.reasons.includes(seen.reason))
      assert.equal(typeof seen.values.status, 'number')
    })

  test('a slow answer is degraded, not down', async () => {
    const port = await serve(async (_, response) => {
      await sleep(60)
      response.end('late')
    })
    const seen = await observe(`http://127.0.0.1:${port}/`, { expect: { maxLatency: '20ms' } })
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'slow'])
    assert.ok(seen.tookMs >= 20)
  })

  test('only so much of the body is read', async () => {
    const port = await serve((_, response) => {
      response.on('error', () => {})
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000))) {}
      }
      response.on('drain', more)
      more()
    })
    const seen = await observe(`http://127.0.0.1:${port}/`, { maxBody: 5_000, expect: { contains: 'y' } })
    assert.equal(seen.reason, 'body.unexpected')
    assert.equal(seen.values.bytes, 5_000)
    assert.match(seen.summary, /first 5000 bytes/)
  })
})

describe('what is asked', () => {
  test('method, headers and body; the connection is fresh and closes', async () => {
    const ports = new Set<number>()
    const heard: unknown[] = []
    const port = await serve(async (request, response) => {
      ports.add(request.socket.remotePort!)
      let body = ''
      for await (const chunk of request) body += chunk
      heard.push([
        request.method,
        request.headers.connection,
        request.headers.host,
        request.headers['x-a'],
        body,
      ])
      response.end()
    })
    for (let i = 0; i < 2; i++) {
      const options = {
        method: 'POST',
        body: '{"ping":true}',
        headers: { 'X-A': 'b', Host: 'inner.example.org' },
      }
      assert.equal((await observe(`http://127.0.0.1:${port}/`, options)).reason, 'ok')
    }
    assert.equal(ports.size, 2)
    assert.deepEqual(heard[0], ['POST', 'close', 'inner.example.org', 'b', '{"ping":true}'])
  })

  test('one node of a pool is asked under the name of the service', async () => {
    const hosts: unknown[] = []
    const port = await serveSecure((request, response) => {
      hosts.push([request.headers.host, (request.socket as unknown as { servername: string }).servername])
      response.end()
    })
    const seen = await observe('https://www.example.org/', {
      connectTo: `127.0.0.1:${port}`,
      expect: { ca: root.cert, issuer: 'Lab' },
    })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    assert.deepEqual(hosts, [['www.example.org', 'www.example.org']])
    assert.equal(seen.certificate?.subject, 'CN=www')
  })

  test('a server that is not the one meant gets no request', async () => {
    let asked = 0
    const port = await serveSecure(
      (_, response) => {
        asked++
        response.end()
      },
      await mint({ name: 'CN=someone else' }),
    )
    const options = { connectTo: `127.0.0.1:${port}`, headers: { Authorization: 'Bearer secret' } }
    const seen = await observe('https://www.example.org/', { ...options, expect: { ca: root.cert } })
    assert.deepEqual([seen.verdict, seen.reason, asked], ['down', 'certificate.self-signed', 0])
    const lenient = await observe('https://www.example.org/', { ...options, expect: { accept: 'any' } })
    assert.deepEqual([lenient.verdict, lenient.reason, asked], ['up', 'ok', 1])
  })

  test('a certificate that ends soon degrades an answer that is right', async () => {
    const soon = await mint({ name: 'CN=soon', names: ['localhost'], by: root, days: 3 })
    const port = await serveSecure((_, response) => void response.end(), soon)
    const options = { expect: { ca: root.cert }, family: 'ipv4' }
    const seen = await observe(`https://localhost:${port}/`, options)
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.expires-soon'])
    const broken = await observe(`https://localhost:${port}/`, {
      ...options,
      expect: { ca: root.cert, status: 404 },
    })
    assert.equal(broken.reason, 'http.status-unexpected')
  })
})

describe('redirects', () => {
  test('are followed as often as allowed, unless they are what is expected', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url!.slice(1))
      if (left > 0) response.writeHead(302, { Location: `/${left - 1}` })
      response.end('the end')
    })
    const url = `http://127.0.0.1:${port}`
    assert.equal((await observe(`${url}/3`, { expect: { contains: 'end' } })).reason, 'ok')
    assert.equal((await observe(`${url}/9`)).reason, 'http.redirects-exhausted')
    assert.equal((await observe(`${url}/1`, { followRedirects: 0 })).reason, 'http.status-unexpected')
    const kept = await observe(`${url}/1`, { expect: { status: '300-399' } })
    assert.deepEqual([kept.reason, kept.values.status], ['ok', 302])
  })

  test('never lead to metadata addresses, other schemes, or take credentials along', async () => {
    const heard: unknown[] = []
    const away = await serve((request, response) => {
      heard.push([request.headers.authorization, request.headers['x-kept']])
      response.end()
    })
    const port = await serve((request, response) => {
      const to = decodeURIComponent(request.url!.slice(1))
      response.writeHead(307, { Location: to }).end()
    })
    const via = (to: string, options = {}) =>
      observe(`http://127.0.0.1:${port}/${encodeURIComponent(to)}`, options)
    assert.equal((await via('http://169.254.169.254/latest/meta-data')).reason, 'egress.refused')
    assert.equal((await via('file:///etc/passwd')).reason, 'http.redirect-refused')
    const headers = { Authorization: 'Bearer secret', 'X-Kept': 'yes' }
    assert.equal((await via(`http://127.0.0.1:${away}/`, { headers })).reason, 'ok')
    assert.deepEqual(heard, [[undefined, 'yes']])
  })
})

describe('servers that do not answer as they should', () => {
  const raw = (talk: (socket: Socket) => void) =>
    listen(
      createTcpServer((socket) => {
        socket.on('error', () => {})
        talk(socket)
      }),
    )
  test('a tarpit: no answer, and the socket is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const port = await raw((socket) => socket.resume().on('close', () => closed.resolve()))
    const seen = await observe(`http://127.0.0.1:${port}/`, { timeout: '50ms' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'no-answer'])
    await closed.promise
  })
  test('an answer that begins and never ends', async () => {
    const port = await raw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    const seen = await observe(`http://127.0.0.1:${port}/`, { timeout: '80ms' })
    assert.deepEqual([seen.reason, seen.summary], ['no-answer', 'the answer began, but did not end in time'])
  })
  test('not HTTP at all', async () => {
    const port = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    assert.equal((await observe(`http://127.0.0.1:${port}/`)).reason, 'answer-malformed')
  })
  test('hangs up after the request', async () => {
    const port = await raw((socket) => socket.once('data', () => socket.destroy()))
    assert.equal((await observe(`http://127.0.0.1:${port}/`)).reason, 'connection-lost')
  })
  test('breaks off in the middle of the body', async () => {
    const port = await raw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
    )
    assert.equal((await observe(`http://127.0.0.1:${port}/`)).reason, 'connection-lost')
  })
})

test('nginx is checked over HTTP and HTTPS', needs('nginx'), async (context) => {
  writeFileSync(join(folder, 'leaf.pem'), leaf.cert)
  writeFileSync(join(folder, 'leaf.key'), leaf.key)
  mkdirSync(join(folder, 'tmp'))
  const reserve = createTcpServer()
  const reserve2 = createTcpServer()
  const [plain, secure] = [await listen(reserve), await listen(reserve2)]
  for (const server of [reserve, reserve2]) await once(server.close(), 'close')
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (n) => `${n}_temp_path ${folder}/tmp/${n};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
    http { access_log off; ${temp.join(' ')}
      server { listen 127.0.0.1:${plain}; location / { return 301 https://localhost:${secure}$request_uri; } }
      server { listen 127.0.0.1:${secure} ssl; ssl_certificate ${folder}/leaf.pem; ssl_certificate_key ${folder}/leaf.key;
        location / { return 200 "served by nginx"; } location /gone { return 410; } } }`,
  )
  const child = spawn(programOf('nginx')!, ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: 'ignore',
  })
  context.after(() => child.kill())
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(plain, '127.0.0.1')
    const up = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
    ])
    socket.destroy()
    if (up) break
    await sleep(50)
  }
  const options = { expect: { ca: root.cert, contains: 'by nginx' }, family: 'ipv4' }
  const seen = await observe(`http://127.0.0.1:${plain}/`, options)
  assert.deepEqual([seen.verdict, seen.reason, seen.values.redirects], ['up', 'ok', 1], seen.summary)
  const gone = await observe(`https://localhost:${secure}/gone`, options)
  assert.deepEqual([gone.verdict, gone.reason], ['down', 'http.status-unexpected'])
})

describe('the parameters', () => {
  const problems = (input: unknown) =>
    http.schema.safeParse(input).error?.issues.map((issue) => issue.path.join('.'))
  test('unknown keys, other schemes, credentials and split headers are refused', () => {
    assert.deepEqual(problems({ url: 'https://a.example/', expects: {} }), [''])
    assert.deepEqual(problems({ url: 'ftp://a.example/' }), ['url'])
    assert.deepEqual(problems({ url: 'https://u:p@a.example/' }), ['url'])
    assert.deepEqual(problems({ url: 'https://a.example/', headers: { A: 'b\r\nC: d' } }), ['headers.A'])
    assert.deepEqual(problems({ url: 'https://a.example/', expect: { status: '299-200' } }), [
      'expect.status',
    ])
    assert.deepEqual(problems({ url: 'https://a.example/', timeout: '10 minutes' }), ['timeout'])
  })
})
