/** The HTML file in a browser: readable by everybody, at every width, and as still as a sheet of paper. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { assertAccessible } from '../../../test/harness/browser.ts'
import { needs, programOf } from '../../../test/harness/needs.ts'
import { documentForTests } from './documents-for-tests.ts'
import { writeHtml } from './write-html.ts'
import { shown } from './write-markdown.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-html-'))
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

describe('the HTML file of a post-mortem', needs('chromium'), () => {
  let browser: Browser
  before(async () => {
    browser = await chromium.launch({ executablePath: programOf('chromium')!, args: ['--no-sandbox'] })
  })
  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const file = (name: string, change: Parameters<typeof documentForTests>[0] = {}) => {
    const path = join(folder, `${name}.html`)
    writeFileSync(path, writeHtml(shown(documentForTests(change), 'https://tocsin.example.org/x', null)))
    return pathToFileURL(path).href
  }

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`accessible and not wider than the window: ${colorScheme}, ${width} pixels`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
        await page.goto(file('plain'))
        await assertAccessible(page, `${colorScheme} ${width}`)
        assert.equal(await page.evaluate<number>(WIDER), 0)
        const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
        assert.equal(
          ground,
          colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(17, 22, 29)',
          'its style holds',
        )
        await page.close()
      })

  test('a table that is too wide scrolls by itself, and is reached by the keyboard', async () => {
    const cells = Array.from({ length: 20 }, (_, i) => `column-number-${i}`).join(' | ')
    const table = `| ${cells} |\n|${' --- |'.repeat(20)}\n| ${cells} |`
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    await page.goto(
      file('wide', { body: `## Summary\n\n${table}\n\n${'x'.repeat(500)}\n\n\`${'y'.repeat(500)}\`` }),
    )
    assert.equal(await page.evaluate<number>(WIDER), 0)
    await assertAccessible(page, 'a wide table')
    await page.close()
  })

  test('nothing of what people wrote runs, and nothing is fetched', async () => {
    const bad =
      '<img src="https://evil.example/x.png" onerror="document.title=1"><script>document.title=2</script>'
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const address = file('bad', {
      title: bad.slice(0, 60),
      body: `## Summary\n\n${bad}\n\n![x](https://evil.example/y.png)`,
    })
    await page.goto(address)
    assert.equal(await page.title(), bad.slice(0, 60))
    assert.deepEqual(asked, [address])
    assert.equal(await page.locator('img, script, iframe, [onerror]').count(), 0)
    assert.equal(
      await page.locator('a', { hasText: /^x$/ }).getAttribute('href'),
      'https://evil.example/y.png',
    )
    await page.close()
  })
})
