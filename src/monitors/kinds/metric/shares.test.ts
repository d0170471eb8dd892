import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSpec } from '../find-kind.ts'
import { judgeShares, type KeptShares } from './shares.ts'
import type { MetricSpec } from './spec.ts'

const WINDOW = 24 * 60_000
const MINUTE = 60_000
const spec = parseSpec('metric', {
  from: 'scrape',
  url: 'http://127.0.0.1:9/',
  metric: 'bytes',
  share: { label: 'tenant', factor: 3, window: '24m' },
}) as MetricSpec

test('a spike is told for as long as it lasts, up to a whole window; then it is what is usual', () => {
  let kept: KeptShares | null = null
  let now = Date.parse('2026-01-05T10:00:00Z')
  const look = (loud: number) => {
    now += MINUTE
    const series = ['a', 'b', 'c', 'd'].map((tenant) => ({
      labels: { tenant },
      points: [{ at: now, value: tenant === 'c' ? loud : 100 }],
    }))
    const judged = judgeShares(series, spec, kept, now)
    kept = judged.kept
    return judged.finding?.reason ?? 'usual'
  }
  for (let minute = 0; minute < 30; minute++) assert.equal(look(100), 'usual')
  const began = now
  let told = 0
  while (look(10_000) === 'metric.share-spike') {
    told++
    assert.ok(told < 100, 'it never ends')
  }
  assert.ok(told >= WINDOW / MINUTE - 2, `told for ${told} minutes only`)
  assert.ok(now - began <= WINDOW + 3 * MINUTE)
  // What came back to where it was is no news.
  for (let minute = 0; minute < 5; minute++) assert.equal(look(100), 'usual')
})
