import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MINUTE } from '../../kit/duration.ts'
import { type AskedMember, agentAnswer, readQuestion } from './answer-balancer.rules.ts'
import { STANDING_CAUSES } from './pool.ts'

const asked = (more: Partial<AskedMember> = {}): AskedMember => ({
  state: 'in',
  cause: 'member-from-the-start',
  reason: 'ok',
  tell: 'drain',
  since: 0,
  toldAt: null,
  ...more,
})

describe('what a load balancer is told', () => {
  test('of a member that we never touched: nothing but up', () => {
    for (const cause of ['member-from-the-start', 'trusted-newcomer'])
      assert.deepEqual(agentAnswer(asked({ cause }), 0), { line: 'up', saysReady: false })
  })

  test('of one that we returned: ready, until ten minutes after it was first heard', () => {
    for (const cause of ['good-in-a-row', 'floor-demands-it', 'decides-no-more'])
      assert.equal(agentAnswer(asked({ cause }), 1e12).line, 'up ready')
    const heard = asked({ cause: 'good-in-a-row', toldAt: 1_000 })
    assert.equal(agentAnswer(heard, 1_000 + 10 * MINUTE - 1).line, 'up ready')
    assert.equal(agentAnswer(heard, 1_000 + 10 * MINUTE).line, 'up')
    assert.equal(agentAnswer(asked({ state: 'gone', cause: 'left-the-pool' }), 0).line, 'up ready')
  })

  test('of one that is drained: what it is to be told', () => {
    const bad = asked({ state: 'drained', cause: 'bad-in-a-row', reason: 'certificate.name-mismatch' })
    assert.equal(agentAnswer(bad, 0).line, 'up drain')
    assert.equal(agentAnswer({ ...bad, tell: 'down' }, 0).line, 'down #certificate.name-mismatch')
    const untested = asked({ state: 'drained', cause: 'not-tested-yet', tell: 'down' })
    assert.equal(agentAnswer(untested, 0).line, 'down #not-tested-yet')
  })

  test('is one line of known words, whatever the reason holds', () => {
    const member = fc.record({
      state: fc.constantFrom('in' as const, 'drained' as const, 'gone' as const),
      cause: fc.constantFrom(...STANDING_CAUSES),
      reason: fc.string({ maxLength: 200, unit: 'binary' }),
      tell: fc.constantFrom('drain' as const, 'down' as const),
      since: fc.nat(),
      toldAt: fc.option(fc.nat()),
    })
    fc.assert(
      fc.property(member, fc.nat(), (one, now) => {
        const { line, saysReady } = agentAnswer(one, now)
        assert.match(line, /^(up|up ready|up drain|down #[A-Za-z0-9._-]{0,60})$/)
        // Drained is never ready, and not drained is never taken away.
        assert.equal(/drain|down/.test(line), one.state === 'drained')
        assert.equal(saysReady, line === 'up ready')
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a question', () => {
  test('is a pool and a member on one line', () => {
    assert.deepEqual(readQuestion('ts/ts01'), { pool: 'ts', member: 'ts01' })
    assert.deepEqual(readQuestion(' ts/10.0.0.1:3389\r'), { pool: 'ts', member: '10.0.0.1:3389' })
    assert.deepEqual(readQuestion('ts/[2001:db8::1]:3389'), { pool: 'ts', member: '[2001:db8::1]:3389' })
    for (const text of [
      '',
      'ts',
      'ts/',
      '/a',
      'TS/a',
      'ts/a b',
      'ts/a\u0000',
      `ts/${'a'.repeat(201)}`,
      `${'a'.repeat(81)}/b`,
    ])
      assert.equal(readQuestion(text), null, JSON.stringify(text))
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
        const question = readQuestion(text)
        if (question) assert.ok(text.includes(`${question.pool}/${question.member}`))
      }),
      { numRuns: 5_000 },
    )
  })
})
