import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { FACTOR_IDS, TRIGGER_IDS } from '../../contract/learning.ts'
import { FAILURE_CLASS_IDS } from '../../proofs/failure-class.ts'
import { deriveDetection, deriveMarks, deriveServices, partsOf } from './derive-marks.rules.ts'
import { distribute, lengthBetween, quantile } from './distribution.rules.ts'
import { CLASS_PATTERNS, FACTOR_PATTERNS, TRIGGER_PATTERNS } from './patterns.rules.ts'
import type { LearningRecord } from './record.ts'
import { cameBackAfter, countInto, periodsOf } from './recurrence.rules.ts'
import { compareRecords, isAlike, rarestWithin, rarity } from './similar.rules.ts'

const body = (sections: Record<string, string>) =>
  Object.entries(sections)
    .map(([name, text]) => `## ${name}\n\n${text}\n`)
    .join('\n')
const marksOf = (title: string, sections: Record<string, string>) =>
  deriveMarks(partsOf(title, body(sections))).map(({ kind, value }) => `${kind} ${value}`)

describe('what a text is about', () => {
  test('is said in the words of the failure classes, triggers and factors that there are', () => {
    assert.deepEqual(Object.keys(CLASS_PATTERNS).toSorted(), FAILURE_CLASS_IDS.toSorted())
    assert.deepEqual(Object.keys(TRIGGER_PATTERNS).toSorted(), TRIGGER_IDS.toSorted())
    assert.deepEqual(Object.keys(FACTOR_PATTERNS).toSorted(), FACTOR_IDS.toSorted())
  })

  const told: [string, Record<string, string>, string[]][] = [
    ['DNS outage', { 'Root cause': 'The name server had an old zone file.' }, ['class dns.content']],
    [
      'Uploads refused',
      { Trigger: 'A deployment.', 'Root cause': 'A memory leak; the workers were out of memory.' },
      ['class resource.leak', 'trigger deploy'],
    ],
    ['Slow', { Trigger: 'A load test by another team.' }, ['trigger load-test']],
    [
      'Two outages',
      { 'Contributing factors': 'Nothing watched it, and the runbook was outdated. Only one person knew.' },
      ['factor documentation', 'factor one-head', 'factor unwatched'],
    ],
    ['Nothing much', { Summary: 'It was slow for a while.' }, []],
  ]
  for (const [title, sections, marks] of told)
    test(title, () => {
      const found = marksOf(title, sections)
      for (const mark of marks) assert.ok(found.includes(mark), `${mark} in ${found.join(', ')}`)
      if (marks.length === 0) assert.deepEqual(found, [])
    })

  test('what is denied is not said, and a blank says nothing', () => {
    assert.deepEqual(marksOf('Fine', { 'Root cause': 'There was no memory leak and no memory leak.' }), [])
    assert.deepEqual(
      marksOf('Draft', {
        'Root cause': '_Not yet written: why that memory leak could do harm, out of memory._',
      }),
      [],
    )
    assert.equal(deriveDetection(partsOf('x', body({ Detection: 'No customer reported it.' }))), null)
  })

  test('who noticed is read where it is written, and else from the moment itself', () => {
    const by = (sections: Record<string, string>, detected?: string) =>
      deriveDetection(partsOf('x', body(sections)), detected)?.value
    assert.equal(by({ Detection: 'Users complained on IRC.' }), 'customer')
    assert.equal(by({ Detection: 'A monitor noticed it.' }), 'monitoring')
    assert.equal(by({ Detection: 'An engineer noticed that calls failed.' }), 'staff')
    assert.equal(by({ Detection: 'It was found by another team.' }), 'partner')
    assert.equal(by({ Summary: 'It was bad.' }, 'An alert on refused requests fires'), 'monitoring')
    assert.equal(by({ Summary: 'It was bad.' }), undefined)
  })

  test('services are known by their names, whole words only, whatever signs they hold', () => {
    const services = [
      { id: 'docs', name: 'Documentation' },
      { id: 'git', name: 'Source (hosting) [v2] a-b' },
      { id: 'shop', name: 'Shop' },
    ]
    const found = (text: string) =>
      deriveServices(partsOf('x', body({ Summary: text })), services).map(({ value }) => value)
    assert.deepEqual(found('The documentation was slow.'), ['docs'])
    assert.deepEqual(found('source (hosting) [v2] a-b fell'), ['git'])
    assert.deepEqual(found('Shopping and documentations'), [])
  })

  test('a hostile text takes no longer than a long one', () => {
    for (const text of [
      'a '.repeat(100_000),
      'certificate '.repeat(20_000),
      `${'x'.repeat(200_000)}`,
      '*'.repeat(200_000),
      '_Not yet written:'.repeat(10_000),
    ])
      assert.ok(deriveMarks(partsOf(text.slice(0, 120), text)).length < 20)
  })
})

describe('distributions', () => {
  test('quartiles lie between the points, and what is missing is never zero', () => {
    assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5)
    assert.equal(quantile([7], 0.25), 7)
    const of = distribute('TTD = a → b', [
      { ms: 30, place: 0 },
      { ms: null, place: 1 },
      { ms: 10, place: 2 },
      { ms: 'invalid', place: 3 },
    ])
    assert.deepEqual([of.recorded, of.notRecorded, of.invalid], [2, 1, 1])
    assert.deepEqual(of.points, [
      [10, 2],
      [30, 0],
    ])
    assert.equal(of.quartiles?.median, 20)
    assert.equal(distribute('x', [{ ms: null, place: 0 }]).quartiles, null)
    assert.equal(lengthBetween(null, 5), null)
    assert.equal(lengthBetween(5, 4), 'invalid')
    assert.equal(lengthBetween(5, 5), 0)
  })

  test('hold whatever comes: in order, and nothing lost', () => {
    const value = fc.oneof(fc.nat(1e12), fc.constant(null), fc.constant('invalid' as const))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), (list) => {
        const of = distribute(
          'f',
          list.map((ms, place) => ({ ms, place })),
        )
        assert.equal(of.recorded + of.notRecorded + of.invalid, list.length)
        assert.equal(of.points.length, of.recorded)
        const { quartiles } = of
        if (!quartiles) return assert.equal(of.recorded, 0)
        const { least, lower, median, upper, most } = quartiles
        assert.ok(least <= lower && lower <= median && median <= upper && upper <= most)
      }),
    )
  })
})

describe('periods', () => {
  const month = (year: number, number: number) => year * 12 + number - 1

  test('follow one another without a gap, the empty ones too', () => {
    assert.deepEqual(
      periodsOf([month(2025, 2), month(2025, 11)], 'quarter').map(({ name }) => name),
      ['2025 Q1', '2025 Q2', '2025 Q3', '2025 Q4'],
    )
    assert.deepEqual(
      periodsOf([month(2024, 12), month(2025, 2)], 'month').map(({ name }) => name),
      ['2024-12', '2025-01', '2025-02'],
    )
    assert.deepEqual(periodsOf([], 'year'), [])
  })

  test('what lies far back becomes one, and every month is counted once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: month(1995, 1), max: month(2030, 12) }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
        (months, span) => {
          const periods = periodsOf(months, span)
          assert.ok(periods.length <= 41)
          const counts = countInto(periods, new Map(months.map((one) => [one, 1])))
          assert.equal(
            counts.reduce((sum, count) => sum + count, 0),
            new Set(months).size,
          )
        },
      ),
    )
  })

  test('a cause comes back to a service that it struck, after the action was closed', () => {
    const one = (id: string, happenedAt: number, services: string[]) => ({
      ...{ id, title: id, incidentId: null, postmortemId: null, happenedAt, services },
    })
    const others = [
      one('early', 5, ['a']),
      one('same', 20, ['a']),
      one('other', 20, ['b']),
      one('unknown', 20, []),
    ]
    const ids = (kind: 'class' | 'factor', services = ['a']) =>
      cameBackAfter({ id: 'first', services }, 10, others, kind).map(({ id }) => id)
    assert.deepEqual(ids('class'), ['same', 'unknown'])
    assert.deepEqual(ids('factor'), ['same'])
    assert.deepEqual(ids('class', []), ['same', 'other', 'unknown'])
  })
})

describe('likeness', () => {
  const record = (
    id: string,
    marks: [LearningRecord['marks'][number]['kind'], string][],
  ): LearningRecord => ({
    ...{ id, incidentId: null, postmortemId: id, title: id, happenedAt: 0, severity: null, detectedBy: null },
    ...{ impactStartedAt: null, reportedAt: null, detectedAt: null, noticedAt: null, firstAlertAt: null },
    ...{ declaredAt: null, acknowledgedAt: null, mitigatedAt: null, resolvedAt: null },
    marks: marks.map(([kind, value]) => ({ kind, value, origin: 'text', because: '' })),
  })
  const of = {
    records: 100,
    words: new Map([
      ['robot', 2],
      ['server', 90],
      ['builder', 3],
    ]),
    marks: new Map([
      ['class job.hung', 5],
      ['service docs', 60],
    ]),
  }
  const words = (...list: string[]) => new Map(list.map((word) => [word, 2]))

  test('is whole with itself, and what is rare weighs more than what is common', () => {
    const mine = {
      record: record('a', [
        ['class', 'job.hung'],
        ['service', 'docs'],
      ]),
      words: words('robot', 'server'),
    }
    assert.equal(compareRecords(mine, mine, of).likeness, 100)
    const rare = compareRecords(mine, { record: record('b', []), words: words('robot') }, of)
    const common = compareRecords(mine, { record: record('c', []), words: words('server') }, of)
    assert.ok(rare.score > 5 * common.score)
    assert.ok(rarity(100, 2) > rarity(100, 90))
    assert.ok(rarity(3, 3) > 0)
  })

  test('one word, or a service alone, is no likeness', () => {
    const mine = { record: record('a', [['service', 'docs']]), words: words('robot', 'builder') }
    const service = compareRecords(mine, { record: record('b', [['service', 'docs']]), words: words() }, of)
    assert.equal(isAlike(service), false)
    assert.equal(isAlike(compareRecords(mine, { record: record('b', []), words: words('robot') }, of)), false)
    const two = compareRecords(mine, { record: record('b', []), words: words('robot', 'builder') }, of)
    assert.equal(isAlike(two), true)
    assert.deepEqual(
      two.shared.map(({ kind, values }) => [kind, values]),
      [['words', ['robot', 'builder']]],
    )
  })

  test('the rarest are looked at first, and never without bound', () => {
    const frequencies = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 50],
      ['d', 3_000],
      ['e', 9_000],
    ])
    assert.deepEqual(rarestWithin(frequencies, 4_000), ['b', 'c', 'd'])
    assert.deepEqual(rarestWithin(new Map([['e', 9_000]]), 4_000), ['e'])
  })
})
