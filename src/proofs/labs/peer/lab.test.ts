import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { travelClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

/** What the copy says of the control, and of each fault that applies. */
async function score(name: 'peer' | 'place', input: object) {
  const clock = travelClock(Date.UTC(2026, 2, 20, 12))
  const bench = (await openBench({ kind: kindNamed(name), spec: parseSpec(name, input), clock }))!
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (fault !== CONTROL && !canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}

const key = 'a-key-that-both-sides-share-0123456789'

describe('a drill of a monitor that watches another Tocsin', () => {
  test('with the usual limits it catches everything', async () => {
    assert.deepEqual(await score('peer', { key }), {
      healthy: 'up ok',
      'peer-silent': 'down peer.silent',
      'peer-replayed': 'down peer.silent',
      'peer-blocked': 'down peer.blocked',
      'peer-not-checking': 'down peer.not-checking',
    })
  })

  test('limits of hours let everything pass, and the drill says so', async () => {
    const seen = await score('peer', { key, silence: '2h', stalled: '2h' })
    assert.deepEqual(new Set(Object.values(seen)), new Set(['up ok']))
  })
})

describe('a drill of a monitor of a place', () => {
  test('a silent place is caught, unless its silence is borne for hours', async () => {
    const place = 'outside'
    assert.deepEqual(await score('place', { place }), {
      healthy: 'up ok',
      'place-silent': 'down place.silent',
    })
    assert.equal((await score('place', { place, silence: '1h' }))['place-silent'], 'up ok')
  })
})
