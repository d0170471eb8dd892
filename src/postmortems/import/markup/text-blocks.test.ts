import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { short } from '../blocks-for-tests.ts'
import { place, spanOf } from '../placed-text.ts'
import { standsThere } from '../spans-for-tests.ts'
import { textBlocks } from './text-blocks.ts'

function blocks(text: string, options: { quotes?: boolean } = {}): string[] {
  const read = textBlocks(place(text), options)
  if (!options.quotes)
    for (const block of read.blocks)
      if (block.kind !== 'break' && block.kind !== 'row')
        assert.equal(
          standsThere(text, { value: block.text.text, span: spanOf(block.text), confidence: 1 }),
          null,
        )
  return read.blocks.map(short)
}
const twice = (text: string) =>
  text
    .split('\n')
    .map((line) => `${line}\n\n${line}\n`)
    .join('\n')

describe('text without markup', () => {
  const cases: [string, string, string[]][] = [
    [
      'names of sections are headings, with or without a colon',
      'Title of it\n\nSummary\n\nDark.\n\nRoot cause:\n\nBattery.\n',
      [
        'paragraph: Title of it',
        'heading2: Summary',
        'paragraph: Dark.',
        'heading2: Root cause:',
        'paragraph: Battery.',
      ],
    ],
    [
      'underlined lines are headings',
      'One\n===\ntext\n\nTwo\n---\ntext\n',
      ['heading1: One', 'paragraph: text', 'heading2: Two', 'paragraph: text'],
    ],
    [
      'lines with hashes are headings',
      '# One\n## Two\ntext\n',
      ['heading1: One', 'heading2: Two', 'paragraph: text'],
    ],
    [
      'labels with words after them',
      'Impact: nobody could see\nDetection: a guard called\n',
      ['heading2: Impact', 'paragraph: nobody could see', 'heading3: Detection', 'paragraph: a guard called'],
    ],
    [
      'bullets of all kinds, deeper by their indent',
      '• a\n  – b\n- c\n1. d\n  a) e\n▪ f\n',
      ['item0: a', 'item1: b', 'item0: c', 'item0 (ordered): d', 'item1 (ordered): e', 'item0: f'],
    ],
    [
      'boxes',
      '[x] a\n- [ ] b\n☑ c\n☐ d\n',
      ['item0 (ticked): a', 'item0 (box): b', 'item0 (ticked): c', 'item0 (box): d'],
    ],
    [
      'wrapped items',
      '- one that is long enough to\n  be wrapped\n- two\n',
      ['item0: one that is long enough to\nbe wrapped', 'item0: two'],
    ],
    [
      'lines that begin with a time',
      '10:00 dark\n10:30 a guard calls, who\nis late\n[11:00] light\n',
      ['paragraph: 10:00 dark', 'paragraph: 10:30 a guard calls, who\nis late', 'paragraph: [11:00] light'],
    ],
    [
      'the first line of a slide is its heading',
      'Lamps\n\nRobin\n\n\n\nGood and bad\n\nWhat went well:\n\n• light\n',
      [
        'paragraph: Lamps',
        'paragraph: Robin',
        'heading2: Good and bad',
        'heading2: What went well:',
        'item0: light',
      ],
    ],
    [
      'a sentence after empty lines is no heading',
      'a\n\n\n\nThis is a sentence.\n',
      ['paragraph: a', 'paragraph: This is a sentence.'],
    ],
    ['rules', 'a\n\n-----\n\nb\n', ['paragraph: a', 'break: -----', 'paragraph: b']],
    [
      'tables with tabs',
      'Time\tWhat\n10:00\tdark\n10:30\tlight\n',
      ['row: Time | What', 'row: 10:00 | dark', 'row: 10:30 | light'],
    ],
    ['one line with a tab is none', 'a\tb\n\nc\n', ['paragraph: a b', 'paragraph: c']],
    ['marks of Markdown, which slides keep', '- **bold** [link](#)\n', ['item0 (bold 4): bold link']],
  ]
  for (const [what, text, expected] of cases) test(what, () => assert.deepEqual(blocks(text), expected))

  test('in mails the depth of quoting is told', () => {
    assert.deepEqual(
      blocks('I say\n> you said\n>> I had said\n> > and this\n\n> - item\n', { quotes: true }),
      [
        'paragraph: I say',
        'paragraph (quote 1): you said',
        'paragraph (quote 2): I had said\nand this',
        'item0 (quote 1): item',
      ],
    )
  })
})

describe('text as exports spoil it', () => {
  const lines = [
    'Summary',
    'The lamp was dark because its battery was',
    'empty',
    'Timeline',
    '10:00',
    ' - dark',
    '10:30',
    ' - light',
    'Next steps',
    'Change the battery',
  ]

  test('doubled lines are read once, and it is said', () => {
    const { blocks, notes } = textBlocks(place(twice(lines.join('\n'))))
    assert.deepEqual(
      notes.map(({ code }) => code),
      ['doubled-lines'],
    )
    assert.equal(blocks.filter(({ text }) => text.text === 'Change the battery').length, 1)
    assert.ok(
      blocks.some(
        ({ text }) => text.text.replaceAll('\n', ' ') === 'The lamp was dark because its battery was empty',
      ),
    )
  })

  test('lines that are twice by chance stay twice', () => {
    const { blocks, notes } = textBlocks(place('Timeline\n- a\n- a\n- b\n- c\n- c\n- d\n- e\n- f\n- g\n'))
    assert.equal(notes.length, 0)
    assert.equal(blocks.length, 10)
  })

  test('an empty line after every line means nothing where lines are wrapped', () => {
    const spread = [
      'Summary',
      'The lamp of the second floor was dark for',
      'almost an hour, since the battery was',
      'empty and nobody looks at it',
      'Impact',
      'All rooms of the floor were dark, and a',
      'guard fell',
      'Resolution',
      'The battery was changed',
      'Lessons learned',
      'Look at batteries',
      'Look at lamps',
      'Look at guards',
    ]
    const read = blocks(`${spread.join('\n\n')}\n`)
    assert.ok(
      read.includes(
        'paragraph: The lamp of the second floor was dark for\nalmost an hour, since the battery was\nempty and nobody looks at it',
      ),
    )
    assert.ok(read.includes('paragraph: Look at lamps'))
  })
})
