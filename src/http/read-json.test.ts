import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEEPEST, isTooDeep } from './read-json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

test('the deepest allowed nesting passes, one more does not', () => {
  assert.equal(isTooDeep(nested(DEEPEST)), false)
  assert.equal(isTooDeep(nested(DEEPEST + 1)), true)
  assert.equal(isTooDeep('{"a":'.repeat(DEEPEST + 1)), true)
})

test('brackets inside strings do not count, also behind escapes', () => {
  assert.equal(isTooDeep(JSON.stringify({ text: `${'['.repeat(500)}"\\${'{'.repeat(500)}` })), false)
})

test('siblings do not add up', () => {
  assert.equal(isTooDeep(JSON.stringify(Array.from({ length: 1_000 }, () => [{}]))), false)
})

const depthOf = (value: unknown): number =>
  value !== null && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test('for any JSON the answer is the depth of its value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 1, max: 6 }), (value, deepest) => {
      assert.equal(isTooDeep(JSON.stringify(value), deepest), depthOf(value) > deepest)
    }),
  )
})
