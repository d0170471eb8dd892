import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

async function score(input: Record<string, unknown>): Promise<Record<string, string>> {
  const kind = kindNamed('oidc')
  const spec = parseSpec(kind, { timeout: '2s', stepTimeout: '600ms', ...input })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (!canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}

const client = { id: 'tocsin', secret: 'x' }
const own = {
  healthy: 'up ok',
  'oidc-discovery-500': 'down oidc.discovery-failed',
  'oidc-key-unknown': 'down oidc.key-unknown',
  'oidc-keys-hang': 'down oidc.keys-hang',
  'oidc-keys-slow': 'degraded oidc.keys-slow',
  'oidc-discovery-slow': 'degraded oidc.discovery-slow',
  'oidc-wrong-issuer': 'down oidc.issuer-mismatch',
  tarpit: 'down oidc.discovery-hang',
  'connection-refused': 'down connect.refused',
}

const latency = { discoveryLatency: '250ms', keysLatency: '250ms', tokenLatency: '250ms' }
// What is seen of a token alone.
const token = {
  'oidc-token-slow': 'degraded oidc.token-slow',
  'oidc-opaque-token': 'down oidc.token-malformed',
  'oidc-other-algorithm': 'down oidc.algorithm-refused',
  'oidc-wrong-audience': 'down oidc.audience-unexpected',
  'oidc-scope-missing': 'down oidc.scope-missing',
  'oidc-claim-wrong': 'down oidc.claim-unexpected',
  'oidc-key-vanished': 'degraded oidc.key-vanished',
}

test('a monitor with a client catches each fault of an issuer by its own reason', async () => {
  const expect = {
    ...latency,
    audience: 'jobs',
    scope: ['a', 'b'],
    claims: { tenant: 'atlas' },
    algorithms: ['PS256'],
  }
  assert.deepEqual(await score({ issuer: 'http://login.example.org/realm', client, expect }), {
    ...own,
    ...token,
  })
})

test('without a client nobody sees by which key tokens are signed', async () => {
  const seen = await score({ issuer: 'http://login.example.org/', expect: latency })
  const vanished = { 'oidc-key-vanished': 'degraded oidc.key-vanished' }
  assert.deepEqual(seen, { ...own, ...vanished, 'oidc-key-unknown': 'up ok' })
})

test('a budget that is no shorter than the longest step misses the slow keys', async () => {
  const seen = await score({
    issuer: 'http://x.example',
    stepTimeout: '500ms',
    expect: { ...latency, keysLatency: '1s' },
  })
  assert.equal(seen['oidc-keys-slow'], 'up ok')
  assert.equal(seen['oidc-keys-hang'], 'down oidc.keys-hang')
})

test('over TLS the faults of certificates are caught, too, with any algorithm', async () => {
  for (const algorithm of ['ES256', 'EdDSA']) {
    const expect = { issuer: 'R3', ...latency, algorithms: [algorithm] }
    const seen = await score({ issuer: 'https://login.example.org', client, expect })
    assert.deepEqual(
      Object.entries(seen).filter(([name, told]) => name !== 'healthy' && told.startsWith('up')),
      [],
    )
    assert.equal(seen.healthy, 'up ok')
    assert.equal(seen['certificate-wrong-name'], 'down certificate.name-mismatch')
  }
})
