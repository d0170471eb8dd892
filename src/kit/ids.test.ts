import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from './ids.ts'

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('ids are UUIDs of version 7 that carry their time', () => {
  const now = Date.UTC(2026, 0, 31)
  const id = newId(now)
  assert.match(id, SHAPE)
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), now)
})

test('ids of one millisecond sort in the order in which they were asked for, and none is given twice', () => {
  const ids = Array.from({ length: 10_000 }, () => newId(5))
  assert.deepEqual(ids.toSorted(), ids)
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every((id) => SHAPE.test(id)))
  assert.ok(newId(6) > ids.at(-1)!)
})
