import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

async function score(settings: Record<string, unknown>) {
  const kind = kindNamed('inventory')
  const spec = parseSpec(kind, { file: '/srv/registry.json', timeout: '2s', ...settings })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const control = await bench.play(CONTROL)
  assert.deepEqual([control.verdict, control.reason], ['up', 'ok'], control.summary)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS.filter((one) => canBreak(one, bench.expects))) {
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return { seen, changes: bench.changes }
}

test('a monitor with the built-in rules catches each fault', async () => {
  const { seen } = await score({})
  assert.deepEqual(seen, {
    'inventory-unbound-address': 'down inventory.unbound-address',
    'inventory-duplicate-address': 'down inventory.duplicate-address',
    'inventory-floating-bound-twice': 'down inventory.floating-bound-twice',
    tarpit: 'down no-answer',
    'connection-refused': 'down connect.refused',
  })
})

test('one that skips a rule misses its fault, and what was left out is said', async () => {
  const { seen, changes } = await score({ skip: ['unbound-address'], dns: {} })
  assert.equal(seen['inventory-unbound-address'], 'up ok')
  assert.equal(seen['inventory-duplicate-address'], 'down inventory.duplicate-address')
  assert.ok(changes.includes('Left out: DNS.'))
})
