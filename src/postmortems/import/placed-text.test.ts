import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeEntities } from './markup/entities.ts'
import { plainInline } from './markup/inline.ts'
import { cut, edit, join, linesOf, oneLine, place, spanOf, trim } from './placed-text.ts'

const slice = (source: string, { from, to }: { from: number; to: number }) => source.slice(from, to)

describe('text that knows its place', () => {
  test('a part of a part stands where it stood', () => {
    const source = 'The disk of the server is full.'
    const part = trim(cut(cut(place(source), 3, 20), 1, 10))
    assert.equal(part.text, 'disk of t')
    assert.equal(slice(source, spanOf(part)), 'disk of t')
  })

  test('what an edit writes stands for what it replaced', () => {
    const source = 'a &amp; b &lt;c&gt;'
    const decoded = decodeEntities(place(source))
    assert.equal(decoded.text, 'a & b <c>')
    assert.equal(slice(source, spanOf(decoded, 2, 3)), '&amp;')
    assert.equal(slice(source, spanOf(decoded, 6, 9)), '&lt;c&gt;')
    const twice = decodeEntities(decodeEntities(place('x &amp;lt; y')))
    assert.equal(twice.text, 'x < y')
    assert.equal(slice('x &amp;lt; y', spanOf(twice, 2, 3)), '&amp;lt;')
  })

  test('texts put together keep each its place; the glue has none', () => {
    const source = 'one\n> two\n> three'
    const [a, b, c] = linesOf(place(source))
    const whole = join([a!, cut(b!, 2), cut(c!, 2)], ' ')
    assert.equal(whole.text, 'one two three')
    assert.equal(slice(source, spanOf(whole)), source)
    assert.equal(slice(source, spanOf(whole, 4, 7)), 'two')
  })

  test('for all texts and edits, what was not edited is found in the source', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(60), fc.nat(5), fc.string({ maxLength: 3 })), { maxLength: 6 }),
        fc.nat(60),
        fc.nat(60),
        (source, raw, a, b) => {
          const edits = raw
            .map(([from, length, text]) => ({
              from: Math.min(from, source.length),
              to: Math.min(from + length, source.length),
              text,
            }))
            .sort((x, y) => x.from - y.from)
          const edited = edit(place(source), edits)
          const part = cut(edited, Math.min(a, b), Math.max(a, b))
          assert.equal(part.text, edited.text.slice(Math.min(a, b), Math.max(a, b)))
          assert.equal(
            part.runs.reduce((sum, run) => sum + run.length, 0),
            part.text.length,
          )
          for (const run of part.runs)
            if (run.length === run.to - run.from && !edits.some(({ text }) => text !== ''))
              assert.equal(source.slice(run.from, run.to), part.text.slice(run.at, run.at + run.length))
          const { from, to } = spanOf(part)
          assert.ok(from >= 0 && from <= to && to <= source.length)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('lines are those of the text, with either end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', ' ', 'bc')), (parts) => {
        const text = parts.join('')
        assert.deepEqual(
          linesOf(place(text)).map((line) => line.text),
          text.split(/\r?\n/),
        )
      }),
    )
  })
})

describe('marks of Markdown', () => {
  for (const [marked, plain] of [
    ['**bold** and *slanted* and __both__ and ~~gone~~', 'bold and slanted and both and gone'],
    ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
    ['`code with *stars*` and ``a ` tick``', 'code with *stars* and a ` tick'],
    ['[text](https://example.org/a_(b)) and [other][ref]', 'text and other'],
    ['[#12]: a bracket, [x] a box', '[#12]: a bracket, [x] a box'],
    ['![picture](a.png) after', 'after'],
    ['<https://example.org> and <b>tag</b><br>line', 'https://example.org and tag\nline'],
    ['a <!-- hidden --> b', 'a  b'],
    ['5 < 6 and 7 > 3', '5 < 6 and 7 > 3'],
    ['\\*not bold\\* &amp; &unknown;', '*not bold* & &unknown;'],
    ['[[nested](https://example.org)]', '[nested]'],
    ['unclosed `tick and [bracket and **star', 'unclosed `tick and [bracket and star'],
  ] as const)
    test(JSON.stringify(marked), () => assert.equal(trim(plainInline(place(marked)).text).text, plain))

  test('links keep their address and place, labels their length', () => {
    const { text, links, bold } = plainInline(
      place('**Impact:** see [the page](https://example.org/x "title")'),
    )
    assert.equal(text.text, 'Impact: see the page')
    assert.equal(bold, 'Impact:'.length)
    assert.deepEqual(
      links.map(({ href, from, to }) => [href, text.text.slice(from, to)]),
      [['https://example.org/x', 'the page']],
    )
  })

  test('whatever stands there, no letter is invented and none changes its order', () => {
    const piece = fc.constantFrom(
      'a',
      'b c',
      '*',
      '**',
      '_',
      '`',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '!',
      '~~',
      '\\',
      '\n',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
        const source = parts.join('')
        const letters = oneLine(plainInline(place(source)).text.text).replaceAll(/[^a-c]/g, '')
        let at = 0
        for (const letter of letters) {
          at = source.indexOf(letter, at) + 1
          assert.ok(at > 0)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
