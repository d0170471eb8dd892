import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createSecureContext, createServer } from 'node:tls'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, type MintOptions, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { tls } from './index.ts'

const servers: Server[] = []
const children: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'))
let root: Minted

before(async () => {
  root = await mintRoot()
})

after(() => {
  for (const server of servers) server.close()
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true })
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A real TLS server with these certificates, leaf first. */
async function serve(leaf: Minted, chain: Minted[] = [], options = {}): Promise<number> {
  const server = createServer({
    key: leaf.key,
    cert: leaf.cert + chain.map((c) => c.cert).join(''),
    ...options,
  })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', (socket) => socket.on('error', () => {}))
  return listen(server)
}

const leaf = (options: Partial<MintOptions> = {}) =>
  mint({ name: 'CN=docs.example.org', names: ['docs.example.org', '127.0.0.1'], by: root, ...options })

function observe(port: number, expect: Record<string, unknown> = {}, timeout = '5s') {
  const spec = tls.schema.parse({
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: 'docs.example.org', ...expect },
    timeout,
  })
  return checkOnce(tls, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('a TLS check against real servers', () => {
  test('the right certificate is up, with its facts', async () => {
    const seen = await observe(await serve(await leaf(), [root]), { issuer: 'lab authority' })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.equal(seen.verdict, 'up')
    assert.deepEqual(seen.certificate?.names, ['docs.example.org', '127.0.0.1'])
    assert.equal(seen.certificate?.subject, 'CN=docs.example.org')
    assert.match(seen.certificate!.issuer, /O=Lab Authority/)
    assert.match(seen.certificate!.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    assert.equal(seen.certificate?.chain.length, 2)
    assert.equal(seen.certificate?.protocol, 'TLSv1.3')
    assert.equal(seen.values.address, '127.0.0.1')
    assert.ok(Number(seen.values.daysLeft) > 89)
  })

  test('a certificate made up by the machine itself is told from the expected one, although TLS answers', async () => {
    const machine = await mint({ name: 'CN=TS-NODE-7', names: ['ts-node-7'] })
    const port = await serve(machine)
    const strict = await observe(port, { issuer: 'Lab' })
    assert.deepEqual([strict.verdict, strict.reason], ['down', 'certificate.self-signed'])
    assert.equal(
      strict.values.problems,
      'certificate.self-signed certificate.name-mismatch certificate.issuer-mismatch',
    )
    const lenient = await observe(port, { accept: 'any' })
    assert.deepEqual([lenient.verdict, lenient.reason], ['up', 'ok'])
  })

  const cases: [string, Partial<MintOptions>, Record<string, unknown>, string, string][] = [
    ['expired', { from: -30, days: -1 }, {}, 'down', 'certificate.expired'],
    ['not yet valid', { from: 2 }, {}, 'down', 'certificate.not-yet-valid'],
    ['for another name', { names: ['node-7.example.org'] }, {}, 'down', 'certificate.name-mismatch'],
    ['by another issuer', {}, { issuer: "Let's Encrypt" }, 'down', 'certificate.issuer-mismatch'],
    ['another fingerprint', {}, { fingerprint: 'ab'.repeat(32) }, 'down', 'certificate.fingerprint-mismatch'],
    ['expiring soon', { days: 10 }, {}, 'degraded', 'certificate.expires-soon'],
    ['renewal overdue', { days: 25 }, { renewBefore: '30d' }, 'degraded', 'certificate.renewal-overdue'],
    ['renewal just due', { days: 29.5 }, { renewBefore: '30d' }, 'up', 'ok'],
    ['a wildcard for the name', { names: ['*.example.org'] }, {}, 'up', 'ok'],
    ['an address for a name', { names: ['10.1.2.3'] }, { name: '10.1.2.3' }, 'up', 'ok'],
    ['another address', { names: ['10.1.2.3'] }, { name: '10.1.2.4' }, 'down', 'certificate.name-mismatch'],
    ['not for servers', { purposes: ['1.3.6.1.5.5.7.3.2'] }, {}, 'down', 'certificate.untrusted'],
  ]
  for (const [what, minted, expect, verdict, reason] of cases)
    test(`${what}: ${reason}`, async () => {
      const seen = await observe(await serve(await leaf(minted)), expect)
      assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
      assert.ok(tls.reasons.includes(seen.reason))
    })

  test('a chain to an unknown root is untrusted, unless the chain is not asked about', async () => {
    const other = await mintRoot('CN=Other Root,O=Other')
    const port = await serve(await leaf({ by: other }), [other])
    assert.equal((await observe(port)).reason, 'certificate.untrusted')
    assert.equal((await observe(port, { verifyChain: false })).reason, 'ok')
  })

  test('without given authorities those of the machine count', async () => {
    const seen = await observe(await serve(await leaf()), { ca: undefined })
    assert.equal(seen.reason, 'certificate.untrusted')
  })

  test('the name of the target is expected when none is given', async () => {
    const seen = await observe(await serve(await leaf({ names: ['docs.example.org'] })), { name: undefined })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.name-mismatch'])
    assert.match(seen.summary, /not for 127\.0\.0\.1/)
  })

  test('a CA file is read again when it has changed, and one that cannot be read is our fault', async () => {
    const file = join(folder, 'ca.pem')
    const other = await mintRoot('CN=Second Root,O=Second')
    const port = await serve(await leaf())
    writeFileSync(file, other.cert)
    assert.equal((await observe(port, { ca: file })).reason, 'certificate.untrusted')
    writeFileSync(file, other.cert + root.cert)
    assert.equal((await observe(port, { ca: file })).reason, 'ok')
    const missing = await observe(port, { ca: join(folder, 'missing.pem') })
    assert.deepEqual([missing.verdict, missing.reason], ['unknown', 'tls.ca-unreadable'])
  })

  test('the certificate is renewed between two checks: the second one sees the new one', async () => {
    const old = await leaf({ days: 5 })
    const renewed = await leaf({ days: 80 })
    const server = createServer({ key: old.key, cert: old.cert })
    server.on('secureConnection', (socket) => socket.on('error', () => {}))
    const port = await listen(server)
    assert.equal((await observe(port)).reason, 'certificate.expires-soon')
    server.setSecureContext({ key: renewed.key, cert: renewed.cert })
    assert.equal((await observe(port)).reason, 'ok')
  })

  test('an old protocol is seen and named', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }
    const port = await serve(await leaf(), [], old)
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'tls.protocol-too-old'])
    assert.equal(seen.certificate?.protocol, 'TLSv1.1')
    assert.equal((await observe(port, { minVersion: 'TLSv1.1' })).reason, 'ok')
  })

  test('the server is asked for the expected name (SNI)', async () => {
    const asked: string[] = []
    const right = await leaf()
    const wrong = await leaf({ names: ['default.example.org'] })
    const server = createServer({
      key: wrong.key,
      cert: wrong.cert,
      SNICallback(name, done) {
        asked.push(name)
        done(null, createSecureContext({ key: right.key, cert: right.cert }))
      },
    })
    server.on('secureConnection', (socket) => socket.on('error', () => {}))
    assert.equal((await observe(await listen(server))).reason, 'ok')
    assert.deepEqual(asked, ['docs.example.org'])
  })

  test('openssl s_server is judged the same way', needs('openssl'), async () => {
    const served = await leaf()
    writeFileSync(join(folder, 'leaf.pem'), served.cert)
    writeFileSync(join(folder, 'leaf.key'), served.key)
    const args = [
      's_server',
      '-accept',
      '127.0.0.1:0',
      '-cert',
      join(folder, 'leaf.pem'),
      '-key',
      join(folder, 'leaf.key'),
    ]
    const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] })
    children.push(child)
    let heard = ''
    for await (const chunk of child.stdout) {
      heard += chunk
      if (/ACCEPT 127\.0\.0\.1:\d+/.test(heard)) break
    }
    const port = Number(/ACCEPT 127\.0\.0\.1:(\d+)/.exec(heard)![1])
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
  })
})

describe('what stands in the way of a handshake', () => {
  test('a closed port refuses', async () => {
    const server = createTcpServer()
    const port = await listen(server)
    server.close()
    await once(server, 'close')
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'connect.refused'])
  })

  test('a port that does not speak TLS fails the handshake', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.on('error', () => {}).write('220 hello\r\n')),
    )
    assert.equal((await observe(port)).reason, 'tls.handshake-failed')
  })

  test('a server that hangs up fails the handshake', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => {}).end()))
    assert.equal((await observe(port)).reason, 'tls.handshake-failed')
  })

  test('a tarpit is left at the deadline, and its socket is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const port = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => {})
          .on('close', () => closed.resolve())
          .resume(),
      ),
    )
    const seen = await observe(port, {}, '400ms')
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'tls.handshake-timeout'])
    await closed.promise
  })

  test('link-local and metadata addresses are never dialled', async () => {
    const spec = tls.schema.parse({ target: '169.254.169.254:443' })
    const seen = await checkOnce(tls, spec, { clock: systemClock, deadlineMs: 1_000 })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'egress.refused'])
  })

  test('localhost is found in the hosts file', async () => {
    const port = await serve(await leaf({ names: ['localhost'] }))
    const spec = tls.schema.parse({ target: `localhost:${port}`, expect: { ca: root.cert }, family: 'ipv4' })
    const seen = await checkOnce(tls, spec, { clock: systemClock, deadlineMs: 5_000 })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
  })
})
