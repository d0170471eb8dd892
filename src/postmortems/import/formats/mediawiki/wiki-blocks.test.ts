import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksAnywhere, blocksOf } from '../../blocks-for-tests.ts'
import { mediawiki } from './index.ts'

const cases: [string, string, string[]][] = [
  ['headings', '== One ==\n=== Two===\n', ['heading2: One', 'heading3: Two']],
  [
    'lists of all depths',
    '* a\n** b\n# c\n#* d\n',
    ['item0: a', 'item1: b', 'item0 (ordered): c', 'item1: d'],
  ],
  ['paragraphs go over lines', 'one\ntwo\n\nthree\n', ['paragraph: one\ntwo', 'paragraph: three']],
  [
    'marks and links',
    "'''Bold''' and ''slanted'', [[Page|a page]], [[Other]], [https://example.org the site], [https://example.org]\n",
    ['paragraph (bold 4): Bold and slanted, a page, Other, the site, https://example.org'],
  ],
  [
    'definitions on one line or two',
    '; Time : 10:00\n; Term\n: meaning\n',
    ['definition: Time :: 10:00', 'definition: Term :: meaning'],
  ],
  [
    'tables with heads, attributes and cells on one line',
    '{| class="wikitable"\n|+ Caption\n! Time !! What\n|-\n| 10:00 || style="x" | a\n|-\n| 10:05\n| b\nc\n|}\n',
    ['row (header): Time | What', 'row: 10:00 | a', 'row: 10:05 | b\nc'],
  ],
  [
    'states written as templates',
    '* {{done}} One\n* {{Doing}} Two\n* {{unknown|x}} Three\n',
    ['item0: [DONE] One', 'item0: [IN PROGRESS] Two', 'item0: Three'],
  ],
  [
    'what is not shown',
    '__NOTOC__\n[[Category:Incidents]]\n{{Navigation}}\ntext<ref>note</ref> <!-- hidden -->end\n',
    ['paragraph: text note end'],
  ],
  [
    'preformatted text is code',
    '<pre>\n* no item\n</pre>\n<syntaxhighlight lang="sh">x</syntaxhighlight>\n',
    ['code: * no item'],
  ],
]
for (const [what, text, expected] of cases)
  test(what, () => {
    // What is put in the place of a template is not found as a word.
    const read = what.startsWith('states') ? blocksAnywhere : blocksOf
    assert.deepEqual(read(mediawiki, text), expected)
  })

test('the head of a page gives its title and date', () => {
  const [piece] = mediawiki.read(
    '<pre>\n  Number: 7\n  Title: The lamp\n  Created: 2020-01-02\n</pre>\n== A ==\n',
  ).pieces
  assert.deepEqual([piece!.title?.text, piece!.date?.text], ['The lamp', '2020-01-02'])
})
