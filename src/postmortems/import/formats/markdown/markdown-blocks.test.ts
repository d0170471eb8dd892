import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from '../../blocks-for-tests.ts'
import { markdown } from './index.ts'

const cases: [string, string, string[]][] = [
  [
    'headings of both kinds',
    '# One\n\nTwo\n---\n\n### **Three** ###\n',
    ['heading1: One', 'heading2: Two', 'heading3 (bold 5): Three'],
  ],
  [
    'lists within lists, with wrapped lines',
    '- one\n  goes on\n  - two\n    1. three\n- [x] four\n- [ ] five\n\n  a second paragraph\n',
    [
      'item0: one\ngoes on',
      'item1: two',
      'item2 (ordered): three',
      'item0 (ticked): four',
      'item0 (box): five',
      'paragraph: a second paragraph',
    ],
  ],
  [
    'a lazy line goes on with its item',
    '* [10:00] one\n          and more\n',
    ['item0: [10:00] one\nand more'],
  ],
  [
    'tables',
    '| Time | What |\n|:--|--|\n| 10:00 | **a** \\| b |\n| 10:05 |  |\n',
    ['row (header): Time | What', 'row: 10:00 | a | b', 'row: 10:05 | '],
  ],
  ['two cells that say the same', '| a | a |\n|---|---|\n| x | x |\n', ['row (header): a | a', 'row: x | x']],
  ['quotes', '> one\n> > two\n', ['paragraph (quote 1): one', 'paragraph (quote 2): two']],
  ['code is one block', '```\n# no heading\n- no item\n```\n', ['code: ```\n# no heading\n- no item\n```']],
  ['deep indents are no code', '- a\n\n        still a\n', ['item0: a', 'paragraph: still a']],
  [
    'HTML within',
    '<table><tr><td>10:00</td><td>a</td></tr></table>\n\n<!-- gone -->\n\ntext\n',
    ['row: 10:00 | a', 'paragraph: text'],
  ],
  [
    'labels are bold at the beginning',
    '**Impact:** none\n\nnot **here**\n',
    ['paragraph (bold 7): Impact: none', 'paragraph: not here'],
  ],
  ['struck out', '- ~~given up~~\n', ['item0 (struck): given up']],
  ['a rule', 'a\n\n---\n\nb\n', ['paragraph: a', 'break: ---', 'paragraph: b']],
  ['lines with ends of Windows', '# One\r\n\r\n- a\r\n- b\r\n', ['heading1: One', 'item0: a', 'item0: b']],
]
for (const [what, text, expected] of cases)
  test(what, () => assert.deepEqual(blocksOf(markdown, text), expected))

test('front matter gives title and date, and is no text', () => {
  for (const [text, title, date] of [
    ['---\ntitle: "A \\"b\\""\ndate: 2020-01-02\ntags: [x]\n---\n# H\n', 'A "b"', '2020-01-02'],
    ["+++\ntitle = 'Crates'\ndate = 2020-01-02\n[extra]\nteam = 'x'\n+++\n# H\n", 'Crates', '2020-01-02'],
    ['# H\n---\ntitle: no\n---\n', undefined, undefined],
    ['---\nno end of it\n# H\n', undefined, undefined],
  ] as const) {
    const [piece] = markdown.read(text).pieces
    assert.deepEqual([piece!.title?.text, piece!.date?.text], [title, date])
    assert.ok(piece!.blocks.some((block) => block.text.text.includes('H')))
  }
})

test('links stand where they stand', () => {
  const [piece] = markdown.read(
    '- see [the page](https://example.org/a) and <https://example.org/b>\n',
  ).pieces
  const block = piece!.blocks[0]!
  assert.deepEqual(
    block.links.map(({ href, from, to }) => [href, block.text.text.slice(from, to)]),
    [
      ['https://example.org/a', 'the page'],
      ['https://example.org/b', 'https://example.org/b'],
    ],
  )
})
