import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { travelClock } from '../../../kit/clock.ts'
import { kindNamed, lineFor, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

async function score(input: object, sample?: string) {
  const kind = kindNamed('log')
  const clock = travelClock(Date.UTC(2026, 2, 20, 12))
  const bench = await openBench({ kind, spec: parseSpec('log', input), clock, sample })
  if (!bench) return null
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (fault !== CONTROL && !canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return seen
}

describe('a drill of a log monitor', () => {
  const file = '/var/log/sip.log'
  test('a strict one catches the pattern, the silence and the lost file', async () => {
    const wanted = 'keepalive from \\d+'
    const strict = {
      file,
      match: '(?i)ERROR|CRITICAL',
      moreThan: 10,
      within: '5m',
      wanted,
      silentAfter: '15m',
    }
    assert.deepEqual(await score(strict), {
      healthy: 'up ok',
      'log-pattern': 'down log.pattern-matched',
      'log-silent': 'down log.silent',
      'log-vanishes': 'down log.file-missing',
      'log-wanted-missing': 'down log.silent',
    })
  })

  test('without a limit to silence, silence is missed; pushed lines have no file to lose', async () => {
    assert.deepEqual(await score({ push: true, match: 'panic: .*nil' }), {
      healthy: 'up ok',
      'log-pattern': 'down log.pattern-matched',
      'log-silent': 'up ok',
    })
  })

  test('a pattern that nothing can be made up for needs a sample', async () => {
    const match = '^[a-f]{3}(?:x{2}y){3}$'
    assert.deepEqual(Object.keys((await score({ file, match }))!), ['healthy', 'log-silent', 'log-vanishes'])
    const seen = await score({ file, match }, 'abcxxyxxyxxy')
    assert.equal(seen!['log-pattern'], 'down log.pattern-matched')
    assert.equal(await score({ file, wanted: match, silentAfter: '5m' }), null)
  })

  test('lines are made up from the plain parts of usual patterns', () => {
    for (const match of [
      'ERROR',
      '^\\[(?:error|crit)\\] .* upstream timed out',
      'code=5\\d\\d\\b',
      '(?i)out of memory|oom-kill',
      'user \\w+ failed (\\d{1,3}) times?$',
      'a\\.b\\(c\\)',
      '\\bERR[0-9]+\\b',
    ])
      assert.ok(lineFor({ match, ignoreCase: false }), match)
  })
})
