import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { DueHeap } from './due-heap.ts'
import { Lane } from './lanes.ts'
import { firstDelay, nextDue } from './schedule.rules.ts'

test('the heap gives what is due in order, and nothing that is not', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (times, now) => {
      const heap = new DueHeap<number>()
      times.forEach((at, index) => void heap.push(at, index))
      const taken: number[] = []
      for (let due = heap.take(now); due; due = heap.take(now)) {
        assert.equal(due.at, times[due.item])
        taken.push(due.at)
      }
      assert.deepEqual(
        taken,
        times.filter((at) => at <= now).sort((a, b) => a - b),
      )
      const left = times.filter((at) => at > now)
      assert.equal(heap.nextAt(), left.length > 0 ? Math.min(...left) : null)
      assert.equal(heap.size, left.length)
    }),
  )
})

describe('when checks are due', () => {
  test('a handful starts at once, thousands within half a minute, none after its own interval', () => {
    assert.equal(firstDelay('only-one', 60_000, 1), 0)
    for (let i = 0; i < 10; i++) assert.ok(firstDelay(`m-${i}`, 60_000, 10) < 30)
    const many = Array.from({ length: 10_000 }, (_, i) => firstDelay(`m-${i}`, 60_000, 10_000))
    assert.ok(Math.max(...many) < 30_000)
    const perSecond = new Map<number, number>()
    for (const delay of many)
      perSecond.set(Math.floor(delay / 1_000), (perSecond.get(Math.floor(delay / 1_000)) ?? 0) + 1)
    assert.ok(Math.max(...perSecond.values()) < 450, 'no second has a third more than its share')
    assert.ok(firstDelay('quick', 1_000, 10_000) < 1_000)
  })

  test('the next time lies in the future and on the beat', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(5_000),
        (dueAt, interval, late) => {
          const now = dueAt + late
          const { at, skipped } = nextDue(dueAt, interval, now)
          assert.ok(at > now && at <= now + interval)
          assert.equal(at, dueAt + (skipped + 1) * interval)
        },
      ),
    )
  })
})

test('a lane runs as many as it may, and the others in order', async () => {
  const lane = new Lane(2)
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  gates.forEach((gate, index) => {
    lane.enter(() => {
      begun.push(index)
      return gate.promise
    })
  })
  assert.deepEqual([begun, lane.running, lane.waiting], [[0, 1], 2, 3])
  gates[1]!.resolve()
  await turn()
  assert.deepEqual([begun, lane.running, lane.waiting], [[0, 1, 2], 2, 2])
  for (const gate of gates) gate.resolve()
  await turn()
  assert.deepEqual([begun, lane.running, lane.waiting], [[0, 1, 2, 3, 4], 0, 0])
})
