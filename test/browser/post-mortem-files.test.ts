/** A post-mortem as files, and on the status page, as people do it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

/** Where pictures for people go. */
const PICTURES = process.env.TOCSIN_PICTURES

const BODY = `## Summary

Ana Lindqvist restarted the **renderer** on node-7.internal, and the documentation opened again.

## Impact

Nobody could read the documentation for an hour.

## Root cause

The renderer had no limit of memory.

| What | How much |
| --- | --- |
| Memory | 4 GB |

## Timeline

- 10:00 Ana looked

## Takeaways

_Not yet written: what others should know._
`

describe('a post-mortem as files and on the status page', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let id: string
  let incidentId: string
  const api = <T>(method: string, path: string, body?: object) =>
    stage.tocsin.api<T>(method, `/api/v1${path}`, body)

  before(async () => {
    stage = await startStage(() => 'postmortems: { review: { approvals: 0 } }\n')
    ;({ page } = await stage.signedIn())
    incidentId = (
      await api<{ id: string }>('POST', '/incidents', {
        title: 'node-7.internal ran out of memory',
        severity: 'SEV2',
        serviceIds: ['docs'],
      })
    ).id
    await api('POST', `/incidents/${incidentId}/updates`, { status: 'resolved', body: 'It is over.' })
    id = (await api<{ id: string }>('POST', `/incidents/${incidentId}/postmortem`)).id
    await api('PUT', `/postmortems/${id}`, { version: 1, title: 'Memory of the renderer', body: BODY })
  })
  after(async () => {
    await stage?.stop()
  })
  const picture = async (of: Page, name: string) => {
    if (PICTURES) await of.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
  }
  const open = () => page.goto(`${stage.tocsin.url}/post-mortems/${id}`)
  const card = () => page.getByRole('region', { name: 'Status page', exact: true })

  for (const [label, end, begins] of [
    ['Markdown', 'md', '---\nuuid: '],
    ['HTML', 'html', '<!doctype html>'],
    ['PDF', 'pdf', '%PDF-'],
    ['JSON', 'tocsin.json', '{\n  "schema": "tocsin/postmortem@1"'],
  ] as const)
    test(`is saved as ${label} with a name that says what it is`, async () => {
      await open()
      await page.getByRole('button', { name: 'Export' }).click()
      const saved = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: label }).click()
      const download = await saved
      assert.match(
        download.suggestedFilename(),
        new RegExp(`^\\d{4}-\\d\\d-\\d\\d-memory-of-the-renderer-[0-9a-f]{8}\\.${end.replace('.', '\\.')}$`),
      )
      assert.ok(readFileSync(await download.path(), 'utf8').startsWith(begins))
    })

  test('a file that cannot be made says why, and nothing is saved', async () => {
    await open()
    await page.route('**/pdf', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          ...{ type: 'about:blank', title: 'No browser is there to print with', status: 503 },
          ...{ detail: 'Install Chromium. HTML needs none.', code: 'no-browser' },
        }),
      }),
    )
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'PDF' }).click()
    await page.getByText('Install Chromium. HTML needs none.').waitFor()
    await page.unroute('**/pdf')
  })

  test('is not offered to the public before it was reviewed', async () => {
    await open()
    await card().getByText('It can be published once it has been reviewed.').waitFor()
    assert.equal(await card().getByRole('button').count(), 0)
    for (const to of ['in review', 'reviewed']) await api('POST', `/postmortems/${id}/state`, { to })
  })

  test('is chosen section by section, read as the public will, and published', async () => {
    await open()
    await card().getByRole('button', { name: 'Publish' }).click()
    const form = page.getByRole('dialog')
    const read = form.getByRole('region', { name: 'What the public will read' })
    await read.getByText('[name left out] restarted the').waitFor()
    assert.equal(
      await form.getByLabel('Timeline').isChecked(),
      false,
      'the timeline is left out unless it is chosen',
    )
    assert.equal(await form.getByLabel('Takeaways').isDisabled(), true)
    assert.doesNotMatch(await read.innerText(), /Ana|node-7/)
    await assertAccessible(page, 'the publish form')
    await picture(page, 'publish-form')
    const desk = page.viewportSize()!
    await page.setViewportSize({ width: 390, height: 844 })
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    assert.equal(await page.evaluate<number>(wider), 0)
    await picture(page, 'publish-form-phone')
    await page.setViewportSize(desk)
    await form.getByLabel('node-7.internal').check()
    await read.getByText('on node-7.internal').waitFor()
    await form.getByLabel('node-7.internal').uncheck()
    await read.getByText('[host left out]').waitFor()
    await form.getByLabel('Impact').uncheck()
    await read.getByText('Nobody could read').waitFor({ state: 'detached' })
    await form.getByLabel('Title for the public').fill('An hour without documentation')
    await read.getByRole('heading', { name: 'An hour without documentation' }).waitFor()
    await form.getByRole('button', { name: 'Publish this' }).click()
    await form.waitFor({ state: 'detached' })
    await card().getByRole('link', { name: 'An hour without documentation' }).waitFor()
    await assertAccessible(page, 'the page of the post-mortem')
    await picture(page, 'publication-card')
  })

  test('stands on the status page, at its incident and in the list, in both schemes and on a phone', async () => {
    const address = `${stage.tocsin.url}/status/post-mortems/${incidentId}.html`
    await stage.tocsin.until('the page is published', 20_000, async () => (await fetch(address)).ok)
    for (const options of [DESK, PHONE])
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await stage.browser.open({ ...options, colorScheme })
        const shown = await context.newPage()
        await shown.goto(`${stage.tocsin.url}/status/`)
        await shown.getByRole('link', { name: 'An hour without documentation' }).click()
        await shown.getByRole('heading', { level: 1, name: 'An hour without documentation' }).waitFor()
        assert.doesNotMatch(await shown.locator('main').innerText(), /Ana|node-7|Nobody could read/)
        assert.match(await shown.locator('main').innerText(), /Memory\s+4 GB/)
        assert.equal(await shown.locator('script, img').count(), 0)
        await assertAccessible(shown, 'the public post-mortem')
        await picture(shown, `public-${options === PHONE ? 'phone' : 'desk'}-${colorScheme}`)
        const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
        assert.equal(await shown.evaluate<number>(wider), 0)
        await shown.getByRole('link', { name: 'What was told while it lasted' }).click()
        await shown.getByRole('link', { name: 'An hour without documentation' }).waitFor()
        await context.close()
      }
  })

  test('a text that is newer is said to be unpublished, published again, and taken off', async () => {
    await api('PUT', `/postmortems/${id}`, {
      version: 2,
      title: 'Memory of the renderer',
      body: BODY.replace('no limit', 'no bound'),
    })
    await open()
    await card()
      .getByText('Newer text not published: the public reads version 2, this is version 3.')
      .waitFor()
    await card().getByRole('button', { name: 'Publish again' }).click()
    const form = page.getByRole('dialog')
    // What was chosen the last time is chosen again.
    await form.getByText('no bound').waitFor()
    assert.equal(await form.getByLabel('Impact').isChecked(), false)
    await form.getByRole('button', { name: 'Publish this' }).click()
    await form.waitFor({ state: 'detached' })
    await card().getByText('Newer text not published').waitFor({ state: 'detached' })
    await card().getByRole('button', { name: 'Take it off' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click()
    await card()
      .getByText(/^Taken off the page/)
      .waitFor()
    const address = `${stage.tocsin.url}/status/post-mortems/${incidentId}.html`
    const isGone = async () => (await fetch(address)).status === 404
    await stage.tocsin.until('the page is taken off', 20_000, isGone)
    assert.deepEqual(stage.browser.complaints, [])
  })
})
