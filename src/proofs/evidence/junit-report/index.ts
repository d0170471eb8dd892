import { createHash } from 'node:crypto'
import { DAY } from '../../../kit/duration.ts'
import type { EvidenceKind, Reading } from '../kind.ts'
import { readJunit, type TestCase } from './read-junit.ts'

/** What a test run says, from the report that nearly every tool can write. */
export const evidenceKind: EvidenceKind<'junit-report'> = {
  kind: 'junit-report',
  title: 'A JUnit report',
  says: 'proved by a test report',
  strength: 'machine',
  reasons: ['tests-passed', 'tests-failed', 'test-missing', 'test-skipped', 'nothing-ran', 'not-a-report'],
  holds: { usual: 90 * DAY, most: 366 * DAY },
  read({ report: text, tests }) {
    const report = readJunit(text)
    if (!report)
      return {
        outcome: 'inconclusive',
        reason: 'not-a-report',
        summary: 'This is no JUnit report.',
        seenAt: null,
        details: {},
      }
    const { judged, chosen } = judge(report.cases, tests)
    return {
      ...judged,
      seenAt: report.ranAt,
      details: {
        tests: chosen.slice(0, MOST_NAMED).map(({ name, result, message }) => ({
          name: name.slice(0, 300),
          result,
          ...(message ? { message: message.slice(0, 300) } : {}),
        })),
        count: report.cases.length,
        sha256: createHash('sha256').update(text).digest('hex'),
      },
    }
  },
}

const MOST_NAMED = 200

interface Judged {
  judged: Pick<Reading, 'outcome' | 'reason' | 'summary'>
  /** The tests on which it rests. */
  chosen: TestCase[]
}

// A report of everything that an action names nothing of rests on all that ran.
function judge(cases: readonly TestCase[], wanted: readonly string[]): Judged {
  const named = (name: string) => cases.filter((one) => one.name === name || one.name.endsWith(`.${name}`))
  const missing = wanted.filter((name) => named(name).length === 0)
  const chosen = wanted.length === 0 ? [...cases] : [...new Set(wanted.flatMap(named))]
  const answer = (outcome: Reading['outcome'], reason: string, summary: string): Judged => ({
    judged: { outcome, reason, summary },
    chosen,
  })
  const failed = chosen.filter(({ result }) => result === 'failed')
  if (failed.length > 0)
    return answer(
      'failed',
      'tests-failed',
      `${failed.length} of ${chosen.length} tests failed: ${failed[0]!.name}`,
    )
  if (missing.length > 0)
    return answer('inconclusive', 'test-missing', `The report has no test “${missing[0]}”.`)
  const skipped = chosen.filter(({ result }) => result === 'skipped')
  if (wanted.length > 0 && skipped.length > 0)
    return answer('inconclusive', 'test-skipped', `The test “${skipped[0]!.name}” was skipped.`)
  const passed = chosen.filter(({ result }) => result === 'passed').length
  if (passed === 0) return answer('inconclusive', 'nothing-ran', 'No test of the report ran.')
  return answer('passed', 'tests-passed', `${passed} ${passed === 1 ? 'test' : 'tests'} passed.`)
}
