/** Documents as they are: bytes, folders, markup, and thousands of lines; and what is not lost by leaving. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { DESK } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { choice, documentNamed, inView, LAMP, paste, picture, unit, value } from './import-steps.ts'
import { type Stage, startStage } from './stage.ts'

describe('documents of every kind in the browser', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
  })

  test('bytes stay bytes: a PDF is read, and what cannot be read says why', async () => {
    const printed = await (await stage.browser.open(DESK)).newPage()
    await printed.setContent(
      '<h1>Gate stood open</h1><h2>Summary</h2><p>The gate of the yard stood open all night.</p><h2>Timeline</h2><ul><li>2022-02-03 21:10 UTC Gate opened</li><li>2022-02-04 05:40 UTC Gate closed</li></ul>',
    )
    const pdf = await printed.pdf()
    await printed.context().close()
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose files' }).click()
    await (await chooser).setFiles([
      { name: 'gate.pdf', mimeType: 'application/pdf', buffer: pdf },
      {
        name: 'photo.md',
        mimeType: 'image/png',
        buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0, 0, 0]),
      },
      { name: 'empty.md', mimeType: 'text/markdown', buffer: Buffer.alloc(0) },
      { name: 'milk.md', mimeType: 'text/markdown', buffer: Buffer.from('milk and bread\n') },
    ])
    await page.locator('.documents li', { hasText: 'photo.md' }).getByText('not text').waitFor()
    await page.locator('.documents li', { hasText: 'empty.md' }).getByText('It is empty.').waitFor()
    await page.locator('.documents li', { hasText: 'milk.md' }).getByText('Nothing found').waitFor()
    await documentNamed(page, 'gate.pdf').click()
    await value(page, '2022-02-03 21:10 UTC').first().waitFor()
    await value(page, 'Gate closed').click()
    await until('its place to be marked', 20_000, async () =>
      /Gate closed/.test((await page.locator('mark[data-active]').allInnerTexts()).join('')),
    )
    await documentNamed(page, 'milk.md').click()
    await unit(page, 'milk and bread').click()
    await choice(page, 'Summary').click()
    await value(page, 'milk and bread').waitFor()
    await page.getByRole('button', { name: 'Take milk.md off the list' }).click()
    assert.equal(await page.locator('.documents li').count(), 3)
  })

  test('a folder is dropped as the system drops it: its documents are read, what is hidden is left out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-drop-'))
    mkdirSync(join(folder, 'reports/2021/.git'), { recursive: true })
    writeFileSync(join(folder, 'reports/2021/gate.md'), LAMP.replace('lamp', 'gate'))
    writeFileSync(join(folder, 'reports/door.md'), LAMP.replace('lamp', 'door'))
    writeFileSync(join(folder, 'reports/2021/.git/config.md'), LAMP)
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    const box = (await page.getByRole('region', { name: 'Documents to import' }).boundingBox())!
    const client = await page.context().newCDPSession(page)
    const at = { x: box.x + box.width / 2, y: box.y + 20 }
    const data = { items: [], files: [join(folder, 'reports')], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await client.send('Input.dispatchDragEvent', { type, ...at, data })
    await documentNamed(page, 'gate.md').waitFor()
    await documentNamed(page, 'door.md').waitFor()
    assert.equal(await page.locator('.documents li').count(), 2)
    rmSync(folder, { recursive: true })
  })

  test('whoever leaves with corrections that nobody kept is asked', async () => {
    await documentNamed(page, 'door.md').click()
    await unit(page, 'We will look at batteries').click()
    await choice(page, 'Actions').click()
    await page.getByRole('region', { name: 'Your corrections' }).waitFor()
    const asked = page.waitForEvent('dialog')
    const gone = page.getByRole('link', { name: 'Drills' }).first().click()
    const dialog = await asked
    assert.match(dialog.message(), /corrections/)
    await dialog.dismiss()
    await gone
    assert.match(page.url(), /post-mortems\/import$/)
    page.once('dialog', (again) => void again.accept())
    await page.getByRole('link', { name: 'Drills' }).first().click()
    await page.waitForURL(/\/drills$/)
  })

  test('markup in a document is text', async () => {
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    const evil =
      '# <img src=x onerror="window.hit=1">\n\n## Summary\n\n<script>window.hit=1</script> javascript:window.hit=1 {{7*7}}\n'
    await paste(page, '<b>evil</b>.md', evil)
    await documentNamed(page, 'evil').click()
    await page.locator('.source-text', { hasText: 'window.hit' }).waitFor()
    assert.equal(await page.evaluate('window.hit'), undefined)
    assert.equal(await page.locator('.source-text img, .source-text script, .read img').count(), 0)
  })

  test('ten thousand lines stay usable', async () => {
    const entries = Array.from({ length: 5_000 }, (_, i) => {
      const at = new Date(Date.UTC(2021, 2, 5) + i * 60_000).toISOString()
      return `- ${at.slice(0, 10)} ${at.slice(11, 16)} UTC event number ${i}\n`
    })
    const prose = Array.from({ length: 2_500 }, (_, i) => `Paragraph ${i} says what was seen.\n`)
    const long = `# Long\n\n## Summary\n\nIt took long.\n\n## Timeline\n\n${entries.join('')}\n## Notes\n\n${prose.join('\n')}`
    assert.ok(long.split('\n').length > 10_000)
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    await paste(page, 'long.md', long)
    await value(page, 'event number 4999').waitFor({ state: 'attached', timeout: 60_000 })
    const last = value(page, 'event number 4990')
    await last.scrollIntoViewIfNeeded()
    await last.click()
    const marked = page.locator('.source-text mark[data-active]')
    await until(
      'the far place to be in sight',
      20_000,
      async () =>
        (await marked.count()) > 0 &&
        /4990/.test((await marked.allInnerTexts()).join('')) &&
        inView(marked.first(), page.getByRole('region', { name: 'Source', exact: true })),
    )
    await page.getByRole('listbox', { name: 'Source text' }).focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await choice(page, 'Lessons').click()
    await page
      .getByRole('listbox', { name: 'Lessons' })
      .getByText('Paragraph 2499')
      .waitFor({ timeout: 60_000 })
    await picture(page, 'import-long', false)
  })

  test('when the server cannot be reached that is said, and it can be tried again', async () => {
    const { context, page: other } = await stage.signedIn()
    await other.goto(`${stage.tocsin.url}/post-mortems/import`)
    const address = '**/api/v1/postmortems/import'
    await other.route(address, (route) => route.abort())
    await paste(other, 'cut-off.md', LAMP)
    await other.getByRole('alert').getByText('The server cannot be reached').waitFor()
    await other.unroute(address)
    await other.getByRole('button', { name: 'Try again', exact: true }).click()
    await value(other, 'The lamp went out.').waitFor()
    await other.route(address, (route) => route.abort())
    await unit(other, 'We will look at batteries').click()
    await choice(other, 'Actions').click()
    await other.getByRole('alert').getByText('The server cannot be reached').waitFor()
    await other.unroute(address)
    await other.getByRole('button', { name: 'Try again', exact: true }).click()
    await other.getByRole('listbox', { name: 'Actions' }).getByText('batteries every spring').waitFor()
    await context.close()
  })

  test('what Tocsin exported is taken over as it is', async () => {
    const { api } = stage.tocsin
    const body = { name: 'attic.md', content: LAMP.replaceAll('hall', 'attic') }
    const { postmortemIds } = await api<{ postmortemIds: string[] }>(
      'POST',
      '/api/v1/postmortems/import',
      body,
    )
    const [id] = postmortemIds as [string]
    const exported = JSON.stringify(await api('GET', `/api/v1/postmortems/${id}/json`))
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    await paste(page, 'here.json', exported)
    await page.getByText('This very text was imported before').waitFor()
    // As if it came from elsewhere: the same document under another id, its document not yet known here.
    const other = {
      ...JSON.parse(exported),
      id: `${id.slice(0, -1)}${id.endsWith('a') ? 'b' : 'a'}`,
      source: null,
    }
    await paste(page, 'elsewhere.json', JSON.stringify(other))
    await page.getByText('there is nothing to correct').waitFor()
    await unit(page, 'The lamp went out.').click()
    assert.equal(await page.getByRole('region', { name: 'What is it?' }).count(), 0)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('It is a draft now').waitFor()
    await page.locator('.review-links a').click()
    await page.waitForURL(new RegExp(`/post-mortems/${other.id}$`))
  })

  test('nothing called elsewhere and no script broke', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})
