import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { unusualFrom, usualDuration } from './duration-trend.rules.ts'
import { hearPing } from './hear-ping.rules.ts'
import type { HeartbeatHistory } from './judge-heartbeat.rules.ts'
import { isSlug, type ParsedPing, parsePing, parsePush } from './parse-ping.rules.ts'

const fresh: HeartbeatHistory = {
  waitingSince: 0,
  lastSuccessAt: null,
  lastStartAt: null,
  lastFailAt: null,
  lastFailExit: null,
  openRuns: [],
}
const ping = (action: ParsedPing['action'], rid: string | null = null, exitStatus: number | null = null) => ({
  action,
  rid,
  exitStatus,
})

/** Hears pings one minute apart; what ended, in order, and what is open. */
function hearAll(pings: ParsedPing[], supersedes = false) {
  let history = fresh
  const ended: string[] = []
  for (const [minute, one] of pings.entries()) {
    const heard = hearPing(history, one, minute * 60_000, { supersedes })
    history = heard.history
    for (const run of heard.ended) ended.push(`${run.rid} ${run.outcome} ${run.durationMs ?? '-'}`)
  }
  return { ended, open: history.openRuns.map(({ rid }) => rid), history }
}

describe('the ledger of runs', () => {
  test('several runs are open at once, and each ends by its own id', () => {
    const heard = hearAll([
      ping('start', 'a'),
      ping('start', 'b'),
      ping('success', 'a'),
      ping('fail', 'b', 3),
    ])
    assert.deepEqual(heard.ended, ['a success 120000', 'b failure 120000'])
    assert.deepEqual(heard.open, [])
  })

  test('without ids the newest ends; the older one, which hung, is superseded by the success', () => {
    const heard = hearAll([ping('start'), ping('start'), ping('success')])
    assert.deepEqual(heard.ended, [' superseded -', ' success 60000'])
    assert.deepEqual(heard.open, [])
  })

  test('a failure leaves the hung run open: nothing has worked since', () => {
    assert.deepEqual(hearAll([ping('start'), ping('start'), ping('fail')]).open, [''])
  })

  test('where starts supersede, the runs before end with them', () => {
    const heard = hearAll([ping('start', 'a'), ping('start', 'b')], true)
    assert.deepEqual(heard.ended, ['a superseded -'])
    assert.deepEqual(heard.open, ['b'])
  })

  test('an end without a start is a run as well', () => {
    assert.deepEqual(hearAll([ping('success'), { ...ping('success'), tookMs: 420 }]).ended, [
      ' success -',
      ' success 420',
    ])
  })

  test('a job that starts for ever and never ends keeps a hundred runs open, and no more', () => {
    const heard = hearAll(Array.from({ length: 150 }, (_, i) => ping('start', `r${i}`)))
    assert.equal(heard.open.length, 100)
    assert.equal(heard.ended.length, 50)
    assert.equal(heard.open.at(-1), 'r149')
  })

  test('the last words of a failure are kept, on one line and without credentials', () => {
    const body = 'step 1\nstep 2 failed: password=hunter2 refused\u0007\n\n'
    const { history, ended } = hearPing(fresh, ping('fail', null, 2), 5, { body })
    assert.equal(history.lastFailNote, 'step 2 failed: password=[redacted] refused')
    assert.equal(ended[0]!.log, body)
  })

  test('whatever is said in whatever order, no run is lost and none ends twice', () => {
    const any = fc.record({
      action: fc.constantFrom('start', 'success', 'fail', 'log') as fc.Arbitrary<ParsedPing['action']>,
      rid: fc.constantFrom(null, 'a', 'b', 'c'),
      exitStatus: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), fc.boolean(), (pings, supersedes) => {
        const heard = hearAll(pings, supersedes)
        const starts = pings.filter(({ action }) => action === 'start').length
        const ends = pings.filter(({ action }) => action === 'success' || action === 'fail').length
        const withStart = heard.ended.filter(
          (line) => !line.endsWith('-') || line.includes('superseded'),
        ).length
        assert.equal(withStart + heard.open.length, starts)
        assert.ok(heard.ended.length <= starts + ends)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('what is usual', () => {
  test('a few slow nights move neither the median nor the limit', () => {
    const steady = Array.from({ length: 20 }, (_, i) => 60_000 + i * 100)
    const usual = usualDuration([...steady, 3_600_000, 7_200_000])!
    assert.ok(usual.median < 63_000 && usual.spread < 2_000, JSON.stringify(usual))
    assert.equal(unusualFrom(usual, 3), usual.median * 3)
  })
  test('a job whose runs vary is given room', () => {
    const wild = Array.from({ length: 20 }, (_, i) => 60_000 * (1 + (i % 10)))
    const usual = usualDuration(wild)!
    assert.ok(unusualFrom(usual, 1.5) > 10 * 60_000)
  })
  test('too few runs say nothing', () => {
    assert.equal(usualDuration([1, 2, 3, 4, 5, 6, 7, 8, 9]), null)
  })
})

describe('pings from hostile networks', () => {
  test('any address is understood or refused, and never more than that', () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'BREW', '')
    const part = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constantFrom(
        'start',
        'fail',
        'log',
        '0',
        '255',
        '256',
        '007',
        '-1',
        '1e2',
        '__proto__',
        'constructor',
      ),
      fc.integer().map(String),
    )
    fc.assert(
      fc.property(part, fc.option(part, { nil: undefined }), method, (action, rid, verb) => {
        const parsed = parsePing({ action, rid, method: verb })
        if ('status' in parsed) return assert.ok([400, 404, 405].includes(parsed.status))
        assert.ok(['success', 'start', 'fail', 'log'].includes(parsed.action))
        assert.ok(parsed.exitStatus === null || (parsed.exitStatus >= 0 && parsed.exitStatus <= 255))
        assert.ok(parsed.rid === null || parsed.rid.length === 36)
      }),
      { numRuns: 10_000 },
    )
  })

  test('any push is up unless it says down, and a duration is one or none', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('up', 'down', undefined, ['down'], { a: 1 }, 5, '1e999', 'NaN', '-3'),
    )
    fc.assert(
      fc.property(value, value, value, (status, msg, took) => {
        const parsed = parsePush({ status, msg, ping: took })
        assert.equal(parsed.action, status === 'down' ? 'fail' : 'success')
        assert.ok(parsed.tookMs === null || (Number.isInteger(parsed.tookMs) && parsed.tookMs! >= 0))
      }),
      { numRuns: 5_000 },
    )
    assert.equal(parsePush({ ping: '12.6' }).tookMs, 13)
  })

  test('slugs are those of the grammar', () => {
    for (const good of ['a', 'nightly-backup', 'job_1']) assert.ok(isSlug(good))
    for (const bad of ['', 'Ä', 'A', 'a b', 'x'.repeat(64), '../x']) assert.ok(!isSlug(bad))
  })
})
