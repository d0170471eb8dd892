import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../../../kit/duration.ts'
import { type HeartbeatSpec, heartbeat } from './index.ts'
import { HEARTBEAT_REASONS, type HeartbeatHistory, judgeHeartbeat } from './judge-heartbeat.rules.ts'
import { parsePing } from './parse-ping.rules.ts'

const spec = (input: Record<string, unknown>) => heartbeat.schema.parse(input) as HeartbeatSpec
const at = (text: string) => Date.parse(`2026-${text}Z`)
const silent = (since: number): HeartbeatHistory => ({
  waitingSince: since,
  lastSuccessAt: null,
  lastStartAt: null,
  lastFailAt: null,
  lastFailExit: null,
  openRuns: [],
})

describe('the ping grammar', () => {
  const rid = '01234567-89AB-cdef-0123-456789abcdef'
  const accepted: [string | undefined, string, number | null][] = [
    [undefined, 'success', null],
    ['', 'success', null],
    ['start', 'start', null],
    ['fail', 'fail', null],
    ['log', 'log', null],
    ['0', 'success', 0],
    ['1', 'fail', 1],
    ['255', 'fail', 255],
  ]
  for (const [action, meaning, exitStatus] of accepted)
    test(`/${action ?? ''} is ${meaning}`, () =>
      assert.deepEqual(parsePing({ action, method: 'GET' }), { action: meaning, exitStatus, rid: null }))

  test('a run id is a UUID, in lower case afterwards', () => {
    const parsed = parsePing({ action: 'start', rid, method: 'POST' })
    assert.deepEqual(parsed, { action: 'start', exitStatus: null, rid: rid.toLowerCase() })
  })

  const refused: [Parameters<typeof parsePing>[0], number, string][] = [
    [{ action: '256', method: 'GET' }, 400, 'invalid url format'],
    [{ action: '99999999999999999999', method: 'GET' }, 400, 'invalid url format'],
    [{ action: '-1', method: 'GET' }, 404, 'not found'],
    [{ action: 'stop', method: 'GET' }, 404, 'not found'],
    [{ action: 'constructor', method: 'GET' }, 404, 'not found'],
    [{ rid: 'nightly', method: 'GET' }, 400, 'invalid uuid format'],
    [{ rid: '', method: 'GET' }, 400, 'invalid uuid format'],
    [{ method: 'DELETE' }, 405, 'method not allowed'],
  ]
  for (const [request, status, text] of refused)
    test(`${JSON.stringify(request)}: ${status}`, () =>
      assert.deepEqual(parsePing(request), { status, text }))
})

describe('a job judged by what was heard', () => {
  const nightly = spec({ schedule: '0 3 * * *', timezone: 'Europe/Paris', startGrace: '10m', maxRun: '30m' })
  const hourly = spec({ every: '1h', startGrace: '5m' })
  const table: [string, HeartbeatSpec, Partial<HeartbeatHistory>, string, string, string][] = [
    ['nothing came yet, nothing was due', nightly, {}, '01-10T01:59', 'unknown', 'heartbeat.never'],
    ['nothing came, within the grace', nightly, {}, '01-10T02:09', 'unknown', 'heartbeat.never'],
    ['nothing came and the grace is over', nightly, {}, '01-10T02:10', 'down', 'heartbeat.late'],
    ['started in time', nightly, run('01-10T02:01'), '01-10T02:20', 'up', 'ok'],
    ['started and did not end', nightly, run('01-10T02:01'), '01-10T02:31', 'down', 'heartbeat.run-overran'],
    ['finished', nightly, { lastSuccessAt: at('01-10T02:20') }, '01-11T02:09', 'up', 'ok'],
    [
      'missed the next night',
      nightly,
      { lastSuccessAt: at('01-10T02:20') },
      '01-11T02:10',
      'down',
      'heartbeat.late',
    ],
    [
      'in summer an hour earlier in UTC',
      nightly,
      { lastSuccessAt: at('07-10T01:20') },
      '07-11T01:10',
      'down',
      'heartbeat.late',
    ],
    [
      'pinged a little before its time',
      nightly,
      { lastSuccessAt: at('01-10T01:59:45') },
      '01-10T02:30',
      'up',
      'ok',
    ],
    ['failed', nightly, fail('01-10T02:20'), '01-10T02:21', 'down', 'heartbeat.failed'],
    [
      'failed, then succeeded',
      nightly,
      { ...fail('01-10T02:20'), lastSuccessAt: at('01-10T02:25') },
      '01-10T02:26',
      'up',
      'ok',
    ],
    [
      'a hung run, and a later one that worked',
      nightly,
      { ...run('01-09T02:01'), lastSuccessAt: at('01-10T02:20') },
      '01-10T03:00',
      'degraded',
      'heartbeat.run-overran',
    ],
    ['every hour, in time', hourly, { lastSuccessAt: at('01-10T00:00') }, '01-10T01:04', 'up', 'ok'],
    [
      'every hour, late',
      hourly,
      { lastSuccessAt: at('01-10T00:00') },
      '01-10T01:05',
      'down',
      'heartbeat.late',
    ],
  ]
  for (const [what, timing, heard, now, verdict, reason] of table)
    test(`${what}: ${reason}`, () => {
      const judged = judgeHeartbeat(timing, { ...silent(at('01-09T12:00')), ...heard }, at(now))
      assert.deepEqual([judged.verdict, judged.reason], [verdict, reason], judged.summary)
    })

  test('two hung runs of the nightly job are both told', () => {
    const openRuns = [...run('01-09T02:00').openRuns, { rid: 'b', startedAt: at('01-10T02:00') }]
    const judged = judgeHeartbeat(
      nightly,
      { ...silent(0), openRuns, lastStartAt: at('01-10T02:00') },
      at('01-10T04:00'),
    )
    assert.match(judged.summary, /^2 runs have not ended, one for 1d 2h, since Friday 03:00; allowed is 30m/)
  })

  test('the instant given is the first at which time alone changes the verdict', () => {
    const instant = fc
      .integer({ min: 0, max: 48 * 60 })
      .map((minutes) => at('01-08T00:00') + minutes * MINUTE)
    const history = fc.record({
      waitingSince: fc.constant(at('01-07T00:00')),
      lastSuccessAt: fc.option(instant),
      lastStartAt: fc.option(instant),
      lastFailAt: fc.option(instant),
      lastFailExit: fc.constant(null),
      openRuns: fc.array(fc.record({ rid: fc.uuid(), startedAt: instant }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(history, fc.constantFrom(nightly, hourly), (heard, timing) => {
        const now = at('01-10T00:00')
        const judged = judgeHeartbeat(timing, heard, now)
        assert.ok(HEARTBEAT_REASONS.includes(judged.reason))
        const until = judged.nextAt ?? now + 72 * HOUR
        assert.ok(until > now)
        for (const later of [now + (until - now) / 2, until - 1]) {
          const then = judgeHeartbeat(timing, heard, Math.floor(later))
          assert.deepEqual([then.verdict, then.reason], [judged.verdict, judged.reason])
        }
      }),
    )
  })
})

function run(started: string) {
  return { lastStartAt: at(started), openRuns: [{ rid: 'a', startedAt: at(started) }] }
}

function fail(when: string) {
  return { lastFailAt: at(when), lastFailExit: 3 }
}

describe('the parameters', () => {
  test('an interval or a schedule, one of them, and a zone that exists', () => {
    for (const wrong of [
      {},
      { every: '1h', schedule: '0 3 * * *' },
      { schedule: 'at night' },
      { schedule: '0 3 * * *', timezone: 'Mars/Olympus' },
      { every: '1h', pingKey: 'short' },
      { every: '10ms' },
    ])
      assert.equal(heartbeat.schema.safeParse(wrong).success, false, JSON.stringify(wrong))
  })
})
