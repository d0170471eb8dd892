import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { needs, programOf } from '../../../../../test/harness/needs.ts'
import { readDocument } from '../../read-document.ts'

const PAGE = `<!doctype html><meta charset="utf-8"><title>Post-mortem</title>
<h1>Post-mortem: the queue stood still</h1>
<h2>Summary</h2><p>Mail was accepted and not delivered, for three quarters of an hour.</p>
<h2>Root cause</h2><p>A full partition stopped the queue runner without an error.</p>
<h2 style="break-before: page">Timeline (2 March 2023, UTC)</h2>
<ul><li>08:10 The partition is full</li><li>08:31 A customer writes that no mail comes</li>
<li>08:55 Space is made and the queue runs</li></ul>
<h2>Action items</h2><ul><li>Alert on the age of the oldest message in the queue</li></ul>`

test(
  'a PDF that a browser printed, of two pages, is read as the document that it was',
  needs('chromium'),
  async () => {
    const browser = await chromium.launch({ executablePath: programOf('chromium')!, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.setContent(PAGE)
      const bytes = await page.pdf({ format: 'A4' })
      const { format, incidents } = await readDocument(bytes, {
        name: 'queue.pdf',
        today: { year: 2026, month: 1, day: 31 },
      })
      assert.equal(format, 'pdf')
      const [incident, ...others] = incidents
      assert.equal(others.length, 0)
      assert.match(incident!.title!.value, /the queue stood still/)
      assert.match(incident!.sections.summary!.value, /^Mail was accepted and not delivered/)
      assert.match(incident!.sections.rootCause!.value, /^A full partition/)
      assert.deepEqual(
        incident!.timeline.map(({ at, text }) => [at!.value, text.value]),
        [
          ['2023-03-02T08:10Z', 'The partition is full'],
          ['2023-03-02T08:31Z', 'A customer writes that no mail comes'],
          ['2023-03-02T08:55Z', 'Space is made and the queue runs'],
        ],
      )
      assert.deepEqual(
        incident!.actions.map(({ text }) => text.value),
        ['Alert on the age of the oldest message in the queue'],
      )
    } finally {
      await browser.close()
    }
  },
)
