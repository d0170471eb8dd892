import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { prompt } from '../sections.rules.ts'
import { highlight, snippet } from './highlight.rules.ts'
import { toFts, toTsquery } from './match.rules.ts'
import { parseSearch, sideBySide, understood } from './parse-search.rules.ts'
import { plainText } from './plain-text.rules.ts'
import { fold, formsOf, rootOf, wordsIn } from './words.rules.ts'

const joined = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('')
const hits = (pieces: readonly { text: string; hit: boolean }[]) =>
  pieces.filter(({ hit }) => hit).map(({ text }) => text)
const any = fc.string({ unit: 'binary', maxLength: 200 })

describe('words', () => {
  test('have neither case nor accents, and signs part them', () => {
    assert.equal(fold('ZÜRICH É İ'), 'zurich e i')
    assert.deepEqual(
      wordsIn('docs.example.org:443 – Déjà_vu v1.2').map(({ word }) => word),
      ['docs', 'example', 'org', '443', 'deja', 'vu', 'v1', '2'],
    )
  })

  test('stand where they are said to stand', () => {
    fc.assert(
      fc.property(any, (text) => {
        let before = 0
        for (const { word, from, to } of wordsIn(text)) {
          assert.ok(from >= before && to > from)
          assert.equal(fold(text.slice(from, to)), word)
          before = to
        }
      }),
    )
  })

  test('English words are known in their usual forms', () => {
    const same: [string, string][] = [
      ['certificates', 'certificate'],
      ['certificate', 'certificates'],
      ['expired', 'expire'],
      ['expire', 'expiring'],
      ['expiring', 'expired'],
      ['failed', 'fail'],
      ['stopped', 'stop'],
      ['stop', 'stopped'],
      ['retry', 'retries'],
      ['retries', 'retrying'],
      ['crashes', 'crash'],
      ['crash', 'crashed'],
      ['restart', 'restarting'],
    ]
    for (const [typed, meant] of same) assert.ok(formsOf(typed).includes(meant), `${typed} → ${meant}`)
    for (const word of ['dns', '5xx', 'redis', 'status', 'access', 'żółć'])
      assert.equal(formsOf(word)[0], word)
    assert.equal(formsOf('dns').length, 1)
    assert.equal(rootOf('certificates'), rootOf('certificate'))
    assert.equal(rootOf('expired'), rootOf('expires'))
    assert.notEqual(rootOf('cache'), rootOf('cash'))
  })
})

describe('a search', () => {
  const said = (text: string) => understood(parseSearch(text))

  test('is words, phrases, beginnings, and what must not be there', () => {
    assert.deepEqual(said('disk full "no space left" repl* -raid -"power cut"'), {
      words: ['disk', 'full'],
      phrases: ['no space left'],
      beginnings: ['repl'],
      without: ['raid', 'power cut'],
    })
  })

  test('a name with signs in it is taken as it is written, side by side', () => {
    assert.deepEqual(said('docs.example.org').phrases, ['docs example org'])
    assert.deepEqual(said('db-07*').beginnings, ['db 07'])
    assert.deepEqual(said('well-known').without, [])
  })

  test('an open quotation, other quotation marks and signs alone break nothing', () => {
    assert.deepEqual(said('"to be').phrases, ['to be'])
    assert.deepEqual(said('“to be” or').phrases, ['to be'])
    assert.deepEqual(parseSearch(' - "" * ( ) : ^ '), { all: [], none: [] })
    assert.equal(said('one one One').words.length, 1)
  })

  test('has no more terms than the databases take, and holds nothing that is a sign of theirs', () => {
    fc.assert(
      fc.property(any, (text) => {
        const { all, none } = parseSearch(text.repeat(5))
        assert.ok(all.length + none.length <= 16)
        for (const term of [...all, ...none])
          for (const word of [...term.words, ...term.forms]) assert.match(word, /^[\p{L}\p{N}\p{Co}]+$/u)
      }),
    )
  })

  test('is written for either index', () => {
    const { all } = parseSearch('"no space" repl*')
    assert.equal(toFts(all), '"no space" AND "repl" *')
    assert.equal(toTsquery(all), "('no' <-> 'space') & ('repl':*)")
    assert.equal(sideBySide(parseSearch('one')), null)
    assert.deepEqual(sideBySide(parseSearch('blue whale'))?.words, ['blue', 'whale'])
  })
})

describe('what was found', () => {
  test('is marked in the text as it stands, accents, case and forms included', () => {
    assert.deepEqual(
      hits(highlight('Zürich: certificates EXPIRED, expiry not', parseSearch('zurich expires certificate'))),
      ['Zürich', 'certificates', 'EXPIRED'],
    )
    assert.deepEqual(hits(highlight('no space left on it; no room', parseSearch('"no space left"'))), [
      'no space left',
    ])
    assert.deepEqual(hits(highlight('replica, reply', parseSearch('repli*'))), ['replica'])
    assert.deepEqual(hits(highlight('left right', parseSearch('-left right'))), ['right'])
  })

  test('joined again, the pieces are the text', () => {
    fc.assert(
      fc.property(any, any, (text, search) => {
        assert.equal(joined(highlight(text, parseSearch(search))), text)
      }),
    )
  })

  test('is shown at the place that has the most different words, cut between words', () => {
    const text = `${'alpha filler words go on. '.repeat(40)}here beta meets alpha and gamma. ${'more filler. '.repeat(40)}`
    const shown = snippet(text, parseSearch('alpha beta gamma'))
    assert.ok(hits(shown).includes('beta') && hits(shown).includes('gamma'), joined(shown))
    assert.match(joined(shown), /^… .* …$/s)
    assert.ok(joined(shown).length < 300)
    assert.deepEqual(hits(snippet(text, parseSearch('nothing'))), [])
  })

  test('no text makes a snippet that is not of it, or that is endless', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_500 }), any, (text, search) => {
        const shown = joined(snippet(text, parseSearch(search)))
        assert.ok(shown.length <= 260)
        const plain = text.replaceAll(/\s+/gu, ' ').trim()
        assert.ok(plain.includes(shown.replace(/^… /, '').replace(/ …$/, '')))
      }),
    )
  })
})

describe('Markdown as people read it', () => {
  test('loses its signs and the blanks of a draft', () => {
    assert.equal(
      plainText(
        `# Title\n\n## Impact\n\n${prompt('who.')}\n\n## Summary\n\nThe **disk** was \`full\`; see [the note](https://example.org/n).\n\n${prompt('who felt it.')}\n\n- 5 \\* 3`,
      ),
      'Title: Summary:\nThe disk was full; see the note (https://example.org/n).\n\n- 5 * 3',
    )
  })

  test('a prompt beside what was written goes alone', () => {
    assert.equal(plainText(`Before.\n${prompt('what, in two sentences.')}\nAfter.`), 'Before.\n\nAfter.')
  })
})
