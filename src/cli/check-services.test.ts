import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createSecureServer, type ServerHttp2Stream } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { WebSocketServer } from 'ws'
import { signingKey, startOidcProvider } from '../../test/harness/oidc-provider.ts'
import { needsPostgres, startPostgres } from '../../test/harness/postgres.ts'
import { type Minted, mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-services-'))
const ca = join(folder, 'ca.pem')
const servers: Server[] = []
const sockets = new Set<Socket>()
let leaf: Minted

before(async () => {
  const root = await mintRoot()
  writeFileSync(ca, root.cert)
  leaf = await mint({ name: 'CN=svc', names: ['svc.example.org'], by: root })
})
after(() => {
  for (const server of servers) server.close()
  for (const socket of sockets) socket.destroy()
  rmSync(folder, { recursive: true })
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const check = (...args: string[]) => runForTests(['check', ...args])

test('an issuer over plain HTTP and over TLS, with the flags of certificates', async () => {
  const keys = [await signingKey('first')]
  const plain = await startOidcProvider({ keys })
  const secure = await startOidcProvider({ keys, tls: leaf })
  try {
    const seen = await check(`oidc+${plain.issuer}`)
    assert.equal(seen.code, 0, seen.out + seen.err)
    assert.match(seen.out, /^OIDC OK - 1 signing key in \d+ms \| time=[\d.]+s;;;0 .*keys=1/)
    assert.match(seen.out, /\ndiscovery \d+ms, keys \d+ms\nkey first: published\n$/)
    plain.replace('/jwks', (_, response) => response.end('{"keys":[]}'))
    const empty = await check(`oidc+${plain.issuer}`)
    assert.equal(empty.code, 2)
    assert.match(empty.out, /^OIDC CRITICAL - no key for signatures is published.*\(oidc\.keys-empty\) \|/)
    const strict = await check(`oidc+${secure.issuer}`, '--ca', ca, '--name', 'svc.example.org', '--json')
    assert.equal(strict.code, 0, strict.out + strict.err)
    const told = JSON.parse(strict.out)
    assert.deepEqual([told.verdict, told.reason, told.certificate.subject], ['up', 'ok', 'CN=svc'])
    assert.equal((await check(`oidc+${secure.issuer}`, '--name', 'other.example.org', '--ca', ca)).code, 2)
    assert.equal(
      (await check(`oidc+${secure.issuer}`, '--ca', ca, '--name', 'svc.example.org', '--warn', '200d')).code,
      1,
    )
  } finally {
    await plain.stop()
    await secure.stop()
  }
})

test('WebSockets, plain and over TLS', async () => {
  for (const [scheme, server, flags] of [
    ['ws', createHttpServer(), []],
    ['wss', createHttpsServer(leaf), ['--ca', ca, '--name', 'svc.example.org']],
  ] as const) {
    new WebSocketServer({ server })
    const target = `${scheme}://127.0.0.1:${await listen(server)}/live`
    const { code, out, err } = await check(target, ...flags)
    assert.equal(code, 0, out + err)
    assert.match(out, /^WEBSOCKET OK - upgraded in \d+ms \|/)
  }
  assert.equal((await check('ws://127.0.0.1:9/', '--timeout', '1s')).code, 2)
})

test('gRPC over TLS', async () => {
  const server = createSecureServer(leaf)
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 2]))
  })
  const target = `grpcs://127.0.0.1:${await listen(server)}/jobs`
  const { code, out } = await check(target, '--ca', ca, '--name', 'svc.example.org')
  assert.equal(code, 2)
  assert.match(out, /^GRPC CRITICAL - the service jobs is NOT_SERVING \(grpc\.not-serving\) \|/)
})

test('PostgreSQL, with a query', needsPostgres(), async () => {
  const server = await startPostgres()
  try {
    const { code, out, err } = await check(`${server.url}?query=SELECT%2040%2B2`)
    assert.equal(code, 0, out + err)
    assert.match(out, /^SQL OK - PostgreSQL \d+\.\d+, primary, 1 row in \d+ms \| .*value=42/)
    const { password } = new URL(server.url)
    const json = await check(server.url, '--json')
    assert.ok(!json.out.includes(password) && json.out.includes('[redacted]'), json.out)
    const refused = await check(server.url.replace(/:[^:@]+@/, ':wrong@'))
    assert.match(refused.out, /^SQL CRITICAL - the database refuses this user: .*\(sql\.auth-refused\)/)
  } finally {
    await server.stop()
  }
})
