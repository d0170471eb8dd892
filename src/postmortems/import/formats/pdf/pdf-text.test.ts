import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDocument, readText } from '../../read-document.ts'
import { linesOfItems } from './pdf-text.ts'

/** Text as a page of a PDF holds it: pieces with their baselines. */
const item = (str: string, y: number, more: object = {}) => ({
  str,
  height: 10,
  transform: [10, 0, 0, 10, 50, y],
  ...more,
})

test('pieces of a page become lines where the baseline moves, and paragraphs where it moves far', () => {
  const text = linesOfItems([
    item('Disk full, ', 700),
    item('5 March 2021', 700, { hasEOL: true }),
    item('Timeline', 660, { hasEOL: true }),
    item('10:00 UTC ', 640),
    item('Disk fills up', 640.5, { hasEOL: true }),
    item('10:30 UTC Disk enlarged', 628, { hasEOL: true }),
    { type: 'beginMarkedContent' } as object,
    item('', 628, { hasEOL: true }),
  ])
  assert.equal(
    text,
    'Disk full, 5 March 2021\n\nTimeline\n\n10:00 UTC Disk fills up\n10:30 UTC Disk enlarged\n',
  )
  const { incidents } = readText(text, {
    name: 'slides.pdf',
    format: 'pdf',
    today: { year: 2026, month: 1, day: 31 },
  })
  assert.deepEqual(
    incidents[0]!.timeline.map(({ at, text }) => [at!.value, text.value]),
    [
      ['2021-03-05T10:00Z', 'Disk fills up'],
      ['2021-03-05T10:30Z', 'Disk enlarged'],
    ],
  )
})

test('a PDF that cannot be read is refused with what to do', async () => {
  const bytes = new TextEncoder().encode('%PDF-1.7\nnothing of a PDF\n')
  await assert.rejects(
    readDocument(bytes, { name: 'a.pdf', today: { year: 2026, month: 1, day: 31 } }),
    (error: Error & { code?: string }) => {
      assert.ok(error.code === 'wrong-media-type' || error.code === 'invalid-input')
      assert.match(error.message, /Paste the text|cannot be read/)
      return true
    },
  )
})
