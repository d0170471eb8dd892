import assert from 'node:assert/strict'
import { test } from 'node:test'
import { travelClock } from '../kit/clock.ts'
import { countAttempts, TooManyAttempts } from './attempts.ts'

test('an address has its attempts, then waits until the window is over', () => {
  const clock = travelClock(0)
  const attempts = countAttempts(clock, 2, 60_000)
  attempts.count('192.0.2.1')
  attempts.count('192.0.2.1')
  clock.moveTo(20_500)
  assert.throws(
    () => attempts.count('192.0.2.1'),
    (error) => error instanceof TooManyAttempts && error.retryAfterSeconds === 40 && error.status === 429,
  )
  attempts.count('192.0.2.2')
  clock.moveTo(60_000)
  attempts.count('192.0.2.1')
})

test('a flood of addresses does not fill the memory: the oldest are forgotten', () => {
  const attempts = countAttempts(travelClock(0), 1, 60_000)
  attempts.count('first')
  for (let i = 0; i < 10_000; i++) attempts.count(`address ${i}`)
  attempts.count('first')
  assert.throws(() => attempts.count('first'), TooManyAttempts)
})
