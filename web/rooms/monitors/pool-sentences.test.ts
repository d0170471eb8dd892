import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { byNeed, poolLimits, poolSentences, sayHeld } from './pool-sentences.ts'
import { BAD, member, poolOf } from './pools-for-tests.ts'

describe('a pool in sentences', () => {
  test('limits are read as they are written and as they are stored', () => {
    assert.deepEqual(poolLimits({}, 5), { members: 5, least: 3, wanted: 5, floor: 3, decide: 'act' })
    const written = { needs: { least: 2, wanted: '80%' }, drain: { floor: '25%', decide: 'watch' } }
    assert.deepEqual(poolLimits(written, 5), { members: 5, least: 2, wanted: 4, floor: 2, decide: 'watch' })
    const stored = {
      needs: { least: { count: 2 }, wanted: { percent: 80 } },
      drain: { floor: { percent: 25 } },
    }
    assert.deepEqual(poolLimits(stored, 5), { members: 5, least: 2, wanted: 4, floor: 2, decide: 'act' })
    assert.deepEqual(poolLimits({ needs: { least: 9 }, drain: { floor: '0%' } }, 3).least, 3)
    assert.deepEqual(poolLimits({ drain: { floor: '0%' } }, 3).floor, 1, 'one always stays')
  })

  test('quorum and floor', () => {
    const seen = poolOf(member('a'), member('b'), member('c'), member('d', { ...BAD, state: 'drained' }))
    assert.deepEqual(poolSentences(seen, poolLimits({}, 4)), [
      '3 of 4 members are well; 1 more may fail before the pool is down.',
      '3 of 4 take users; at least 2 always will, whatever the checks say.',
    ])
    assert.match(poolSentences(seen, poolLimits({ drain: { floor: 3 } }, 4))[1]!, /which is the floor/)
    assert.match(poolSentences(seen, poolLimits({ drain: { decide: 'watch' } }, 4))[1]!, /only watches/)
    assert.match(poolSentences(seen, poolLimits({ needs: { least: 3 } }, 4))[0]!, /no further one may fail/)
    assert.match(
      poolSentences(poolOf(member('a'), member('b', { verdict: 'unknown' })), poolLimits({}, 2))[0]!,
      /^1 of 2 members is well, 1 could not be judged/,
    )
  })

  test('who needs somebody stands first', () => {
    const names = [member('n10'), member('n2'), member('x', BAD), member('z', { state: 'drained' })].sort(
      byNeed,
    )
    assert.deepEqual(
      names.map(({ member: name }) => name),
      ['z', 'x', 'n2', 'n10'],
    )
    assert.equal(sayHeld(member('a')), null)
    assert.match(sayHeld(member('a', { held: 'floor' }))!, /floor/)
  })
})
