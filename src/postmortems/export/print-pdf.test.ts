/** Post-mortems as PDF: printed by a real Chromium, and read again. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, test } from 'node:test'
import { getDocumentProxy } from 'unpdf'
import { needs } from '../../../test/harness/needs.ts'
import { systemClock, travelClock } from '../../kit/clock.ts'
import { readDocument } from '../import/read-document.ts'
import { SECTIONS } from '../sections.rules.ts'
import { documentForTests } from './documents-for-tests.ts'
import { printPdf } from './print-pdf.ts'
import { writeHtml } from './write-html.ts'
import { shown } from './write-markdown.ts'

const world = { clock: systemClock }
const URL = 'https://tocsin.example.org/post-mortems/x'
const today = { year: 2026, month: 1, day: 31 }

interface Printed {
  pages: string[]
  title: string | undefined
  tagged: boolean
  outline: string[]
}

async function readBack(bytes: Buffer): Promise<Printed> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes))
  const { info } = (await pdf.getMetadata()) as { info: { Title?: string } }
  const pages: string[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    pages.push(
      items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' ')
        .replaceAll(/\s+/g, ' '),
    )
  }
  const titles = (items: { title: string; items: never[] }[] | null): string[] =>
    (items ?? []).flatMap(({ title, items }) => [title, ...titles(items)])
  return {
    pages,
    title: info.Title,
    tagged: (await pdf.getMarkInfo())?.Marked === true,
    outline: titles((await pdf.getOutline()) as never),
  }
}

describe('a post-mortem as PDF', needs('chromium'), () => {
  test('has every section, a title, numbered pages, tags and an outline', async () => {
    const document = documentForTests()
    const bytes = await printPdf(world, writeHtml(shown(document, URL, null)), { title: document.title })
    const { pages, title, tagged, outline } = await readBack(bytes)
    assert.equal(title, document.title)
    assert.equal(tagged, true)
    assert.ok(pages.length >= 2)
    for (const [i, page] of pages.entries()) assert.match(page, new RegExp(`${i + 1} / ${pages.length}`))
    const text = pages.join(' ')
    for (const name of SECTIONS) {
      assert.ok(text.includes(name), name)
      assert.ok(outline.includes(name), `${name} is not in the outline`)
    }
    for (const entry of document.incident!.timeline)
      assert.ok(text.includes(entry.text), `${entry.text} in ${text}`)
    for (const action of document.actions) assert.ok(text.includes(action.title), action.title)
    // And what reads PDFs of others reads ours.
    const { incidents } = await readDocument(bytes, { name: 'export.pdf', today })
    assert.equal(incidents.length, 1)
    assert.equal(incidents[0]!.title!.value, document.title)
    assert.equal(incidents[0]!.timeline.length, document.incident!.timeline.length)
    assert.equal(
      incidents[0]!.sections.summary!.value.replaceAll(/\s+/g, ' '),
      'The certificate of the documentation was renewed and never deployed, so that browsers refused it for five hours.',
    )
  })

  test('is printed without any network and without any script, whatever the page says', async () => {
    let asked = 0
    const server = createServer((_, answer) => {
      asked++
      answer.end('<b>loaded</b>')
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const at = `http://127.0.0.1:${port}`
    try {
      // Not a page of ours: one that somebody got past every other guard.
      const page = `<!doctype html><title>t</title><link rel="stylesheet" href="${at}/a.css"><p>Words</p>
<img src="${at}/b.png"><iframe src="${at}/c"></iframe><iframe src="file:///etc/passwd"></iframe><object data="${at}/d"></object>
<script>document.body.append('run'); fetch('${at}/e')</script>`
      const { pages } = await readBack(await printPdf(world, page, { title: 't' }))
      assert.equal(asked, 0)
      assert.match(pages.join(''), /Words/)
      assert.doesNotMatch(pages.join(''), /run|loaded|root:/)
    } finally {
      server.close()
    }
  })

  test('two are printed one after the other', async () => {
    const page = '<!doctype html><title>t</title><p>Words</p>'
    const both = await Promise.all([
      printPdf(world, page, { title: 'a' }),
      printPdf(world, page, { title: 'b' }),
    ])
    for (const bytes of both) assert.equal(bytes.subarray(0, 5).toString(), '%PDF-')
  })
})

describe('a PDF that cannot be printed', () => {
  const page = '<!doctype html><title>t</title>'

  test('without a browser says what to install, and what needs none', async () => {
    await assert.rejects(
      printPdf(world, page, { title: 't', env: { TOCSIN_CHROMIUM: '/nowhere/chromium' } }),
      {
        code: 'no-browser',
        message:
          'A PDF is printed by Chromium, and the browser that is named, /nowhere/chromium, is not there or cannot be run. HTML needs none: print that from any browser.',
      },
    )
  })

  test('of a page that is too long is refused before a browser is started', async () => {
    const start = () => assert.fail('a browser was started')
    await assert.rejects(printPdf(world, 'x'.repeat(4_000_001), { title: 't', start }), { code: 'too-large' })
  })

  test('by a browser that hangs ends in time, the browser is ended, and the next has its turn', async () => {
    const clock = travelClock(0)
    let stopped = 0
    const hanging = async () => {
      // The clock moves once the browser is there.
      setImmediate(() => clock.moveTo(60_000))
      return {
        pid: 0,
        browser: { newContext: () => new Promise(() => {}) },
        stop: async () => void stopped++,
      } as never
    }
    await assert.rejects(printPdf({ clock }, page, { title: 't', start: hanging }), { code: 'print-failed' })
    assert.equal(stopped, 1)
    const broken = async () =>
      ({
        pid: 0,
        browser: {
          newContext: () => Promise.reject(new Error('Target page, context or browser has been closed\nlog')),
        },
        stop: async () => void stopped++,
      }) as never
    await assert.rejects(printPdf({ clock }, page, { title: 't', start: broken }), {
      code: 'print-failed',
      message:
        /^The browser ended before the PDF was there \(Target page, context or browser has been closed\)/,
    })
    assert.equal(stopped, 2)
  })

  test('while many others wait is refused, and those that wait are not forgotten', async () => {
    const free = Promise.withResolvers<void>()
    const slow = async () => {
      await free.promise
      return { failed: 'journey.no-browser', summary: 'none is there' } as never
    }
    const waiting = Array.from({ length: 8 }, () => printPdf(world, page, { title: 't', start: slow }))
    await assert.rejects(printPdf(world, page, { title: 't', start: slow }), { code: 'too-many-requests' })
    free.resolve()
    for (const one of await Promise.allSettled(waiting))
      assert.equal((one as PromiseRejectedResult).reason.code, 'no-browser')
  })
})
