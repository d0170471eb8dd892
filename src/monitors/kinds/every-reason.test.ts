/** Each reason that a kind declares is produced by something real at least once, and none that it does not declare. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, connect as netConnect, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { systemClock } from '../../kit/clock.ts'
import { checkOnce, KEEPER_REASONS } from '../check-once.ts'
import { useNameServers } from '../net/resolve.ts'
import { KeyUsageFlags, type Minted, mint, mintRoot } from '../trust/mint-for-tests.ts'
import { kindNamed, parseSpec } from './find-kind.ts'
import { type MonitorKindName, monitorKinds } from './registry.ts'

const NAME = 'docs.example.org'
const servers: Server[] = []
const children: ChildProcess[] = []
const nameServer = createSocket('udp4')
const usual = getServers()
let root: Minted
let good: Minted

before(async () => {
  root = await mintRoot()
  good = await leaf()
  // Says "no such name" to all, and nothing at all for silent ones.
  nameServer.on('message', (query, from) => {
    if (query.includes('silent')) return
    const answer = Buffer.from(query)
    answer.writeUInt16BE(0x8183, 2)
    nameServer.send(answer, from.port, from.address)
  })
  nameServer.bind(0, '127.0.0.1')
  await once(nameServer, 'listening')
  useNameServers([`127.0.0.1:${nameServer.address().port}`])
})
after(() => {
  useNameServers(usual)
  nameServer.close()
  for (const server of servers) server.close()
  for (const child of children) child.kill('SIGKILL')
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const raw = (talk: (socket: Socket) => void) =>
  listen(
    createServer((socket) => {
      socket.on('error', () => {})
      talk(socket)
    }),
  )
const web = (listener: RequestListener) => listen(createHttpServer(listener))
const leaf = (options: Partial<Parameters<typeof mint>[0]> = {}) =>
  mint({ name: `CN=${NAME}`, names: [NAME], by: root, ...options })

async function secure(served: Minted, chain: Minted[] = [], options = {}): Promise<number> {
  const cert = served.cert + chain.map((one) => one.cert).join('')
  const server = createTlsServer({ key: served.key, cert, ...options }, (socket) => {
    socket.on('error', () => {})
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
    )
  })
  server.on('tlsClientError', () => {})
  return listen(server)
}

async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await once(server.close(), 'close')
  return port
}

/** A program that listens and is too busy to accept: its queue is full, so that the kernel drops what comes. */
async function fullPort(): Promise<number> {
  const program = `const s=require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},()=>{
    require('fs').writeSync(1,s.address().port+'\\n');Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)})`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  const [line] = await once(child.stdout!, 'data')
  const port = Number(line)
  for (let i = 0; i < 6; i++) {
    const socket = netConnect(port, '127.0.0.1').on('error', () => {})
    socket.unref()
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  return port
}

/** Settings of one check, apart from its target. */
type Case = {
  elsewhere?: string
  host?: string
  port?: number
  expect?: object
  timeout?: string
  more?: object
}
type Produce = () => Promise<Case>

const network: Record<string, Produce> = {
  'dns.failed': async () => ({ host: 'gone.lab.example' }),
  'dns.timeout': async () => ({ host: 'silent.lab.example', timeout: '3s' }),
  'egress.refused': async () => ({ host: '169.254.169.254' }),
  'connect.refused': async () => ({ port: await closedPort() }),
  'connect.timeout': async () => ({ port: await fullPort(), timeout: '300ms' }),
  // EHOSTUNREACH needs a router that says so: the codes are told apart in src/monitors/net/own-faults.test.ts.
  'connect.failed': async () => ({ elsewhere: 'src/monitors/net/own-faults.test.ts' }),
}

const DEPLOYMENT = 'src/monitors/kinds/tls/deployment.test.ts'
const nodes: Record<string, Produce> = {
  'certificate.nodes-differ': async () => ({ elsewhere: DEPLOYMENT }),
}

const trust: Record<string, Produce> = {
  'tls.handshake-failed': async () => ({ port: await raw((socket) => socket.end('220 hello\r\n')) }),
  'tls.handshake-timeout': async () => ({ port: await raw((socket) => socket.resume()), timeout: '80ms' }),
  'tls.ca-unreadable': async () => ({ port: await secure(good), expect: { ca: '/nowhere/ca.pem' } }),
  'certificate.expired': async () => ({ port: await secure(await leaf({ from: -30, days: -1 })) }),
  'certificate.not-yet-valid': async () => ({ port: await secure(await leaf({ from: 2 })) }),
  'certificate.self-signed': async () => ({ port: await secure(await leaf({ by: undefined })) }),
  'certificate.name-mismatch': async () => ({ port: await secure(await leaf({ names: ['x.example'] })) }),
  'certificate.issuer-mismatch': async () => ({ port: await secure(good), expect: { issuer: 'Other' } }),
  'certificate.fingerprint-mismatch': async () => ({
    port: await secure(good),
    expect: { fingerprint: 'ab'.repeat(32) },
  }),
  'certificate.chain-expired': async () => {
    const old = await mint({ name: 'CN=Between', ca: true, by: root, from: -30, days: -1 })
    return { port: await secure(await leaf({ by: old }), [old]) }
  },
  'certificate.untrusted': async () => ({
    port: await secure(await leaf({ by: await mintRoot('CN=Other,O=Other') })),
  }),
  'tls.protocol-too-old': async () => ({
    port: await secure(good, [], {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    }),
  }),
  'certificate.expires-soon': async () => ({ port: await secure(await leaf({ days: 3 })) }),
  'certificate.renewal-overdue': async () => ({
    port: await secure(await leaf({ days: 25 })),
    expect: { renewBefore: '30d' },
  }),
  'certificate.chain-expires-soon': async () => {
    const ending = await mint({ name: 'CN=Between', ca: true, by: root, days: 3 })
    return { port: await secure(await leaf({ by: ending }), [ending]) }
  },
  'certificate.client-breaks': async () => ({
    port: await secure(good),
    expect: { clients: [{ name: 'old', store: (await mintRoot('CN=Old,O=Old')).cert }] },
  }),
  'certificate.client-will-break': async () => {
    // Whoever follows what was sent comes to a root that ends; the others trust the younger one of its name.
    const ending = await mintRoot('CN=Ending,O=Ending', 20)
    const options = { name: root.name, keysOf: root, by: ending, ca: true, days: 20 }
    const cross = await mint({ ...options, usage: KeyUsageFlags.keyCertSign })
    const old = { name: 'old', store: ending.cert, legacy: true }
    return { port: await secure(good, [cross]), expect: { clients: [old] } }
  },
  'certificate.replacement-demanded': async () => ({ elsewhere: DEPLOYMENT }),
  'certificate.not-reloaded': async () => ({ elsewhere: DEPLOYMENT }),
  'certificate.file-outdated': async () => ({ elsewhere: DEPLOYMENT }),
  'certificate.file-unreadable': async () => ({ elsewhere: DEPLOYMENT }),
  ok: async () => ({ port: await secure(good) }),
}

const plain = { plain: true }
const talk = (text: string) => (socket: Socket) => void socket.once('data', () => socket.end(text))
const redirect = (to: string) => web((_, answer) => void answer.writeHead(302, { Location: to }).end())

const ASSERTIONS = 'src/monitors/kinds/http/assertions.test.ts'
const answers: Record<string, Produce> = {
  'http.status-unexpected': async () => ({
    port: await web((_, a) => void a.writeHead(503).end()),
    more: plain,
  }),
  'http.header-unexpected': async () => ({
    port: await web((_, a) => void a.end()),
    expect: { headers: { 'x-cache': 'hit' } },
    more: plain,
  }),
  'body.unexpected': async () => ({
    port: await web((_, a) => void a.end('maintenance')),
    expect: { contains: 'welcome' },
    more: plain,
  }),
  slow: async () => ({
    port: await web((_, a) => void setTimeout(() => a.end(), 60)),
    expect: { maxLatency: '10ms' },
    more: plain,
  }),
  'json.malformed': async () => ({ elsewhere: ASSERTIONS }),
  'json.unexpected': async () => ({ elsewhere: ASSERTIONS }),
  'latency.percentile-exceeded': async () => ({ elsewhere: ASSERTIONS }),
  'http.redirect-refused': async () => ({ port: await redirect('file:///etc/passwd'), more: plain }),
  'http.redirects-exhausted': async () => ({ port: await redirect('/'), more: plain }),
  'no-answer': async () => ({ port: await raw((socket) => socket.resume()), timeout: '80ms', more: plain }),
  'connection-lost': async () => ({
    port: await raw((socket) => socket.once('data', () => socket.destroy())),
    more: plain,
  }),
  'answer-malformed': async () => ({ port: await raw(talk('SSH-2.0-OpenSSH_9.2\r\n')), more: plain }),
}

const speech: Record<string, Produce> = {
  ok: async () => ({ port: await raw((socket) => socket.end('+OK ready')), expect: { contains: '+OK' } }),
  'no-answer': async () => ({
    port: await raw((socket) => socket.resume()),
    expect: { contains: '+OK' },
    timeout: '80ms',
  }),
  'answer-unexpected': async () => ({
    port: await raw((socket) => socket.end('-ERR busy')),
    expect: { contains: '+OK' },
  }),
  'connection-lost': async () => ({ port: await raw((socket) => socket.end()), expect: { contains: '+OK' } }),
}

const cases: Record<'tcp' | 'tls' | 'http', Record<string, Produce>> = {
  tcp: { ...network, ...speech },
  tls: { ...network, ...trust, ...nodes },
  http: { ...network, ...trust, ...nodes, ...answers },
}

async function look(kind: keyof typeof cases, given: Case) {
  const { host = '127.0.0.1', port = 443, timeout = '5s', expect = {}, more = {} } = given
  const at = `${host}:${port}`
  const tlsToo = { ca: root.cert, name: NAME, ...expect }
  const settings = {
    tcp: { target: at, expect },
    tls: { target: at, expect: tlsToo },
    http: 'plain' in more ? { url: `http://${at}/`, expect } : { url: `https://${at}/`, expect: tlsToo },
  }[kind]
  const spec = parseSpec(kind, { ...settings, timeout }) as { timeout: number }
  return checkOnce(kindNamed(kind), spec, { clock: systemClock, deadlineMs: spec.timeout })
}

for (const [kind, produced] of Object.entries(cases) as [keyof typeof cases, Record<string, Produce>][])
  describe(`the reasons of ${kind}`, () => {
    for (const [reason, produce] of Object.entries(produced))
      test(reason, async () => {
        const given = await produce()
        if (given.elsewhere)
          return assert.match(readFileSync(given.elsewhere, 'utf8'), new RegExp(`'${reason}'`))
        const seen = await look(kind, given)
        assert.equal(seen.reason, reason, seen.summary)
        assert.equal(seen.verdict === 'up', reason === 'ok')
        assert.ok(seen.summary.length > 0 && !seen.summary.includes('\n'))
      })

    test('are all produced above, and no others', () => {
      assert.deepEqual(Object.keys(produced).sort(), [...new Set(monitorKinds[kind].reasons)].sort())
      // Words of the keeper of the deadline are not a kind's own.
      for (const reason of KEEPER_REASONS) assert.ok(!monitorKinds[kind].reasons.includes(reason))
    })
  })

// What they share with the kinds above is not produced again; each of their own stands in a test of theirs.
const ROOT = join(import.meta.dirname, '../../..')
const texts = ['src/monitors', 'src/engine', 'src/cli', 'test']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(ROOT, folder, name),
    ),
  )
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('every-reason.test.ts'))
  .map((name) => readFileSync(name, 'utf8'))
  .join('\n')
  .replaceAll('\\.', '.')
for (const kind of Object.keys(monitorKinds) as MonitorKindName[])
  if (!Object.hasOwn(cases, kind) && kind !== 'heartbeat')
    test(`the reasons of ${kind} are produced by its own tests`, () => {
      const shared = { ...network, ...trust, ...nodes, ...answers, ...speech }
      const unseen = monitorKinds[kind].reasons.filter(
        (reason) => !Object.hasOwn(shared, reason) && !texts.includes(reason),
      )
      assert.deepEqual(unseen, [])
    })
