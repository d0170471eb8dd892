import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../../../test/harness/needs.ts'
import { type RunningXrdp, startXrdp, type XrdpOptions } from '../../../../test/harness/xrdp.ts'
import { runForTests } from '../../../cli/run-for-tests.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { KeyUsageFlags, type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { rdp } from './index.ts'

const NAME = 'ts.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-rdp-'))
const running: RunningXrdp[] = []
let root: Minted
let right: Minted
let machine: Minted

before(async () => {
  root = await mintRoot()
  right = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
  machine = await mint({ name: 'CN=TS-NODE-7', names: ['TS-NODE-7'] })
  writeFileSync(join(folder, 'ca.pem'), root.cert)
})
after(async () => {
  for (const server of running) await server.stop()
  rmSync(folder, { recursive: true })
})

async function xrdp({ cert, key }: Minted, more: Partial<XrdpOptions> = {}): Promise<RunningXrdp> {
  const server = await startXrdp({ cert, key, ...more })
  running.push(server)
  return server
}

function observe(port: number, expect: object = {}, more: object = {}) {
  const spec = rdp.schema.parse({
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: NAME, ...expect },
    timeout: '5s',
    ...more,
  })
  return checkOnce(rdp, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('a real xrdp', needs('xrdp'), () => {
  test('with the right certificate is up, by TLS', async () => {
    const { port } = await xrdp(right)
    const seen = await observe(port, { issuer: 'Lab Authority' })
    assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
    assert.equal(seen.values.security, 'tls')
    assert.equal(seen.certificate?.subject, `CN=${NAME}`)
    assert.equal(seen.values.unconfiguredNode, undefined)
    const cookie = await observe(port, {}, { user: 'tocsin' })
    assert.equal(cookie.reason, 'ok', cookie.summary)
  })

  test('with a certificate of its own is down, as an unconfigured node, and named', async () => {
    const { port } = await xrdp(machine)
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.self-signed'])
    assert.match(seen.summary, /^unconfigured node: .* machine "TS-NODE-7" made up/)
    assert.equal(seen.values.unconfiguredNode, 'TS-NODE-7')
    assert.equal(seen.certificate?.selfSigned, true)
    const unverified = await observe(port, { verifyChain: false })
    assert.equal(unverified.reason, 'certificate.name-mismatch')
    assert.match(unverified.summary, /^unconfigured node: .*; the certificate is for TS-NODE-7, not for ts\./)
  })

  test('with a certificate as Windows makes it, for key encipherment only, is the same', async () => {
    const usage = KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment
    const purposes = ['1.3.6.1.5.5.7.3.1']
    const { port } = await xrdp(await mint({ name: 'CN=TS-NODE-8', names: [], usage, purposes }))
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.self-signed'])
    assert.equal(seen.values.unconfiguredNode, 'TS-NODE-8')
    assert.match(seen.summary, /made up for itself, not that of ts\.example\.org$/)
    const named = await xrdp(await mint({ name: `CN=${NAME}`, names: [NAME], usage, purposes }))
    const right = await observe(named.port)
    assert.equal(right.reason, 'certificate.self-signed')
    assert.match(right.summary, /made up for itself and no authority vouches for$/)
  })

  test('whose own certificate is the pinned one, or trusted by name, is configured', async () => {
    const { port } = await xrdp(machine)
    const seen = await observe(port, { ca: machine.cert, name: 'TS-NODE-7' })
    assert.deepEqual([seen.verdict, seen.values.unconfiguredNode], ['up', undefined], seen.summary)
    const lenient = await observe(port, { accept: 'any' })
    assert.deepEqual([lenient.verdict, lenient.values.unconfiguredNode], ['up', 'TS-NODE-7'])
  })

  test('with the right name by another authority, or for another name, is down for just that', async () => {
    const other = await mintRoot('CN=Other,O=Elsewhere')
    const wrongIssuer = await xrdp(await mint({ name: `CN=${NAME}`, names: [NAME], by: other }))
    assert.equal((await observe(wrongIssuer.port)).reason, 'certificate.untrusted')
    const both = await observe(wrongIssuer.port, { ca: root.cert + other.cert, issuer: 'Lab Authority' })
    assert.equal(both.reason, 'certificate.issuer-mismatch')
    const wrongName = await xrdp(await mint({ name: 'CN=x', names: ['node-7.example.org'], by: root }))
    const seen = await observe(wrongName.port)
    assert.equal(seen.reason, 'certificate.name-mismatch')
    assert.doesNotMatch(seen.summary, /unconfigured/)
  })

  test('with TLS switched off offers none', async () => {
    const { port } = await xrdp(right, { security: 'rdp' })
    const seen = await observe(port)
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'rdp.tls-not-offered'], seen.summary)
  })

  test('does not know network level authentication, where that is wanted', async () => {
    const { port } = await xrdp(right)
    const seen = await observe(port, { nla: true })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'rdp.nla-not-chosen'])
  })

  test('frozen accepts and does not answer', async () => {
    const server = await xrdp(right)
    server.freeze()
    const seen = await observe(server.port, {}, { timeout: '300ms' })
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'rdp.no-answer'])
    server.thaw()
    assert.equal((await observe(server.port)).reason, 'ok')
  })

  test('tocsin check rdp:// says it in one line', async () => {
    const [good, bad] = [await xrdp(right), await xrdp(machine)]
    const flags = ['--name', NAME, '--ca', join(folder, 'ca.pem')]
    const up = await runForTests(['check', `rdp://127.0.0.1:${good.port}`, ...flags])
    assert.equal(up.code, 0, up.out + up.err)
    assert.match(up.out, /^RDP OK - certificate of ts\.example\.org by Lab/)
    const down = await runForTests(['check', `rdp://127.0.0.1:${bad.port}`, ...flags])
    assert.equal(down.code, 2)
    assert.match(down.out, /^RDP CRITICAL - unconfigured node: .*\(certificate\.self-signed\) \| time=/)
    const json = JSON.parse(
      (await runForTests(['check', `rdp://127.0.0.1:${bad.port}`, ...flags, '--json'])).out,
    )
    assert.equal(json.reason, 'certificate.self-signed')
    assert.equal(json.observations[0].values.unconfiguredNode, 'TS-NODE-7')
  })
})
