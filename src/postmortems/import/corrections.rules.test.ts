import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CorrectedTopic } from '../../contract/postmortem-imports.ts'
import { readText } from './read-document.ts'
import { assertPlaced } from './spans-for-tests.ts'

const SOURCE = `# The lamp, 5 March 2021

It was dark. The battery was empty and nobody looks at batteries.

## Notes

- 10:00 UTC dark
- 10:47 UTC light

We will look at batteries every spring.

## What happened

The lamp went out.
`
const read = (...corrections: [string, CorrectedTopic][]) => {
  const reading = readText(SOURCE, {
    name: 'lamp.md',
    today: { year: 2026, month: 1, day: 31 },
    corrections: corrections.map(([text, as]) => {
      const from = SOURCE.indexOf(text)
      assert.ok(from >= 0)
      return { from, to: from + text.length, as }
    }),
  })
  assertPlaced(reading)
  return reading.incidents[0]!
}

describe('a reviewer corrects', () => {
  test('without a correction the importer takes it for what it looks like', () => {
    const { sections, timeline, actions } = read()
    assert.deepEqual([Object.keys(sections), timeline.length, actions.length], [['summary'], 0, 0])
  })

  test('a sentence of a paragraph is the root cause', () => {
    const { sections } = read(['The battery was empty and nobody looks at batteries.', 'rootCause'])
    assert.equal(sections.rootCause?.value, 'The battery was empty and nobody looks at batteries.')
  })

  test('items are the timeline, a paragraph is an action', () => {
    const { timeline, actions } = read(
      ['10:00 UTC dark\n- 10:47 UTC light', 'timeline'],
      ['We will look at batteries every spring.', 'actions'],
    )
    assert.deepEqual(
      timeline.map(({ at, text }) => [at?.value, text.value]),
      [
        ['2021-03-05T10:00Z', 'dark'],
        ['2021-03-05T10:47Z', 'light'],
      ],
    )
    assert.deepEqual(
      actions.map(({ text }) => text.value),
      ['We will look at batteries every spring.'],
    )
  })

  test('what was read can be said to be nothing', () => {
    assert.equal(read().sections.summary?.value, 'The lamp went out.')
    assert.doesNotMatch(read(['The lamp went out.', 'nothing']).sections.summary?.value ?? '', /lamp/)
  })

  test('a correction outside of every block changes nothing', () => {
    const reading = readText(SOURCE, {
      name: 'x.md',
      today: { year: 2026, month: 1, day: 31 },
      corrections: [{ from: 90_000, to: 90_001, as: 'summary' }],
    })
    assert.deepEqual(reading.incidents[0], read())
  })
})
