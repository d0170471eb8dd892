import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { createServer } from 'node:tls'
import { needs } from '../../test/harness/needs.ts'
import { freePort } from '../../test/harness/ports.ts'
import { until } from '../../test/harness/tocsin.ts'
import { type Minted, mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'

const TOCSIN = resolve(import.meta.dirname, '../../bin/tocsin')
const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-'))
const ca = join(folder, 'ca.pem')
const servers: Server[] = []
let root: Minted

before(async () => {
  root = await mintRoot()
  writeFileSync(ca, root.cert)
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

async function tlsTarget(options: Partial<Parameters<typeof mint>[0]> = {}): Promise<string> {
  const leaf = await mint({ name: 'CN=docs.example.org', names: ['docs.example.org'], by: root, ...options })
  const server = createServer({ key: leaf.key, cert: leaf.cert + root.cert })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', (socket) => socket.on('error', () => {}))
  return `tls://127.0.0.1:${await listen(server)}`
}

const check = (...args: string[]) => runForTests(['check', ...args, '--timeout', '5s'])
const right = ['--name', 'docs.example.org']

test('a good certificate is one line that begins OK, and exit code 0', async () => {
  const { code, out, err } = await check(await tlsTarget(), ...right, '--ca', ca)
  assert.equal(code, 0, out + err)
  assert.match(out, /^TLS OK - [^|\n]+ \| time=\d+\.\d{3}s;;;0 [^|\n]*daysLeft=\d+[^|\n]*\n$/)
  assert.equal(err, '')
})

test('one that expires soon is a WARNING, and --warn moves the limit', async () => {
  const target = await tlsTarget({ days: 5 })
  const warned = await check(target, ...right, '--ca', ca)
  assert.equal(warned.code, 1, warned.out)
  assert.match(warned.out, /^TLS WARNING - .*\(certificate.expires-soon\) \| /)
  const relaxed = await check(target, ...right, '--ca', ca, '--warn', '2d')
  assert.equal(relaxed.code, 0, relaxed.out)
})

for (const [what, options, flags, reason] of [
  ['an expired certificate', { from: -30, days: -1 }, right, /certificate\.expired/],
  ['a certificate for another name', {}, ['--name', 'other.example.org'], /certificate\.name-mismatch/],
  [
    'a certificate of another issuer',
    {},
    [...right, '--issuer', 'Elsewhere'],
    /certificate\.issuer-mismatch/,
  ],
] as const)
  test(`${what} is CRITICAL with its reason`, async () => {
    const { code, out } = await check(await tlsTarget(options), ...flags, '--ca', ca)
    assert.equal(code, 2, out)
    assert.match(out, /^TLS CRITICAL - /)
    assert.match(out, reason)
  })

test('what cannot be judged is UNKNOWN, not good and not bad', async () => {
  const { code, out } = await check(await tlsTarget(), ...right, '--ca', join(folder, 'absent.pem'))
  assert.equal(code, 3, out)
  assert.match(out, /^TLS UNKNOWN - .*\(tls.ca-unreadable\)/)
})

test('--json is exactly one object with what was observed', async () => {
  const target = await tlsTarget()
  const { code, out } = await check(target, ...right, '--ca', ca, '--json')
  const answer = JSON.parse(out)
  assert.equal(code, 0)
  assert.deepEqual(Object.keys(answer), ['target', 'verdict', 'reason', 'observations', 'certificate'])
  assert.equal(answer.target, target)
  assert.equal(answer.verdict, 'up')
  assert.equal(answer.observations.length, 1)
  assert.deepEqual(answer.certificate.names, ['docs.example.org'])
  assert.deepEqual(answer.observations[0].certificate, answer.certificate)
})

test('http and tcp targets are checked by their kinds', async () => {
  const web = createHttpServer((_request, response) => response.writeHead(503).end('no'))
  const port = await listen(web)
  const http = await check(`http://127.0.0.1:${port}/`)
  assert.equal(http.code, 2)
  assert.match(http.out, /^HTTP CRITICAL - .*503/)
  const tcp = await check(`tcp://127.0.0.1:${port}`)
  assert.equal(tcp.code, 0)
  assert.match(tcp.out, /^TCP OK - /)
  const closed = await check(`tcp://127.0.0.1:${await freePort()}`)
  assert.equal(closed.code, 2)
  assert.match(closed.out, /\(connect.refused\)/)
})

test('without --json a certificate is null where there is none', async () => {
  const { out } = await check(`tcp://127.0.0.1:${await freePort()}`, '--json')
  assert.equal(JSON.parse(out).certificate, null)
})

for (const [what, args, told] of [
  ['an unknown scheme', ['gopher://x:70'], /not a target of a check/],
  ['no target', [], /missing required argument 'target'/],
  ['a timeout that is none', ['tcp://127.0.0.1:1', '--timeout', 'soon'], /timeout/],
  ['an option that the kind does not have', ['tcp://127.0.0.1:1', '--name', 'x'], /name/],
  ['an unknown option', ['tcp://127.0.0.1:1', '--nmae', 'x'], /Did you mean --name/],
] as const)
  test(`${what} is wrong usage: exit code 3 (UNKNOWN to a monitoring system), said in one line and without a stack`, async () => {
    const { code, out, err } = await runForTests(['check', ...args])
    assert.equal(code, 3, err)
    assert.match(out, /^CHECK UNKNOWN - [^\n|]+\n$/)
    assert.match(err, told)
    assert.doesNotMatch(err, /\n\s+at /)
  })

test('the program itself, against openssl s_server', needs('openssl'), async () => {
  const leaf = await mint({
    name: 'CN=docs.example.org',
    names: ['docs.example.org'],
    by: root,
    from: -30,
    days: -1,
  })
  writeFileSync(join(folder, 'leaf.pem'), leaf.cert + leaf.key)
  const port = await freePort()
  const server = spawn(
    'openssl',
    ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', join(folder, 'leaf.pem'), '-quiet'],
    {
      stdio: 'ignore',
    },
  )
  try {
    const run = () => runProgram('check', `tls://127.0.0.1:${port}`, '--name', 'docs.example.org', '--ca', ca)
    const seen = await until('openssl answers', 20_000, async () => {
      const { code, out } = await run()
      return /connect\.refused/.test(out) ? null : { code, out }
    })
    assert.equal(seen.code, 2, seen.out)
    assert.match(seen.out, /^TLS CRITICAL - .*\(certificate.expired\) \| time=/)
  } finally {
    server.kill()
  }
})

async function runProgram(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(TOCSIN, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}
