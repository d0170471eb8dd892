import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { blocksAnywhere, blocksOf } from '../../blocks-for-tests.ts'
import { feed } from '../feed/index.ts'
import { html } from './index.ts'

describe('HTML', () => {
  const cases: [string, string, string[]][] = [
    [
      'headings and paragraphs',
      '<h1>One</h1><p>Two<br>three</p>four',
      ['heading1: One', 'paragraph: Two\nthree', 'paragraph: four'],
    ],
    ['breaks of the source are spaces', '<p>one\n two</p>', ['paragraph: one two']],
    [
      'lists within lists',
      '<ul><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li></ul>',
      ['item0: a', 'item1 (ordered): b', 'item0: c', 'paragraph: d'],
    ],
    [
      'definitions, with what editors put between',
      '<dl><dt>10:00</dt><br><dd>a</dd><dt>10:05</dt><dd>b<br>c</dd></dl>',
      ['definition: 10:00 :: a', 'definition: 10:05 :: b\nc'],
    ],
    [
      'tables',
      '<table><thead><tr><th>Time<th>What</th></tr></thead><tr><td>10:00</td><td><p>a</p><p>b</p></td></tr></table>',
      ['row (header): What', 'row: 10:00 | a b'],
    ],
    [
      'entities',
      '<p>a &amp; b &lt;c&gt; &#8211; &#x2013; &nbsp;&unknown;</p>',
      ['paragraph: a & b <c> – – &unknown;'],
    ],
    [
      'labels',
      '<p><strong>Impact:</strong> none</p><p>not <b>here</b></p>',
      ['paragraph (bold 7): Impact: none', 'paragraph: not here'],
    ],
    [
      'what is not shown',
      '<head><title>x</title></head><script>if (a < b) "</p>"</script><style>p{}</style><!-- <p>no</p> --><p>yes</p>',
      ['paragraph: yes'],
    ],
    [
      'boxes',
      '<ul><li><input type="checkbox" checked> a</li><li><input type=checkbox> b</li></ul>',
      ['item0: [x] a', 'item0: [ ] b'],
    ],
    [
      'code and quotes',
      '<pre>a\n  b</pre><blockquote><p>c</p></blockquote>',
      ['code: a\n  b', 'paragraph (quote 1): c'],
    ],
    ['tags that are none', '<p>5 < 6 and a<b</p>', ['paragraph: 5 < 6 and a']],
    ['nothing is closed', '<ul><li>a<li>b<p>c', ['item0: a', 'item0: b', 'paragraph: c']],
    ['more is closed than was opened', '</ul></li></p></td></blockquote>a', ['paragraph: a']],
  ]
  for (const [what, text, expected] of cases)
    test(what, () => {
      // Signs that stand for a tag, and words that look like one, are not found as words.
      const read = ['boxes', 'tags that are none'].includes(what) ? blocksAnywhere : blocksOf
      assert.deepEqual(read(html, text), expected)
    })
})

describe('feeds', () => {
  const rss = (body: string) =>
    `<rss><channel><title>All</title><item><title>One &amp;amp; two</title><link>https://example.org/1</link><pubDate>Thu, 09 Jul 2020 23:18:40 +0000</pubDate>${body}</item></channel></rss>`
  test('an item is a document with title, address and date; the channel is none', () => {
    const { pieces } = feed.read(
      rss('<description>&lt;h2&gt;A&lt;/h2&gt;&lt;p&gt;b &amp;amp; c&lt;/p&gt;</description>'),
    )
    assert.equal(pieces.length, 1)
    assert.deepEqual(
      [pieces[0]!.title?.text, pieces[0]!.url?.text, pieces[0]!.date?.text.slice(0, 16)],
      ['One & two', 'https://example.org/1', 'Thu, 09 Jul 2020'],
    )
  })
  test('escaped and plain content read the same', () => {
    const escaped = rss(
      '<description>&lt;h2&gt;A&lt;/h2&gt;&lt;ul&gt;&lt;li&gt;b &amp;amp; c&lt;/li&gt;&lt;/ul&gt;</description>',
    )
    const plain = rss('<content:encoded><![CDATA[<h2>A</h2><ul><li>b &amp; c</li></ul>]]></content:encoded>')
    for (const text of [escaped, plain])
      assert.deepEqual(blocksOf(feed, text), ['heading2: A', 'item0: b & c'])
  })
  test('Atom has entries', () => {
    const { pieces } = feed.read(
      '<feed><title>x</title><entry><title>A</title><updated>2020-01-02T00:00:00Z</updated><content type="html">&lt;p&gt;b&lt;/p&gt;</content></entry><entry><title>C</title></entry></feed>',
    )
    assert.deepEqual(
      pieces.map(({ title, blocks }) => [title?.text, blocks.length]),
      [
        ['A', 1],
        ['C', 0],
      ],
    )
  })
  test('what is cut off is read as far as it goes', () => {
    assert.equal(feed.read('<rss><item><title>A</title><description>&lt;p&gt;b').pieces.length, 1)
  })
})
