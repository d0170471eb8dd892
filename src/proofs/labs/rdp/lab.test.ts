import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

/** What the copy says of the control, before and after, and of each fault that applies. */
async function score(expect: object): Promise<{ control: string[]; seen: Record<string, string> }> {
  const kind = kindNamed('rdp')
  const spec = parseSpec(kind, { target: 'ts-7.example.org', expect, timeout: '400ms' })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const look = async (fault: (typeof FAULTS)[number]) => {
    const { verdict, reason } = await bench.play(fault)
    return `${verdict} ${reason}`
  }
  const before = await look(CONTROL)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS) if (canBreak(fault, bench.expects)) seen[fault.name] = await look(fault)
  return { control: [before, await look(CONTROL)], seen }
}

const DIALOG = {
  'rdp-negotiation-failure': 'down rdp.ssl-cert-not-on-server',
  'rdp-no-tls': 'down rdp.tls-not-offered',
  tarpit: 'down rdp.no-answer',
  'connection-refused': 'down connect.refused',
}

test('a strict monitor names each fault by its own reason', async () => {
  const { control, seen } = await score({ name: 'ts.example.org', issuer: 'CERN', renewBefore: '30d' })
  assert.deepEqual(control, ['up ok', 'up ok'])
  const played = Object.fromEntries(
    Object.entries({
      'certificate-expired': 'down certificate.expired',
      'certificate-not-yet-valid': 'down certificate.not-yet-valid',
      'certificate-expires-soon': 'degraded certificate.renewal-overdue',
      'certificate-wrong-name': 'down certificate.name-mismatch',
      'certificate-wrong-issuer': 'down certificate.issuer-mismatch',
      'certificate-untrusted': 'down certificate.untrusted',
      'certificate-self-signed': 'down certificate.self-signed',
      'certificate-chain-incomplete': 'down certificate.untrusted',
      'certificate-chain-expired': 'down certificate.chain-expired',
      'rdp-unconfigured-node': 'down certificate.self-signed',
      ...DIALOG,
    }).map(([name, said]) => [name, [said, seen[name]]]),
  )
  for (const [name, [said, was]] of Object.entries(played)) assert.equal(was, said, name)
  assert.deepEqual(
    Object.keys(seen).filter((name) => seen[name]!.startsWith('up')),
    [],
  )
})

test('a monitor that only asks whether there is a certificate misses the node that was never configured', async () => {
  const { control, seen } = await score({ accept: 'any' })
  assert.deepEqual(control, ['up ok', 'up ok'])
  const missed = Object.keys(seen).filter((name) => seen[name]!.startsWith('up'))
  assert.ok(missed.includes('rdp-unconfigured-node'))
  assert.deepEqual(
    missed.filter((name) => !/^certificate-|^tls-|^rdp-unconfigured-node$/.test(name)),
    [],
  )
  for (const [name, said] of Object.entries(DIALOG)) assert.equal(seen[name], said, name)
})

test('the control chooses network level authentication where the monitor wants it', async () => {
  assert.deepEqual((await score({ nla: true })).control, ['up ok', 'up ok'])
})
