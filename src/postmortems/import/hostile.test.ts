import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { TocsinError } from '../../kit/errors.ts'
import { FORMATS } from './formats/registry.ts'
import { readDocument, readText } from './read-document.ts'
import { misplaced } from './spans-for-tests.ts'

const FOLDER = resolve(import.meta.dirname, '../../../test/fixtures/postmortems')
const documents = readdirSync(FOLDER)
  .filter((name) => !name.endsWith('.expected.json'))
  .map((name) => ({ name, bytes: readFileSync(join(FOLDER, name)) }))
const today = { year: 2026, month: 1, day: 31 }
const names = FORMATS.map(({ name }) => name)

/** Reads it, or says in words of ours why not. */
async function readOrRefuse(content: Uint8Array | string, name: string, format?: string): Promise<void> {
  try {
    const reading = await readDocument(content, { name, today, format })
    const outside = misplaced(reading).filter((problem) => problem.includes('outside'))
    assert.deepEqual(outside, [])
  } catch (error) {
    if (!(error instanceof TocsinError)) throw error
  }
}

describe('documents that nobody wrote', () => {
  test('random bytes are read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom(...names, undefined),
        (bytes, format) => readOrRefuse(bytes, 'x', format),
      ),
      { numRuns: 1_500 },
    )
  })

  test('random text made of the signs of all formats is read in every format', async () => {
    const piece = fc.constantFrom(
      ...'#|*|-|`|[|]|(|)|<|>|&|=|:|{|}|~|_|\n|\n\n| |\t|10:30|2021-03-05|Summary|Timeline|Actions|done|<p>|</p>|<li>|<td>|<tr>|<dt>|<dd>|<br>|{{|}}|::|---|>|wrote:|From: a|Subject: b|&lt;|\ufeff|\u0000|é|😀'.split(
        '|',
      ),
      '|',
      "'''",
      '|===',
      '{|',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.constantFrom(...names), (parts, format) =>
        readOrRefuse(parts.join(''), 'x', format),
      ),
      { numRuns: 4_000 },
    )
  })

  test('documents with pieces cut out, doubled, moved and spoilt are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...documents),
        fc.array(fc.tuple(fc.nat(), fc.nat(400), fc.constantFrom('cut', 'double', 'move', 'flip')), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom(...names, undefined),
        async ({ name, bytes }, changes, format) => {
          let now = Buffer.from(bytes)
          for (const [where, length, how] of changes) {
            const from = where % (now.length + 1)
            const piece = now.subarray(from, from + length)
            const [before, after] = [now.subarray(0, from), now.subarray(from + length)]
            if (how === 'cut') now = Buffer.concat([before, after])
            else if (how === 'double') now = Buffer.concat([before, piece, piece, after])
            else if (how === 'move') now = Buffer.concat([after, piece, before])
            else now = Buffer.concat([before, piece.map((byte) => byte ^ 0x11), after])
          }
          await readOrRefuse(now, name, format)
        },
      ),
      { numRuns: 1_200 },
    )
  })
})

/** Each is a pattern's nightmare when it is repeated. A pattern that is not linear does not end in the time of a test. */
const TRAPS = [
  'a',
  ' ',
  '*',
  '_',
  '`',
  '[',
  '](',
  '[a](',
  '![',
  '<',
  '<a ',
  '<b>',
  '<script>',
  '<ul><li>',
  '<dl><dt>',
  '<!--',
  '&',
  '&#38;',
  '{{',
  "'''",
  '~~',
  '=',
  '#',
  '|',
  '>',
  '1',
  '10:00 ',
  '2020-01-01 ',
  'Jan 1, ',
  'Jan ',
  'a:',
  '- ',
  '. ',
  '(',
  '[DONE] ',
  'owner: ',
  'a@b ',
  'http://a ',
  'AB-1 ',
  'We are doing it. ',
  'took 5 hours ',
  'describe the ',
  '[insert ',
  '=?utf-8?q?a?= ',
  'for ',
  '\\',
]
const LINES = [
  '\n',
  'a\n',
  '- a\n',
  '# a\n',
  '> a\n',
  '10:00 a\n',
  '| a | b |\n',
  'a:: b\n',
  '* a\n== a ==\n',
  '      - a\n',
  'Summary\n',
  '<item><title>a</title></item>\n',
  'From a@b Mon Apr 1 10:00:00 2019\n\nSummary:\nx\n',
]
const BEFORE: Record<string, string> = {
  asciidoc: '= T\n\n== Actions\n\n',
  feed: '<rss><item><description>',
  html: '<html><h2>Actions</h2><p>',
  mail: 'From: a\nSubject: b\n\nSummary:\n',
  markdown: '# T\n\n## Summary\n\n## Actions\n\n',
  mediawiki: '== Timeline ==\n',
  pdf: 'Timeline\n',
  text: '',
}

describe('documents made to be slow', () => {
  for (const format of names)
    test(`${format}: 200 kB of every trap on one line`, { timeout: 120_000 }, () => {
      for (const trap of TRAPS)
        readText(BEFORE[format]! + trap.repeat(200_000 / trap.length), { name: 'x', format, today })
    })

  for (const format of names)
    test(`${format}: thousands of lines of every kind`, { timeout: 120_000 }, () => {
      for (const line of LINES)
        readText(BEFORE[format]! + line.repeat(60_000 / line.length), { name: 'x', format, today })
    })

  test('one line of 5 MB, and 100,000 lines', { timeout: 120_000 }, () => {
    const lines = Array.from({ length: 90_000 }, (_, i) => `- 2021-03-05 10:00 UTC thing ${i}\n`).join('')
    for (const format of ['text', 'markdown']) {
      const long = readText(`# T\n\n## Summary\n\n${'word '.repeat(1_000_000)}`, { name: 'x', format, today })
      assert.ok(long.findings.some(({ code }) => code === 'cut-short'))
      const many = readText(`# T\n\n## Timeline\n\n${lines}`, {
        name: 'x',
        format,
        today,
      })
      assert.ok(many.incidents[0]!.timeline.length > 80_000)
    }
  })
})
