import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

const MEMBERS = ['ts01', 'ts02', 'ts03', 'ts04'].map((name, i) => ({ name, address: `10.0.0.${i + 1}:3389` }))

async function score(settings: object) {
  const kind = kindNamed('pool')
  const spec = parseSpec(kind, { members: MEMBERS, ...settings })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const look = async (fault: (typeof FAULTS)[number]) => {
    const { verdict, reason, summary } = await bench.play(fault)
    return { said: `${verdict} ${reason}`, summary }
  }
  const before = (await look(CONTROL)).said
  const seen: Record<string, string> = {}
  const summaries: Record<string, string> = {}
  for (const fault of FAULTS) {
    if (!canBreak(fault, bench.expects)) continue
    const { said, summary } = await look(fault)
    seen[fault.name] = said
    summaries[fault.name] = summary
  }
  return { control: [before, (await look(CONTROL)).said], seen, summaries, changes: bench.changes }
}

const expect = { name: 'ts.example.org', issuer: 'CERN' }

for (const type of ['rdp', 'tls', 'http'])
  test(`one broken member of four is seen, whatever is wrong with it: ${type}`, async () => {
    const check =
      type === 'http'
        ? {
            type,
            url: 'https://ts.example.org/health',
            timeout: '400ms',
            expect: { ...expect, contains: 'well' },
          }
        : { type, expect, timeout: '400ms' }
    const { control, seen, summaries } = await score({ check })
    assert.deepEqual(control, ['up ok', 'up ok'])
    const { 'pool-members-down': all, 'certificate-expires-soon': soon, slow, ...others } = seen
    assert.equal(all, 'down pool.quorum-lost')
    assert.equal(soon, 'degraded pool.members-degraded')
    // A member that answers late, below its timeout, is a matter of a latency limit, which is not set here.
    assert.equal(slow, type === 'http' ? 'up ok' : undefined)
    assert.ok(Object.keys(others).length >= 10)
    for (const [name, said] of Object.entries(others)) assert.equal(said, 'degraded pool.members-down', name)
    assert.match(
      summaries['certificate-wrong-name']!,
      /^3 of 4 members are well; ts01: .*another-host\.invalid/,
    )
  })

test('a quorum that lets members be missed does not see one that is broken', async () => {
  const check = { type: 'rdp', expect, timeout: '400ms' }
  const lax = await score({ check, needs: { wanted: '75%' } })
  assert.deepEqual(lax.control, ['up ok', 'up ok'])
  assert.equal(lax.seen['certificate-wrong-name'], 'up ok')
  assert.equal(lax.seen['pool-members-down'], 'down pool.quorum-lost')
  assert.ok(
    lax.changes.includes('Its first member is the fault, the others are a healthy server on this machine.'),
  )
})

test('a pool of name servers is played over UDP', async () => {
  const check = { type: 'dns', query: 'www.example.org', expect: { is: '192.0.2.1' }, timeout: '400ms' }
  const { control, seen } = await score({ check })
  assert.deepEqual(control, ['up ok', 'up ok'])
  assert.deepEqual(seen, {
    'dns-wrong-answer': 'degraded pool.members-down',
    'dns-servfail': 'degraded pool.members-down',
    'dns-no-records': 'degraded pool.members-down',
    slow: 'up ok',
    tarpit: 'degraded pool.members-down',
    'connection-refused': 'degraded pool.members-down',
    'pool-members-down': 'down pool.quorum-lost',
  })
})
