import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { travelClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

/** What the copy says of the control, and of each fault that applies. */
async function score(input: object) {
  const kind = kindNamed('heartbeat')
  const clock = travelClock(Date.UTC(2026, 2, 20, 12))
  const bench = (await openBench({ kind, spec: parseSpec('heartbeat', input), clock }))!
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (fault !== CONTROL && !canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}

const STRICT = {
  healthy: 'up ok',
  'job-silent': 'down heartbeat.late',
  'job-late': 'down heartbeat.late',
  'job-hangs': 'down heartbeat.run-overran',
  'job-fails': 'down heartbeat.failed',
  'job-lasts': 'degraded heartbeat.run-unusual',
}

describe('a drill of a heartbeat', () => {
  test('a strict nightly one catches everything, over a change to summer time', async () => {
    const schedule = '30 2 * * *'
    assert.deepEqual(
      await score({ schedule, timezone: 'Europe/Paris', startGrace: '10m', maxRun: '30m', unusual: 3 }),
      STRICT,
    )
  })

  test('so does one without a schedule', async () => {
    assert.deepEqual(await score({ every: '10m', startGrace: '1m', maxRun: '5m', unusual: 3 }), STRICT)
  })

  test('without a longest run the hanging job looks alive: the fault of the two dead builders is missed', async () => {
    const seen = await score({ schedule: '0 3 * * *', unusual: 3, startGrace: '10m' })
    // Its runs are seen to last at least, where somebody asks for that.
    assert.equal(seen['job-hangs'], 'degraded heartbeat.run-unusual')
    const blind = await score({ schedule: '0 3 * * *', startGrace: '10m' })
    assert.equal(blind['job-hangs'], 'up ok')
    assert.equal(blind['job-lasts'], 'up ok')
    assert.equal(blind['job-fails'], 'down heartbeat.failed')
  })

  test('a grace as long as the interval lets a late job pass', async () => {
    const seen = await score({ schedule: '0 3 * * *', startGrace: '36h', maxRun: '30m' })
    assert.equal(seen['job-silent'], 'down heartbeat.late')
    assert.equal(seen['job-late'], 'up ok')
    assert.equal(seen.healthy, 'up ok')
  })
})
