import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

async function score(name: string, input: Record<string, unknown>, sample?: string) {
  const kind = kindNamed(name)
  const spec = parseSpec(kind, { timeout: '400ms', ...input })
  const bench = (await openBench({
    kind,
    spec,
    clock: systemClock,
    ...(sample !== undefined && { sample }),
  }))!
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (!canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}
const missedIn = (seen: Record<string, string>) =>
  Object.keys(seen).filter((name) => name !== 'healthy' && seen[name]!.startsWith('up'))

test('a WebSocket monitor that waits for a message catches each fault by its own reason', async () => {
  const expect = { contains: 'ready', protocol: 'chat', maxLatency: '250ms' }
  assert.deepEqual(await score('websocket', { url: 'ws://live.example.org/', expect }), {
    healthy: 'up ok',
    'websocket-upgrade-refused': 'down websocket.upgrade-refused',
    'websocket-no-answer': 'down websocket.no-answer',
    'websocket-no-pong': 'down websocket.no-pong',
    'websocket-wrong-protocol': 'down websocket.subprotocol-refused',
    slow: 'degraded websocket.slow',
    tarpit: 'down websocket.upgrade-hang',
    'connection-refused': 'down connect.refused',
  })
})

test('one that waits for none misses the silence; a sample helps where a pattern is expected', async () => {
  assert.deepEqual(missedIn(await score('websocket', { url: 'ws://live.example.org/' })), [
    'websocket-no-answer',
    'slow',
  ])
  const pattern = {
    url: 'wss://live.example.org/',
    expect: { issuer: 'R3', matches: '^tick \\d+$', maxLatency: '250ms' },
  }
  const seen = await score('websocket', pattern, 'tick 7')
  assert.deepEqual([seen.healthy, missedIn(seen)], ['up ok', []])
  assert.equal(seen['certificate-wrong-name'], 'down certificate.name-mismatch')
})

test('a gRPC monitor catches each fault, with and without TLS', async () => {
  assert.deepEqual(
    await score('grpc', { target: 'api.example.org:443', tls: 'off', expect: { maxLatency: '250ms' } }),
    {
      healthy: 'up ok',
      'grpc-not-serving': 'down grpc.not-serving',
      slow: 'degraded grpc.slow',
      tarpit: 'down grpc.no-answer',
      'connection-refused': 'down connect.refused',
    },
  )
  const seen = await score('grpc', {
    target: 'api.example.org:443',
    serviceName: 'jobs',
    expect: { issuer: 'R3', maxLatency: '250ms' },
  })
  assert.deepEqual([seen.healthy, missedIn(seen)], ['up ok', []])
  assert.equal(seen['certificate-wrong-name'], 'down certificate.name-mismatch')
  assert.equal(seen['grpc-service-not-serving'], 'down grpc.not-serving')
  assert.equal(seen.tarpit, 'down tls.handshake-timeout')
})
