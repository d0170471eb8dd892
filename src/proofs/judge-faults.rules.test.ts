import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FaultResult } from './drill.ts'
import { judgeFaults, judgeVerdict } from './judge-faults.rules.ts'

const UP = { verdict: 'up', reason: 'ok', summary: 'fine' } as const

function seen(fault: string, verdict: FaultResult['verdict']): FaultResult {
  const rest = { title: fault, failureClass: 'x', reason: 'r', summary: 's', tookMs: 1, remedy: null }
  return { fault, verdict, result: judgeVerdict(verdict), ...rest }
}

test('down and degraded catch, up misses, unknown is unclear', () => {
  assert.deepEqual((['down', 'degraded', 'up', 'unknown'] as const).map(judgeVerdict), [
    'caught',
    'caught',
    'missed',
    'unclear',
  ])
})

test('all caught passes', () => {
  const { outcome, reason, summary } = judgeFaults([UP, UP], [seen('a', 'down'), seen('b', 'degraded')])
  assert.deepEqual([outcome, reason, summary], ['passed', 'all-caught', 'Caught all 2 faults.'])
})

test('a drill fails naming exactly what was missed', () => {
  const faults = [seen('a', 'down'), seen('b', 'up'), seen('c', 'up'), seen('d', 'unknown')]
  const { outcome, reason, summary } = judgeFaults([UP], faults)
  assert.deepEqual([outcome, reason, summary], ['failed', 'missed', 'Missed 2 of 4 faults: b, c.'])
})

test('an unknown verdict alone is no proof in either direction', () => {
  assert.equal(judgeFaults([UP], [seen('a', 'down'), seen('b', 'unknown')]).reason, 'unclear')
})

test('no control, or nothing to play, is inconclusive', () => {
  assert.equal(judgeFaults([], [seen('a', 'down')]).reason, 'control-failed')
  assert.equal(judgeFaults([UP], []).reason, 'nothing-applies')
})

test('whatever the faults say, a control that is not up makes the drill inconclusive', () => {
  const verdict = fc.constantFrom('up', 'degraded', 'down', 'unknown')
  fc.assert(
    fc.property(
      fc.array(verdict),
      fc.constantFrom('degraded', 'down', 'unknown'),
      fc.boolean(),
      (all, bad, last) => {
        const wrong = { verdict: bad, reason: 'connect.refused', summary: 'gone' } as const
        const judged = judgeFaults(
          last ? [UP, wrong] : [wrong, UP],
          all.map((one, i) => seen(`f${i}`, one)),
        )
        assert.equal(judged.outcome, 'inconclusive')
        assert.match(judged.summary, /connect.refused: gone/)
      },
    ),
  )
})

test('a drill passes only when every fault was caught', () => {
  const verdict = fc.constantFrom('up', 'degraded', 'down', 'unknown')
  fc.assert(
    fc.property(fc.array(verdict), (all) => {
      const faults = all.map((one, i) => seen(`f${i}`, one))
      const passed = judgeFaults([UP, UP], faults).outcome === 'passed'
      assert.equal(passed, faults.length > 0 && faults.every((fault) => fault.result === 'caught'))
    }),
  )
})
