import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { parseTarget } from '../../parse-target.ts'
import { sampleLines, typedLog } from './by-hand.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-by-hand-'))
after(() => rmSync(folder, { recursive: true }))

describe('a log that is typed', () => {
  for (const [typed, settings] of [
    ['log:/var/log/a.log?match=x', { file: '/var/log/a.log', match: 'x' }],
    ['log:///var/log/a.log?pattern=a%26b', { file: '/var/log/a.log', match: 'a&b' }],
    ['LOG:/odd?name.log?match=x&moreThan=3', { file: '/odd?name.log', match: 'x', moreThan: 3 }],
    [
      'log:/a?ignoreCase=true&says=degraded&ignore=y',
      { file: '/a', ignoreCase: true, says: 'degraded', ignore: 'y' },
    ],
    ['log:/a', { file: '/a' }],
    ['journal:ssh.service?match=x&within=1h', { journal: { unit: 'ssh.service' }, match: 'x', within: '1h' }],
    ['journal:?wanted=tick&silentAfter=5m', { journal: {}, wanted: 'tick', silentAfter: '5m' }],
  ] as const)
    test(typed, () => assert.deepEqual(typedLog(typed), settings))

  test('what it does not know is refused with what it knows; silence needs the times of a journal', () => {
    assert.throws(
      () => typedLog('log:/a?mtach=x'),
      /"mtach" is no parameter of a log by hand: it is not known/,
    )
    assert.throws(() => typedLog('log:/a?silentAfter=5m'), /needs the times of a journal/)
    assert.throws(() => parseTarget('log:relative.log?match=x'), /absolute path/)
    assert.throws(() => parseTarget('log:/a?match=x&moreThan=some'), /moreThan/)
    assert.throws(() => parseTarget('log:/a?match=('), /RE2/)
  })
})

const check = async (target: string) => {
  const { kind, spec } = parseTarget(target)
  const memory = kind.memoryByHand!(spec, systemClock.now())
  return checkOnce(kind, spec, { clock: systemClock, deadlineMs: 20_000, memory })
}

test('all lines of the file count, the first and the last one too, and it says so', async () => {
  const file = join(folder, 'whole.log')
  writeFileSync(file, 'ERROR first\nwell\nERROR last\n')
  const seen = await check(`log:${file}?match=ERROR&moreThan=1`)
  assert.equal(seen.verdict, 'down')
  assert.match(seen.summary, /^2 lines match "ERROR" in the file, allowed are 1; the newest: ERROR last$/)
  assert.deepEqual(sampleLines(seen.details), ['LINE ERROR first', 'LINE ERROR last'])
  assert.equal((await check(`log:${file}?match=ERROR&moreThan=2`)).summary, '2 of 3 lines match in the file')
  writeFileSync(file, '')
  assert.equal((await check(`log:${file}?match=ERROR`)).verdict, 'up')
})

test('of a file that is larger than one check reads the end counts', async () => {
  const file = join(folder, 'large.log')
  const line = `${'x'.repeat(1_023)}\n`
  writeFileSync(file, `ERROR at the beginning\n${line.repeat(34 * 1_024)}ERROR at the end\n`)
  const seen = await check(`log:${file}?match=ERROR`)
  assert.deepEqual([seen.verdict, seen.reason, seen.values.matched], ['down', 'log.pattern-matched', 1])
  assert.match(seen.summary, /ERROR at the end$/)
})

test('samples cannot break the lines of a plugin', () => {
  assert.deepEqual(sampleLines({ samples: ['a | b\n c\u0007'] }), ['LINE a / b c\u0007'])
  assert.deepEqual(sampleLines(undefined), [])
})
