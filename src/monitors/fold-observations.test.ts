import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { foldAtPace, foldObservations, isTold, type Seen, type Turn } from './fold-observations.rules.ts'
import type { MonitorState } from './monitor.ts'
import { VERDICTS } from './observation.ts'
import { NOT_CHECKED, neverChecked, takeObservation, thresholdsFor } from './verdict.rules.ts'

const START = Date.UTC(2026, 0, 5)
const UP: Seen = { verdict: 'up', reason: 'ok', summary: 'fine' }
const DOWN: Seen = { verdict: 'down', reason: 'connect.refused', summary: 'refused' }
const SLOW: Seen = { verdict: 'degraded', reason: 'latency.high', summary: 'slow' }
const SILENT: Seen = {
  verdict: NOT_CHECKED.verdict,
  reason: NOT_CHECKED.reason,
  summary: NOT_CHECKED.summary,
}

const told = (turns: Turn[]) =>
  turns.map(({ at, from, step }) => [(at - START) / SECOND, from, step.state.verdict])
const each = (...seen: Seen[]) => seen.map((one, i) => ({ at: START + i * MINUTE, seen: one }))

const anySeen = fc.record({
  verdict: fc.constantFrom(...VERDICTS),
  reason: fc.constantFrom('ok', 'connect.refused', 'latency.high', NOT_CHECKED.reason),
  summary: fc.constantFrom('one', 'another'),
})
const anyThresholds = fc.record({
  confirm: fc.integer({ min: 1, max: 4 }),
  recover: fc.integer({ min: 1, max: 4 }),
})

test('the fold comes to what the rules say observation by observation', () =>
  fc.assert(
    fc.property(fc.array(anySeen, { maxLength: 60 }), anyThresholds, (all, thresholds) => {
      let state: MonitorState = neverChecked(START)
      const turns: Turn[] = []
      const recorded = each(...all)
      for (const { at, seen } of recorded) {
        const step = takeObservation(state, seen, at, thresholdsFor(thresholds, seen.reason))
        if (isTold(step)) turns.push({ at, seen, from: state.verdict, step })
        state = step.state
      }
      const folded = foldObservations(neverChecked(START), recorded, thresholds)
      assert.deepEqual(folded, { turns, state, observations: all.length })
    }),
    { numRuns: 500 },
  ))

test('a blip is dismissed, an outage counts from its first bad look, and is told when it is confirmed', () => {
  const { turns } = foldObservations(neverChecked(START), each(UP, DOWN, UP, DOWN, DOWN, UP), {
    confirm: 2,
    recover: 1,
  })
  assert.deepEqual(told(turns), [
    [0, 'unknown', 'up'],
    [240, 'up', 'down'],
    [300, 'down', 'up'],
  ])
  assert.equal(turns[1]!.step.state.since, START + 3 * MINUTE)
})

test('that nothing was checked needs no second word', () => {
  const { turns } = foldObservations(neverChecked(START), each(UP, SILENT, UP), { confirm: 3, recover: 3 })
  assert.deepEqual(told(turns), [
    [0, 'unknown', 'up'],
    [60, 'up', 'unknown'],
    [120, 'unknown', 'up'],
  ])
})

test('observations out of order are refused rather than judged', () => {
  const [first, second] = each(UP, DOWN)
  assert.throws(
    () => foldObservations(neverChecked(START), [second!, first!], { confirm: 1, recover: 1 }),
    /order of time/,
  )
})

test('at its pace a monitor looks sooner while it waits, and not at all past the end', () => {
  const looks: number[] = []
  const look = (at: number) => {
    looks.push((at - START) / SECOND)
    return at >= START + 100 * SECOND ? DOWN : UP
  }
  const pace = { every: MINUTE, retryEvery: 10 * SECOND, confirm: 3, recover: 1 }
  const { turns, observations } = foldAtPace(
    neverChecked(START),
    look,
    { first: START, until: START + 250 * SECOND },
    pace,
  )
  // The look after the confirming one was set while the change still waited.
  assert.deepEqual(looks, [0, 60, 120, 130, 140, 150, 210])
  assert.equal(observations, looks.length)
  assert.deepEqual(told(turns), [
    [0, 'unknown', 'up'],
    [140, 'up', 'down'],
  ])
})

test('another reason of the same verdict is told, and counts for itself', () => {
  const worse: Seen = { ...DOWN, reason: 'connect.timed-out' }
  const { turns } = foldObservations(neverChecked(START), each(SLOW, SLOW, DOWN, DOWN, worse, worse), {
    confirm: 2,
    recover: 1,
  })
  assert.deepEqual(
    turns.map(({ step }) => [step.outcome, step.state.verdict, step.state.reason]),
    [
      ['turned', 'degraded', 'latency.high'],
      ['turned', 'down', 'connect.refused'],
      ['another-reason', 'down', 'connect.timed-out'],
    ],
  )
})
