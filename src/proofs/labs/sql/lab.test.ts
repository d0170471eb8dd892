import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

// A driver that is loaded within the time of the first check would be taken for a slow database.
before(async () => {
  await Promise.all([import('pg'), import('mysql2')])
})

const kind = kindNamed('sql')
const bench = async (input: Record<string, unknown>) => {
  const usual = { target: 'db.example.org:5432', user: 'tocsin', timeout: '1s' }
  return openBench({ kind, spec: parseSpec(kind, { ...usual, ...input }), clock: systemClock })
}

async function score(input: Record<string, unknown>): Promise<Record<string, string>> {
  const opened = (await bench(input))!
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (!canBreak(fault, opened.expects)) continue
    const { verdict, reason } = await opened.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}

for (const engine of ['postgres', 'mysql']) {
  test(`${engine}: a monitor that asks for role and value catches each fault by its own reason`, async () => {
    const expect = { role: 'replica', value: 42, rows: 1, maxLatency: '400ms' }
    assert.deepEqual(await score({ engine, query: 'SELECT answer FROM facts', expect }), {
      healthy: 'up ok',
      'sql-auth-refused': 'down sql.auth-refused',
      'sql-too-many-connections': 'down sql.too-many-connections',
      'sql-wrong-role': 'down sql.role-unexpected',
      'sql-wrong-value': 'down sql.rows-unexpected',
      'sql-rows-missing': 'down sql.rows-unexpected',
      'sql-rows-extra': 'down sql.rows-unexpected',
      slow: 'degraded sql.slow',
      tarpit: 'down sql.no-answer',
      'connection-refused': 'down connect.refused',
    })
    const value = await score({ engine, query: 'SELECT a FROM b', expect: { min: 3, max: 9 } })
    assert.deepEqual([value.healthy, value['sql-wrong-value']], ['up ok', 'down sql.value-unexpected'])
    for (const side of ['low', 'high'])
      assert.equal(value[`sql-value-${side}`], 'down sql.value-unexpected', side)
  })

  test(`${engine}: one that only connects misses role and value`, async () => {
    const seen = await score({ engine })
    const missed = Object.keys(seen).filter((name) => name !== 'healthy' && seen[name]!.startsWith('up'))
    assert.deepEqual([seen.healthy, missed], ['up ok', ['sql-wrong-role', 'sql-wrong-value', 'slow']])
  })
}

test('over TLS the faults of certificates are caught, too', async () => {
  const seen = await score({ engine: 'postgres', tls: 'require', expect: { issuer: 'R3' } })
  assert.equal(seen.healthy, 'up ok')
  assert.equal(seen['certificate-wrong-name'], 'down certificate.name-mismatch')
  assert.equal(seen['certificate-expired'], 'down certificate.expired')
  assert.equal(seen.tarpit, 'down sql.no-answer')
})

test('a MySQL over TLS cannot be played', async () => {
  assert.equal(await bench({ engine: 'mysql', tls: 'require' }), null)
})
