import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { junitReport } from '../../cli/junit.ts'
import { readJunit } from './junit-report/read-junit.ts'
import { evidenceKinds } from './registry.ts'

const junit = (report: string, tests: string[] = []) =>
  evidenceKinds['junit-report'].read({ kind: 'junit-report', report, tests })
const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a runner -->
<testsuites><testsuite name="restore" timestamp="2026-01-05T11:00:00Z" tests="3">
  <properties><property name="a" value="x &gt; y"/></properties>
  <testcase classname="backup" name="restores &quot;all&quot;" time="1.2"/>
  <testcase classname="backup" name="is fresh"><system-out><![CDATA[</testcase> <failure/>]]></system-out></testcase>
  <testcase classname="backup" name="is large"><skipped/></testcase>
</testsuite></testsuites>`

describe('a JUnit report', () => {
  test('passes by the tests that ran, and says when', () => {
    const { outcome, reason, summary, seenAt, details } = junit(REPORT)
    assert.deepEqual([outcome, reason, summary], ['passed', 'tests-passed', '2 tests passed.'])
    assert.equal(seenAt, Date.UTC(2026, 0, 5, 11))
    assert.deepEqual(details.tests, [
      { name: 'backup.restores "all"', result: 'passed' },
      { name: 'backup.is fresh', result: 'passed' },
      { name: 'backup.is large', result: 'skipped' },
    ])
  })

  test('what is asked for must be there and must have run', () => {
    assert.equal(junit(REPORT, ['is fresh']).reason, 'tests-passed')
    assert.equal(junit(REPORT, ['backup.is fresh']).reason, 'tests-passed')
    assert.equal(junit(REPORT, ['is gone']).reason, 'test-missing')
    assert.equal(junit(REPORT, ['is large']).reason, 'test-skipped')
    // The end of a longer name is another test.
    assert.equal(junit(REPORT, ['fresh']).reason, 'test-missing')
  })

  test('one failure refutes, whatever is missing beside it', () => {
    const failing = REPORT.replace('name="is fresh">', 'name="is fresh"><error message="a week old"/>')
    assert.deepEqual([junit(failing).outcome, junit(failing).reason], ['failed', 'tests-failed'])
    assert.equal(junit(failing, ['is fresh', 'is gone']).reason, 'tests-failed')
    assert.equal(junit(failing, ['restores "all"']).reason, 'tests-passed')
  })

  test('a report in which nothing ran proves nothing', () => {
    assert.equal(junit('<testsuite/>').reason, 'nothing-ran')
    assert.equal(
      junit('<testsuite><testcase name="a"><skipped/></testcase></testsuite>').reason,
      'nothing-ran',
    )
  })

  test('what is no report is called none, never a pass', () => {
    for (const text of [
      '',
      'all green',
      '<html><testcase name="a"/></html>',
      '<testsuite><testcase name="a"></testsuite>',
      '<testsuite><testcase name="a"/>',
      '<testsuite><testcase name=a/></testsuite>',
      '<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>',
      '<testsuite><testcase name="a"/></testsuite><testsuite><testcase name="b"/></testsuite>',
      `${'<testsuite>'.repeat(200)}${'</testsuite>'.repeat(200)}`,
    ])
      assert.equal(junit(text).reason, 'not-a-report', text.slice(0, 60))
  })

  test('a time without a zone is not taken for one', () => {
    assert.equal(junit(REPORT.replace('11:00:00Z', '11:00:00')).seenAt, null)
  })

  test('our own reports are read back, and no text of a drill can turn a failure into a pass', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('passed', 'failed'), (name, state) => {
        const run = { state, reason: name, missed: [name], caught: [] } as never
        const read = readJunit(junitReport([{ name, run }]))
        assert.deepEqual(
          read!.cases.map(({ result }) => result),
          [state],
        )
      }),
    ))

  test('no text makes it throw or hang', () =>
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.constantFrom('', '<testsuite>', '<testcase name="'),
        (text, at) => {
          readJunit(at + text)
        },
      ),
    ))
})

const STEADY = { steady_state_met: true }
const JOURNAL = {
  'chaoslib-version': '1.44.0',
  experiment: { title: 'The site stands when one node goes' },
  start: '2026-01-05T10:00:00.123456',
  end: '2026-01-05T10:05:00.000001',
  status: 'completed',
  deviated: false,
  steady_states: { before: STEADY, after: STEADY, during: [] },
  run: [
    { activity: { type: 'action', name: 'stop-node' }, status: 'succeeded' },
    { activity: { type: 'probe', name: 'look' }, status: 'succeeded' },
  ],
}
const chaos = (change: object = {}) =>
  evidenceKinds['chaos-journal'].read({
    kind: 'chaos-journal',
    journal: JSON.stringify({ ...JOURNAL, ...change }),
  })

describe('a Chaos Toolkit journal', () => {
  test('an experiment that broke something and stayed steady passes, at the hour at which it ended', () => {
    const { outcome, reason, seenAt, details } = chaos()
    assert.deepEqual([outcome, reason], ['passed', 'stayed-steady'])
    assert.equal(seenAt, Date.parse('2026-01-05T10:05:00.000001Z'))
    assert.deepEqual(details.broke, ['stop-node'])
  })

  test('each other end', () => {
    const ends: [string, object, string][] = [
      ['deviated', { deviated: true, status: 'failed' }, 'failed'],
      ['deviated', { steady_states: { before: STEADY, after: { steady_state_met: false } } }, 'failed'],
      [
        'not-steady-before',
        { steady_states: { before: { steady_state_met: false } }, status: 'failed' },
        'inconclusive',
      ],
      ['did-not-finish', { status: 'interrupted' }, 'inconclusive'],
      ['did-not-finish', { status: 'aborted' }, 'inconclusive'],
      ['nothing-was-broken', { run: JOURNAL.run.slice(1) }, 'inconclusive'],
      ['nothing-was-broken', { run: [{ ...JOURNAL.run[0], status: 'failed' }] }, 'inconclusive'],
      ['not-measured-after', { steady_states: { before: STEADY, after: null } }, 'inconclusive'],
      ['not-a-journal', { experiment: 'none' }, 'inconclusive'],
    ]
    for (const [reason, change, outcome] of ends)
      assert.deepEqual([chaos(change).reason, chaos(change).outcome], [reason, outcome], reason)
    const tried = new Set(['stayed-steady', ...ends.map(([reason]) => reason)])
    assert.deepEqual([...tried].sort(), [...evidenceKinds['chaos-journal'].reasons].sort())
  })

  test('what is no JSON is no journal', () => {
    const { reason } = evidenceKinds['chaos-journal'].read({ kind: 'chaos-journal', journal: '{' })
    assert.equal(reason, 'not-a-journal')
  })
})
