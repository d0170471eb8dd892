import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MINUTE } from '../../../kit/duration.ts'
import { parseSpec } from '../find-kind.ts'
import { compilePattern, LineCounter, LONGEST_LINE, nothingCounted, withSample } from './count-lines.rules.ts'
import { MOST_LINES, parsePushed } from './parse-pushed.rules.ts'

describe('hostile lines and patterns', () => {
  test('patterns that take exponential time elsewhere take linear time here', () => {
    const { pattern } = compilePattern('^(a+)+$', false)
    const begin = process.cpuUsage()
    assert.equal(pattern!.test(`${'a'.repeat(LONGEST_LINE - 1)}!`), false)
    const { user } = process.cpuUsage(begin)
    assert.ok(user < 1_000_000, `${user} microseconds`)
  })

  test('what is no RE2 pattern is refused with its place', () => {
    for (const match of ['(', 'a{99999}', '(?=x)', '\\1'])
      assert.throws(() => parseSpec('log', { file: '/x', match }), /RE2|valid/)
    for (const wrong of [
      {},
      { file: '/x' },
      { file: 'x', match: 'a' },
      { file: '/x', push: true, match: 'a' },
      { push: true, wanted: 'x' },
    ])
      assert.throws(() => parseSpec('log', wrong))
  })

  test('any body is read as lines of bounded length and number', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('{"message":"m"}', '{"level":"error","msg":"x"}', '{', '[', '[1,2]', '\0'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const read = parsePushed(lines.join(end))
        assert.ok(read.length <= MOST_LINES)
        for (const one of read) assert.ok(typeof one === 'string' && one.length <= LONGEST_LINE && one !== '')
      }),
      { numRuns: 5_000 },
    )
    assert.deepEqual(parsePushed('a\n\n{"level":"error","msg":"x"}\n{"n":1}\n{bad'), [
      'a',
      'error x',
      '{"n":1}',
      '{bad',
    ])
    assert.deepEqual(parsePushed('["a",{"message":"b"}]'), ['a', 'b'])
    assert.equal(parsePushed('x\n'.repeat(30_000)).length, MOST_LINES)
    assert.equal(parsePushed('y'.repeat(900_000))[0]!.length, LONGEST_LINE)
  })

  test('counts stay small, whatever comes', () => {
    const counter = new LineCounter({ match: 'x', ignoreCase: false }, 5 * MINUTE, nothingCounted())
    for (let i = 0; i < 5_000; i++) counter.add(`x${'y'.repeat(500)}`, i * 50)
    assert.ok(JSON.stringify(counter.counts).length < 10_000)
    assert.equal(withSample(['1', '2', '3', '4', '5'], 'a\u001b[31mred\u0007').at(-1), 'a [31mred ')
  })
})
