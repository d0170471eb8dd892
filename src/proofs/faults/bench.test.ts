import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, travelClock } from '../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../monitors/index.ts'
import { playClock } from '../play-clock.ts'
import { type Bench, openBench } from './bench.ts'
import { canBreak } from './fault.ts'
import { CONTROL, FAULTS } from './registry.ts'

async function benchOf(kindName: string, input: unknown, sample?: string): Promise<Bench> {
  const kind = kindNamed(kindName)
  const bench = await openBench({ kind, spec: parseSpec(kind, input), clock: systemClock, sample })
  assert.ok(bench)
  return bench
}

/** What the copy says of the control, and of each fault that applies. */
async function score(bench: Bench): Promise<{ control: string; seen: Record<string, string> }> {
  const control = await bench.play(CONTROL)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS) {
    if (!canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return { control: `${control.verdict} ${control.reason}`, seen }
}

const CERTIFICATES = {
  'certificate-expired': 'down certificate.expired',
  'certificate-not-yet-valid': 'down certificate.not-yet-valid',
  'certificate-expires-soon': 'degraded certificate.expires-soon',
  'certificate-wrong-name': 'down certificate.name-mismatch',
  'certificate-wrong-issuer': 'down certificate.issuer-mismatch',
  'certificate-untrusted': 'down certificate.untrusted',
  'certificate-self-signed': 'down certificate.self-signed',
  'certificate-chain-incomplete': 'down certificate.untrusted',
  'certificate-chain-expired': 'down certificate.chain-expired',
  'tls-too-old': 'down tls.protocol-too-old',
}
const missedIn = (seen: Record<string, string>) =>
  Object.keys(seen).filter((name) => seen[name]!.startsWith('up'))

test('a strict TLS monitor names each fault by its own reason', async () => {
  const expect = { name: 'docs.example.org', issuer: "Let's Encrypt", renewBefore: '30d' }
  const bench = await benchOf('tls', { target: 'docs.example.org:443', expect, timeout: '300ms' })
  const { control, seen } = await score(bench)
  assert.equal(control, 'up ok')
  assert.deepEqual(seen, {
    ...CERTIFICATES,
    'certificate-expires-soon': 'degraded certificate.renewal-overdue',
    tarpit: 'down tls.handshake-timeout',
    'connection-refused': 'down connect.refused',
  })
})

test('accept: any misses every certificate fault and nothing else', async () => {
  const bench = await benchOf('tls', {
    target: 'docs.example.org',
    expect: { accept: 'any' },
    timeout: '300ms',
  })
  const { control, seen } = await score(bench)
  assert.equal(control, 'up ok')
  assert.deepEqual(missedIn(seen), Object.keys(CERTIFICATES))
})

test('each demand left out opens the blind spot that belongs to it', async () => {
  const target = 'docs.example.org:443'
  const full = { issuer: 'R3', name: 'docs.example.org' }
  const blind = async (expect: object) =>
    missedIn((await score(await benchOf('tls', { target, expect, timeout: '300ms' }))).seen)
  assert.deepEqual(await blind({ ...full, issuer: undefined }), ['certificate-wrong-issuer'])
  assert.deepEqual(await blind({ ...full, warn: '0s' }), ['certificate-expires-soon'])
  // The text of the issuer alone proves nothing: only the self-signed certificate does not carry it.
  assert.deepEqual(await blind({ ...full, verifyChain: false }), [
    'certificate-untrusted',
    'certificate-chain-incomplete',
    'certificate-chain-expired',
  ])
})

test('only a monitor that speaks for old clients sees a cross-signed certificate that has ended', async () => {
  const target = 'docs.example.org:443'
  const scored = async (clients: unknown[]) => {
    const bench = await benchOf('tls', { target, expect: { issuer: 'R3', clients }, timeout: '300ms' })
    const { control, seen } = await score(bench)
    assert.equal(control, 'up ok')
    return seen['certificate-cross-sign-expired']
  }
  assert.equal(await scored([]), undefined)
  assert.equal(await scored(['modern', 'gnutls']), 'up ok')
  assert.equal(await scored(['modern', 'openssl-1.0']), 'down certificate.client-breaks')
  assert.equal(
    await scored([{ name: 'agents', store: '/nowhere.pem', legacy: true }]),
    'down certificate.client-breaks',
  )
})

test('a renewal window alone catches the certificate that is about to expire', async () => {
  const expect = { issuer: 'R3', warn: '0s', renewBefore: '10d' }
  const { seen } = await score(await benchOf('tls', { target: 'docs.example.org', expect, timeout: '300ms' }))
  assert.equal(seen['certificate-expires-soon'], 'degraded certificate.renewal-overdue')
})

test('a pinned certificate is replaced by that of the control, and every other one is caught', async () => {
  const expect = { fingerprint: 'ab'.repeat(32) }
  const bench = await benchOf('tls', { target: 'docs.example.org', expect, timeout: '300ms' })
  const { control, seen } = await score(bench)
  assert.equal(control, 'up ok')
  assert.deepEqual(missedIn(seen), [])
  assert.equal(seen['certificate-wrong-issuer'], 'down certificate.fingerprint-mismatch')
  assert.ok(bench.changes.includes('It is pinned to the certificate of the healthy control.'))
})

test('an https monitor sees certificate, status, page and delay each for what it is', async () => {
  const expect = { issuer: 'R3', contains: ['Documentation', 'v2'], maxLatency: '2s' }
  const bench = await benchOf('http', { url: 'https://docs.example.org/guide', expect, timeout: '10s' })
  assert.deepEqual(bench.changes, [
    'It connects to a server on this machine instead of its target.',
    'Its timeout of 10s is shortened to 2s.',
    'Its latency limit of 2s is shortened to 400ms with it.',
    'It trusts the root of this drill instead of its own.',
  ])
  const { control, seen } = await score(bench)
  assert.equal(control, 'up ok')
  assert.deepEqual(seen, {
    ...CERTIFICATES,
    'http-500': 'down http.status-unexpected',
    'http-wrong-content': 'down body.unexpected',
    slow: 'degraded slow',
    tarpit: 'down tls.handshake-timeout',
    'connection-refused': 'down connect.refused',
  })
})

test('a web monitor that asks for nothing but 2xx misses the wrong page and the slow answer', async () => {
  const { control, seen } = await score(
    await benchOf('http', { url: 'http://docs.example.org/', timeout: '500ms' }),
  )
  assert.equal(control, 'up ok')
  assert.deepEqual(missedIn(seen), ['http-wrong-content', 'slow'])
  assert.equal(seen.tarpit, 'down no-answer')
})

test('the control satisfies status ranges, expected headers and texts', async () => {
  const expect = {
    status: ['300-399', 418],
    headers: { 'X-Node': 'blue', 'content-type': 'json' },
    contains: 'yes',
  }
  const bench = await benchOf('http', { url: 'http://docs.example.org/', expect, timeout: '300ms' })
  assert.equal((await bench.play(CONTROL)).summary.slice(0, 3), '300')
})

test('demands that contradict each other leave the control down, unless a sample helps', async () => {
  const input = { url: 'http://docs.example.org/', expect: { contains: 'not ok', notContains: 'ok' } }
  assert.equal((await (await benchOf('http', input)).play(CONTROL)).verdict, 'down')
  const json = { url: 'http://docs.example.org/', expect: { contains: '"state":"well"' } }
  assert.equal((await (await benchOf('http', json, '{"state":"well"}')).play(CONTROL)).verdict, 'up')
})

test('a wrong page is wrong also where the expected text is that of a welcome page', async () => {
  const expect = { contains: ['Welcome', 'It works!'] }
  const bench = await benchOf('http', { url: 'http://docs.example.org/', expect })
  const fault = FAULTS.find((one) => one.name === 'http-wrong-content')!
  assert.equal((await bench.play(fault)).reason, 'body.unexpected')
})

test('a TCP monitor without a banner misses the tarpit, with one it does not', async () => {
  const blind = await score(await benchOf('tcp', { target: 'mail.example.org:25', timeout: '300ms' }))
  assert.deepEqual(blind, {
    control: 'up ok',
    seen: { tarpit: 'up ok', 'connection-refused': 'down connect.refused' },
  })
  const input = { target: 'mail.example.org:25', expect: { contains: '220 ' }, timeout: '300ms' }
  const sharp = await score(await benchOf('tcp', input))
  assert.deepEqual([sharp.control, sharp.seen.tarpit], ['up ok', 'down no-answer'])
})

test('short limits are left alone and nothing is ever lengthened', async () => {
  const expect = { maxLatency: '100ms' }
  const bench = await benchOf('http', { url: 'http://docs.example.org/', expect, timeout: '1s' })
  assert.deepEqual([bench.expects.timeoutMs, bench.expects.latencyMs], [1000, 100])
  assert.deepEqual(bench.changes, ['It connects to a server on this machine instead of its target.'])
  const tight = await benchOf('http', {
    url: 'http://docs.example.org/',
    expect: { maxLatency: '400ms' },
    timeout: '60s',
  })
  assert.equal(tight.expects.latencyMs, 250)
})

test('in a world whose time stands still the faults still take their time, at the world’s date', async () => {
  const clock = playClock(travelClock(Date.UTC(2031, 4, 1)))
  const kind = kindNamed('tls')
  const spec = parseSpec(kind, { target: 'docs.example.org', timeout: '300ms' })
  const bench = (await openBench({ kind, spec, clock }))!
  const control = await bench.play(CONTROL)
  assert.equal(control.verdict, 'up')
  assert.match(control.certificate!.notBefore, /^2031-04-30/)
  assert.equal(
    (await bench.play(FAULTS.find((one) => one.name === 'tarpit')!)).reason,
    'tls.handshake-timeout',
  )
})
