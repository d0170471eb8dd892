import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import fc from 'fast-check'
import { iso, isoOrNull, sleep, systemClock, travelClock } from './clock.ts'
import { DAY, formatDuration, HOUR, MINUTE, parseDuration, SECOND, writeDuration } from './duration.ts'

describe('the clock of the machine', () => {
  it('wakes after the time and not before, also after more than 24.8 days, and not when taken back', () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
    try {
      const woken: string[] = []
      systemClock.after(10, () => woken.push('soon'))
      systemClock.after(40 * DAY, () => woken.push('late'))
      systemClock.after(-5, () => woken.push('at once'))
      const cancel = systemClock.after(41 * DAY, () => woken.push('never'))
      mock.timers.tick(1)
      assert.deepEqual(woken, ['at once'])
      mock.timers.tick(9)
      assert.deepEqual(woken, ['at once', 'soon'])
      // Exactly to the end of the longest delay that Node knows, and then to just before the end.
      mock.timers.tick(2 ** 31 - 1 - 10)
      mock.timers.tick(40 * DAY - 2 ** 31)
      assert.deepEqual(woken, ['at once', 'soon'], `${systemClock.now() / DAY} days are not forty`)
      mock.timers.tick(1)
      assert.deepEqual(woken, ['at once', 'soon', 'late'])
      cancel()
      for (let day = 0; day < 5; day++) mock.timers.tick(DAY)
      assert.deepEqual(woken, ['at once', 'soon', 'late'])
    } finally {
      mock.timers.reset()
    }
  })
})

describe('a travelled clock', () => {
  it('runs what falls due at one instant in the order in which it was asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 30 }), fc.nat(30), (delays, to) => {
        const clock = travelClock(1_000)
        const ran: { i: number; at: number }[] = []
        for (const [i, delay] of delays.entries())
          clock.after(delay, () => ran.push({ i, at: clock.now() - 1_000 }))
        clock.moveTo(1_000 + to)
        const due = delays.map((at, i) => ({ i, at })).filter(({ at }) => at <= to)
        assert.deepEqual(
          ran,
          due.toSorted((a, b) => a.at - b.at || a.i - b.i),
        )
        assert.equal(
          clock.nextAt(),
          delays.filter((at) => at > to).length === 0
            ? null
            : 1_000 + Math.min(...delays.filter((at) => at > to)),
        )
      }),
    )
  })

  it('lets a sleeper go on when its time has come', async () => {
    const clock = travelClock(0)
    let awake = false
    const sleeping = sleep(clock, 100).then(() => {
      awake = true
    })
    clock.moveTo(99)
    await Promise.resolve()
    assert.equal(awake, false)
    clock.moveTo(100)
    await sleeping
    assert.equal(awake, true)
  })
})

describe('an instant', () => {
  it('is shown in UTC, and one that is not known is not zero', () => {
    assert.equal(iso(0), '1970-01-01T00:00:00.000Z')
    assert.deepEqual(
      [isoOrNull(null), isoOrNull(undefined), isoOrNull(0)],
      [null, null, '1970-01-01T00:00:00.000Z'],
    )
  })
})

describe('a duration', () => {
  it('is refused when it is none, or longer than can be counted', () => {
    const none = [
      's',
      '1',
      '1.m',
      '.5m',
      '1 m',
      '1m ',
      '1M',
      '1m1',
      '1e3s',
      '-1m',
      '+1m',
      '1y',
      'Infinitys',
      '٣m',
      '1m\n',
    ]
    for (const text of [...none, `${'9'.repeat(400)}w`, '99999999999999999999w'])
      assert.equal(parseDuration(text), null, JSON.stringify(text))
  })

  it('adds up its parts, in any order', () => {
    const cases: [string, number][] = [
      ['0s', 0],
      ['1m1ms', MINUTE + 1],
      ['30m1h', HOUR + 30 * MINUTE],
      ['1w', 7 * DAY],
      ['0.5s', 500],
      ['1.0004s', 1_000],
      ['1m1m', 2 * MINUTE],
    ]
    for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text)
  })

  it('is told to people in two units at most, never in sixty of the smaller one', () => {
    fc.assert(
      fc.property(fc.nat(400 * DAY), (ms) => {
        const parts = formatDuration(ms).split(' ')
        assert.ok(parts.length <= 2)
        const told = parts.reduce((sum, part) => sum + parseDuration(part)!, 0)
        assert.ok(told <= ms || ms < SECOND)
        const most: Record<string, number> = { s: 59, m: 59, h: 23 }
        for (const part of parts) {
          const [, amount, unit] = /^(\d+)([a-z]+)$/.exec(part)!
          assert.ok(Number(amount) <= (most[unit!] ?? Infinity), part)
        }
      }),
    )
  })

  it('of nothing is still a duration', () => {
    assert.equal(writeDuration(0), '0s')
    assert.equal(formatDuration(0), '0ms')
  })
})
