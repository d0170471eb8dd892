import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

const PHONE = { method: 'register', user: 'probe', password: 'a "quoted" secret' }

async function benchOf(settings: object) {
  const kind = kindNamed('sip')
  const spec = parseSpec(kind, { target: 'sip-7.example.org', domain: 'pbx.example.org', ...settings })
  return (await openBench({ kind, spec, clock: systemClock }))!
}

/** What the copy says of the control, before and after, and of each fault that applies. */
async function score(settings: object): Promise<{ control: string[]; seen: Record<string, string> }> {
  const bench = await benchOf({ timeout: '400ms', ...settings })
  const look = async (fault: (typeof FAULTS)[number]) => {
    const { verdict, reason } = await bench.play(fault)
    return `${verdict} ${reason}`
  }
  const before = await look(CONTROL)
  const seen: Record<string, string> = {}
  // Without a limit on the latency, whether a slow answer comes in time is up to the machine.
  const faults = FAULTS.filter(({ name }) => name !== 'slow' || bench.expects.latencyMs !== null)
  for (const fault of faults) if (canBreak(fault, bench.expects)) seen[fault.name] = await look(fault)
  return { control: [before, await look(CONTROL)], seen }
}

const REGISTRAR = {
  'sip-digest-unknown': 'down sip.challenge-unsupported',
  'sip-not-bound': 'down sip.not-bound',
  'sip-silent': 'down sip.no-answer',
  'sip-unauthorized': 'down sip.unauthorized',
  'sip-unavailable': 'down sip.status-unexpected',
  tarpit: 'down sip.no-answer',
  'connection-refused': 'down connect.refused',
}
const missedIn = (seen: Record<string, string>) =>
  Object.keys(seen).filter((name) => seen[name]!.startsWith('up'))

describe('a monitor that registers', () => {
  for (const transport of ['udp', 'tcp'])
    test(`over ${transport} names each fault by its own reason`, async () => {
      const { control, seen } = await score({ ...PHONE, transport })
      assert.deepEqual(control, ['up ok', 'up ok'])
      assert.deepEqual(seen, REGISTRAR)
    })

  test('over TLS sees every fault of certificates besides', async () => {
    const expect = { issuer: 'Lab', renewBefore: '30d' }
    const { control, seen } = await score({ ...PHONE, transport: 'tls', expect })
    assert.deepEqual(control, ['up ok', 'up ok'])
    assert.deepEqual(missedIn(seen), [])
    assert.equal(seen.tarpit, 'down tls.handshake-timeout')
    assert.equal(seen['sip-silent'], 'down sip.no-answer')
    assert.equal(seen['certificate-wrong-name'], 'down certificate.name-mismatch')
    assert.equal(seen['certificate-expires-soon'], 'degraded certificate.renewal-overdue')
    assert.ok(Object.keys(seen).filter((name) => name.startsWith('certificate-')).length >= 9)
  })

  test('with a limit on the latency sees the slow answer', async () => {
    const settings = { ...PHONE, transport: 'tcp', expect: { maxLatency: '250ms' }, timeout: '1s' }
    const { control, seen } = await score(settings)
    assert.deepEqual(control, ['up ok', 'up ok'])
    assert.equal(seen.slow, 'degraded slow')
    assert.deepEqual(missedIn(seen), [])
  })
})

describe('a monitor that asks for options', () => {
  test('misses whatever is wrong with the registrar, and is told what to write instead', async () => {
    const { control, seen } = await score({ transport: 'udp' })
    assert.deepEqual(control, ['up ok', 'up ok'])
    assert.deepEqual(missedIn(seen), ['sip-digest-unknown', 'sip-not-bound', 'sip-unauthorized'])
    for (const name of ['sip-digest-unknown', 'sip-not-bound'])
      assert.match(FAULTS.find((fault) => fault.name === name)!.remedy, /`method: register`/)
  })

  test('with a log-in, or without 401 among the right statuses, sees the refused log-in', async () => {
    const login = await score({ transport: 'tcp', user: 'probe', password: 'x' })
    assert.equal(login.seen['sip-unauthorized'], 'down sip.unauthorized')
    const strict = await score({ transport: 'tcp', expect: { status: 200 } })
    assert.equal(strict.seen['sip-unauthorized'], 'down sip.unauthorized')
  })
})

describe('the control gives the monitor what it wants', () => {
  const wishes: [string, object][] = [
    ['a status of its own', { expect: { status: [404, '480-489'] } }],
    ['several bindings', { ...PHONE, expect: { minBindings: 3 } }],
    ['a log-in name of its own', { ...PHONE, authUser: 'account 7' }],
    ['no log-in', { method: 'register', user: 'probe' }],
    ['a host that is an address', { target: '[2001:db8::1]:5060', domain: undefined }],
  ]
  for (const [what, settings] of wishes)
    test(what, async () => {
      const bench = await benchOf({ timeout: '400ms', ...settings })
      const seen = await bench.play(CONTROL)
      assert.equal(seen.verdict, 'up', seen.summary)
    })
})
