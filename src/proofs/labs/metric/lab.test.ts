import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

async function score(settings: Record<string, unknown>) {
  const kind = kindNamed('metric')
  const spec = parseSpec(kind, {
    from: 'prometheus',
    url: 'https://prometheus.example.org',
    query: 'x',
    timeout: '300ms',
    ...settings,
  })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  assert.ok(bench)
  const control = await bench.play(CONTROL)
  assert.deepEqual([control.verdict, control.reason], ['up', 'ok'], control.summary)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS) {
    if (!canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return { seen, changes: bench.changes }
}

const GENERIC = { tarpit: 'down no-answer', 'connection-refused': 'down connect.refused' }
const PRESENCE = { 'metric-gone': 'down metric.absent', 'metric-stale': 'down metric.stale' }
const vanished = { after: '10m' }

describe('a strict monitor catches each fault', () => {
  test('memory with a limit', async () => {
    const forecast = { limit: 4e9, within: '24h', window: '12h' }
    const { seen, changes } = await score({ forecast, vanished, above: { limit: 3.9e9, for: '5m' } })
    // Until restarts are a habit, the limit itself is in sight.
    assert.match(seen['metric-leak-restarted']!, /^degraded metric\.(limit-forecast|restarts-hide-growth)$/)
    delete seen['metric-leak-restarted']
    assert.deepEqual(seen, {
      'metric-limit-soon': 'degraded metric.limit-forecast',
      'metric-over-limit': 'down metric.above-limit',
      ...PRESENCE,
      'metric-one-gone': 'degraded metric.series-vanished',
      ...GENERIC,
    })
    assert.ok(changes.some((change) => change.startsWith('Its values are scraped from this drill')))
  })
  test('a disk that runs full from below', async () => {
    const forecast = { limit: 5, direction: 'below', within: '48h', window: '24h' }
    const { seen } = await score({ forecast, below: { limit: 5 } })
    assert.equal(seen['metric-limit-soon'], 'degraded metric.limit-forecast')
    assert.equal(seen['metric-under-limit'], 'down metric.below-limit')
    assert.equal('metric-over-limit' in seen, false, 'nothing is said of that side')
  })
  test('tenants', async () => {
    const { seen } = await score({ share: { label: 'tenant', above: 0.6, factor: 3 }, vanished })
    assert.deepEqual(seen, {
      ...PRESENCE,
      'metric-one-gone': 'degraded metric.series-vanished',
      'metric-tenant-spike': 'degraded metric.share-spike',
      'metric-share-large': 'degraded metric.share-too-large',
      ...GENERIC,
    })
  })
  test('a backlog, in each unit', async () => {
    for (const unit of ['seconds', 'milliseconds']) {
      const { seen } = await score({ backlog: { retention: '18h', warn: '6h', unit } })
      assert.match(
        seen['metric-backlog-aging']!,
        /^(down metric\.backlog-near-retention|degraded metric\.backlog-old)$/,
      )
    }
  })
  test('growth against its own past', async () => {
    const { seen } = await score({ growth: { per: '1h', factor: 5 } })
    assert.equal(seen['metric-growth-unusual'], 'degraded metric.growth-unusual')
  })
})

test('each rule left out opens the blind spot that belongs to it', async () => {
  const missed = async (settings: Record<string, unknown>) =>
    Object.entries((await score(settings)).seen)
      .filter(([, verdict]) => verdict.startsWith('up'))
      .map(([name]) => name)
  assert.deepEqual(await missed({ above: { limit: 100 } }), [
    'metric-limit-soon',
    'metric-leak-restarted',
    'metric-one-gone',
  ])
  assert.deepEqual(await missed({ absent: 'up', above: { limit: 100 }, vanished }), [
    'metric-limit-soon',
    'metric-leak-restarted',
    'metric-gone',
  ])
})

test('limits that leave no room for a healthy value cannot be played', async () => {
  const kind = kindNamed('metric')
  const spec = parseSpec(kind, {
    from: 'json',
    url: 'http://a/',
    path: '$',
    above: { limit: 1 },
    below: { limit: 2 },
  })
  assert.equal(await openBench({ kind, spec, clock: systemClock }), null)
})
