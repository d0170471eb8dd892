import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from '../../blocks-for-tests.ts'
import { asciidoc } from './index.ts'

const cases: [string, string, string[]][] = [
  ['headings', '= Title\n\n== One\n\n=== Two\n', ['heading1: Title', 'heading2: One', 'heading3: Two']],
  [
    'lists',
    '* a\n** b\n. c\n.. d\n- e\n* [x] f\n* [ ] g\n',
    [
      'item0: a',
      'item1: b',
      'item0 (ordered): c',
      'item1 (ordered): d',
      'item0: e',
      'item0 (ticked): f',
      'item0 (box): g',
    ],
  ],
  ['an item over lines', '* a\nb\n+\nc\n', ['item0: a\nb\nc']],
  [
    'definitions, beside or below',
    '10:00:: a\n10:05::\n  b\n\n10:10::\n\nc\n',
    ['definition: 10:00 :: a', 'definition: 10:05 :: b', 'definition: 10:10 :: c'],
  ],
  [
    'tables with rows on lines',
    '|===\n|Time |What\n\n|10:00 |a\n|10:05 |b\n|===\n',
    ['row (header): Time | What', 'row: 10:00 | a', 'row: 10:05 | b'],
  ],
  [
    'tables with cells on lines',
    '[cols="1,2"]\n|===\n|Time |What\n\n|10:00\n|a\n\n|10:05\n|b\n|===\n',
    ['row (header): Time | What', 'row: 10:00 | a', 'row: 10:05 | b'],
  ],
  [
    'links and marks',
    'See https://example.org[the site] and link:x.html[a page], *bold*, `code`.\n',
    ['paragraph: See the site and a page, bold, code.'],
  ],
  ['block titles are labels', '.What went well\n* a\n', ['paragraph (bold 14): What went well', 'item0: a']],
  [
    'comments, attributes, code',
    ':toc: left\n// hidden\n[source,sh]\n----\n* no item\n----\n////\nhidden\n////\ntext\n',
    ['code: * no item', 'paragraph: text'],
  ],
]
for (const [what, text, expected] of cases)
  test(what, () => assert.deepEqual(blocksOf(asciidoc, text), expected))

test('the revision date is the date of the document', () => {
  const [piece] = asciidoc.read('= T\n:revdate: 2020-01-02\n').pieces
  assert.equal(piece!.date?.text, '2020-01-02')
})
