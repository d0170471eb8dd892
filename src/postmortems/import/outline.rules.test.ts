import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { markdownBlocks } from './formats/markdown/markdown-blocks.ts'
import { outline, splitIncidents } from './outline.rules.ts'
import { place } from './placed-text.ts'

const sections = (text: string) => outline(markdownBlocks(place(text)))
/** The sections with what they hold, without those that hold nothing. */
const shape = (text: string) =>
  sections(text)
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ topic, blocks }) => `${topic}: ${blocks.map((block) => block.text.text).join(' / ')}`)

describe('blocks under their sections', () => {
  test('a sub-heading that names nothing belongs to its section, the next heading ends it', () => {
    assert.deepEqual(
      shape(
        '# T\n\nintro\n\n## Root cause\n\na\n\n### The wire\n\nb\n\n## The weather\n\nc\n\n## Impact\n\nd\n',
      ),
      ['null: intro', 'rootCause: a / The wire / b', 'null: c', 'impact: d'],
    )
  })
  test('headings below a list group its entries', () => {
    assert.deepEqual(
      shape(
        '## Actions\n\n### Detection\n\n- a\n\n### Mitigation\n\n- b\n\n### Resolution\n\nIt was mended.\n',
      ),
      ['actions: Detection / a / Mitigation / b', 'resolution: It was mended.'],
    )
    assert.deepEqual(shape('## Timeline\n\n### Detection\n\n- 10:00 a\n\n### Resolution\n\n- 11:00 b\n'), [
      'timeline: Detection / 10:00 a / Resolution / 11:00 b',
    ])
  })
  test('lists below lessons are lists of their own', () => {
    assert.deepEqual(
      shape(
        '## Lessons learned\n\n### What went well\n\n- a\n\n### What went wrong\n\n- b\n\n### Where we got lucky\n\n- c\n\n## Actions\n\n- d\n',
      ),
      ['wentWell: a', 'wentWrong: b', 'lucky: c', 'actions: d'],
    )
  })
  test('labels in bold begin sections, also as items with what is below them', () => {
    assert.deepEqual(shape('# T\n\n**Summary:** a\n\n**Impact**: b\n\n**Timeline**\n\n- 10:00 c\n'), [
      'summary: a',
      'impact: b',
      'timeline: 10:00 c',
    ])
    assert.deepEqual(
      shape(
        '# T\n\n- **Impact**: a\n- **Resolution**:\n  - b\n  - c\n- something else\n- **Actions**:\n  - d\n',
      ),
      ['impact: a', 'resolution: b / c', 'null: something else', 'actions: d'],
    )
  })
  test('labels within a list are part of its entries', () => {
    assert.deepEqual(shape('## What went wrong\n\n- **Detection:** late\n- **Impact:** large\n'), [
      'wentWrong: Detection: late / Impact: large',
    ])
    assert.deepEqual(shape('## Impact\n\n**Severity:** high\n\n**Duration:** long\n'), [
      'impact: Severity: high / Duration: long',
    ])
  })
  test('an action told in a paragraph of its own', () => {
    assert.deepEqual(shape('## Remediation\n\n- a\n\n**Action item:** change the battery\n'), [
      'remediation: a',
      'actions: change the battery',
    ])
  })
})

describe('several incidents', () => {
  const one = (name: string) =>
    `# ${name}\n\n## Summary\n\na\n\n## Timeline\n\n- 10:00 b\n\n## Root cause\n\nc\n\n## Actions\n\n- d\n\n`
  const titles = (text: string) =>
    splitIncidents(sections(text)).map((part) => part[0]!.heading?.text.text ?? null)

  test('begin where the core sections come again, with the heading above them', () => {
    assert.deepEqual(titles(one('First') + one('Second') + one('Third')), ['First', 'Second', 'Third'])
  })
  test('one with a second summary at its end is one', () => {
    assert.equal(titles(`${one('First')}## Summary\n\nagain\n`).length, 1)
  })
  test('one whose sections are told by label and by heading is one', () => {
    assert.equal(
      titles('# T\n\n**Summary**\n\na\n\n## Summary\n\nb\n\n## Impact\n\nc\n\n## Timeline\n\n- 10:00 d\n')
        .length,
      1,
    )
  })
  test('one with a timeline for each day is one', () => {
    assert.equal(
      titles(
        '# T\n\n## Summary\n\na\n\n## Timeline\n\n### 5 March\n\n- 10:00 b\n\n### 6 March\n\n- 10:00 c\n\n## Impact\n\nd\n',
      ).length,
      1,
    )
  })
})
