import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readText } from './read-document.ts'
import { assertPlaced } from './spans-for-tests.ts'

const today = { year: 2026, month: 1, day: 31 }

/** The timeline of a document about the fifth of March 2021, as short lines. */
function timeline(body: string, { heading = '## Timeline (UTC)', format = 'markdown' } = {}): string[] {
  const reading = readText(
    `# The lamp, 5 March 2021\n\n## Summary\n\nIt was dark.\n\n${heading}\n\n${body}\n`,
    { name: 'x', format, today },
  )
  assertPlaced(reading)
  return reading.incidents[0]!.timeline.map(({ at, end, approx, text }) => {
    const time = at === null ? 'no time' : at.value.replace('2021-03-05T', '').replace('Z', '')
    return `${approx ? '~' : ''}${time}${end ? `-${end.value.replace('2021-03-05T', '').replace('Z', '')}` : ''} ${text.value}`
  })
}
const EXPECTED = ['10:00 dark', '10:30 a guard calls', '11:00 light again']

describe('the same timeline in many layouts', () => {
  for (const [what, body] of [
    ['a list', '- 10:00 dark\n- 10:30 a guard calls\n- 11:00 light again'],
    ['a counted list', '1. 10:00 dark\n2. 10:30 a guard calls\n3. 11:00 light again'],
    ['brackets', '* [10:00] dark\n* [10:30] a guard calls\n* [11:00] light again'],
    ['bold', '- **10:00**: dark\n- **10:30**: a guard calls\n- **11:00**: light again'],
    ['bold over all', '- **10:00 - dark**\n- 10:30 - a guard calls\n- **11:00 - light again**'],
    ['code', '- `10:00` dark\n- `10:30` a guard calls\n- `11:00` light again'],
    ['lines of a paragraph', '10:00 dark\n10:30 a guard calls\n11:00 light again'],
    ['paragraphs', '10:00 — dark\n\n10:30 — a guard calls\n\n11:00 — light again'],
    ['times on lines of their own', '10:00\n\ndark\n\n10:30\n\na guard calls\n\n11:00\n\nlight again'],
    [
      'times as items, words below',
      '- 10:00\n\n  dark\n\n- 10:30\n\n  a guard calls\n\n- 11:00\n\n  light again',
    ],
    [
      'times as items, words as deeper items',
      '- 10:00\n  - dark\n- 10:30\n  - a guard calls\n- 11:00\n  - light again',
    ],
    ['headings', '### 10:00\n\ndark\n\n### 10:30\n\na guard calls\n\n### 11:00\n\nlight again'],
    ['headings with words', '### 10:00: dark\n\n### 10:30: a guard calls\n\n### 11:00: light again'],
    ['headings of the same depth', '## 10:00: dark\n\n## 10:30: a guard calls\n\n## 11:00: light again'],
    [
      'headings with the time at the end',
      '### dark (10:00 UTC)\n\n### a guard calls (10:30 UTC)\n\n### light again (11:00 UTC)',
    ],
    [
      'a table',
      '| Time | Event |\n|---|---|\n| 10:00 | dark |\n| 10:30 | a guard calls |\n| 11:00 | light again |',
    ],
    [
      'a table without names',
      '| | |\n|---|---|\n| 10:00 | dark |\n| 10:30 | a guard calls |\n| 11:00 | light again |',
    ],
    [
      'a table with the day apart',
      '| Date | Time | Event |\n|---|---|---|\n| 2021-03-05 | 10:00 | dark |\n| 2021-03-05 | 10:30 | a guard calls |\n| | 11:00 | light again |',
    ],
    [
      'a table with the time last',
      '| Event | Time |\n|---|---|\n| dark | 10:00 |\n| a guard calls | 10:30 |\n| light again | 11:00 |',
    ],
    ['a list below a day', '### 2021-03-05\n\n- 10:00 dark\n- 10:30 a guard calls\n- 11:00 light again'],
    [
      'deeper items below a day',
      '- 5 March 2021\n  - 10:00 dark\n  - 10:30 a guard calls\n  - 11:00 light again',
    ],
    ['a day in bold', '**5 March 2021**\n\n- 10:00 dark\n- 10:30 a guard calls\n- 11:00 light again'],
    [
      'whole stamps',
      '- 2021-03-05T10:00:00Z dark\n- 2021-03-05T10:30:00Z a guard calls\n- 2021-03-05T11:00:00Z light again',
    ],
    [
      'days first',
      '- 05.03.2021 10:00 dark\n- 05.03.2021 10:30 a guard calls\n- 05.03.2021 11:00 light again',
    ],
    ['twelve hours', '- 10:00 am dark\n- 10:30 am a guard calls\n- 11:00 am light again'],
    ['times at the end', '- dark (10:00)\n- a guard calls (10:30)\n- light again (11:00)'],
    ['the newest first', '- 11:00 light again\n- 10:30 a guard calls\n- 10:00 dark'],
    [
      'with words before and after',
      'We tell it as it was.\n\n- 10:00 dark\n- 10:30 a guard calls\n- 11:00 light again\n\nThat took an hour.',
    ],
    ['emoji', '- 🔥 10:00 dark\n- 📞 10:30 a guard calls\n- ✅ 11:00 light again'],
  ] as const)
    test(what, () => assert.deepEqual(timeline(body), EXPECTED))

  test('under a heading that names no timeline', () => {
    assert.deepEqual(
      timeline('- 10:00 UTC dark\n- 10:30 UTC a guard calls\n- 11:00 UTC light again', {
        heading: '## The night of the lamp',
      }),
      EXPECTED,
    )
  })
})

describe('what entries say', () => {
  test('spans of time have their end', () => {
    assert.deepEqual(
      timeline('- 10:00 - 10:20 dark\n- ~10:30–11:00: light comes and goes\n- 11:30 onwards all is well'),
      ['10:00-10:20 dark', '~10:30-11:00 light comes and goes', '11:30 all is well'],
    )
    assert.deepEqual(timeline('| From | To | What |\n|---|---|---|\n| 10:00 | 10:20 | dark |'), [
      '10:00-10:20 dark',
    ])
  })
  test('what is deeper belongs to its entry, unless it has a time of its own', () => {
    assert.deepEqual(
      timeline('- 10:00 dark\n  - in all rooms\n  - 10:05 also in the cellar\n- 10:30 a guard calls'),
      ['10:00 dark in all rooms', '10:05 also in the cellar', '10:30 a guard calls'],
    )
  })
  test('a table says who and what', () => {
    assert.deepEqual(timeline('| Time | Who | What |\n|---|---|---|\n| 10:30 | guard | calls |'), [
      '10:30 guard — calls',
    ])
  })
  test('an entry without a time stays one, and has none', () => {
    assert.deepEqual(timeline('- 10:00 dark\n- somebody shouts\n- 10:30 a guard calls'), [
      '10:00 dark',
      'no time somebody shouts',
      '10:30 a guard calls',
    ])
  })
  test('other sections, logs and chat are no timeline', () => {
    const text =
      '- 10:00 dark\n- 10:30 a guard calls\n- 11:00 light again\n\n## Appendix: chat logs\n\n> ana [10:01]\n> is it dark?\n\n10:02 bo: yes\n\n```\n10:03 error\n```\n\n## Action items\n\n- 10:00 is too late for a check: do it at 9:00'
    assert.deepEqual(timeline(text), EXPECTED)
  })
  test('midnight passes', () => {
    assert.deepEqual(timeline('- 23:50 dark\n- 00:10 a guard calls\n- 2021-03-06 01:00 light again'), [
      '23:50 dark',
      '2021-03-06T00:10 a guard calls',
      '2021-03-06T01:00 light again',
    ])
  })
  test('the zone is that of the heading, of a sentence, of the column, or of the entry', () => {
    const at = (body: string, heading: string) => timeline(body, { heading })[0]
    assert.equal(at('- 10:00 dark', '## Timeline (CET)'), '10:00+01:00 dark')
    assert.equal(at('All times are in PST.\n\n- 10:00 dark', '## Timeline'), '10:00-08:00 dark')
    assert.equal(at('| Time (EST) | Event |\n|---|---|\n| 10:00 | dark |', '## Timeline'), '10:00-05:00 dark')
    assert.equal(at('- 10:00 JST dark', '## Timeline (CET)'), '10:00+09:00 dark')
    assert.equal(at('Times are Pacific Standard Time\n\n- 10:00 dark', '## Timeline'), '10:00-08:00 dark')
  })
})

test('what stands beside a time in its cell comes after the word of the row, as it stands in the source', () => {
  assert.deepEqual(
    timeline(
      '| | |\n|---|---|\n| **Start** | 10:00 the lamp goes out |\n| **End** | 11:00 the light is back |',
    ),
    ['10:00 Start — the lamp goes out', '11:00 End — the light is back'],
  )
})
