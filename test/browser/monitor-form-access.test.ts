import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { chooseIn, focusedLabel, openForm } from './form-steps.ts'
import { type Stage, startStage } from './stage.ts'

/** A list marks its chosen option in a timer after it has opened: nobody types faster than that, but for a program. */
async function listOpened(page: Page) {
  await page.evaluate('new Promise((done) => setTimeout(done, 0))')
}

/** The option that Enter takes, as it is shown to who types. */
function marked(page: Page, name: RegExp) {
  return page.locator('[role=option][data-combobox-selected]').filter({ hasText: name })
}

describe('the form of a monitor, for everybody', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
    page.setDefaultTimeout(25_000)
  })
  after(async () => {
    await stage?.stop()
  })

  test('by keyboard alone, from the button to the monitor', async () => {
    await page.goto(`${stage.tocsin.url}/monitors`)
    await page.getByRole('button', { name: 'Add a monitor' }).focus()
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'Kind', exact: true }).waitFor()
    await until('the first field has the focus', 5_000, async () => /^Id/.test(await focusedLabel(page)))
    await page.keyboard.type('by-hand')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ControlOrMeta+a')
    await listOpened(page)
    await page.keyboard.type('TCP')
    await marked(page, /TCP/).waitFor()
    await page.keyboard.press('Enter')
    await form.getByRole('combobox', { name: 'Service' }).focus()
    await listOpened(page)
    await page.keyboard.type('Documentation')
    await marked(page, /Documentation/).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('option').first().waitFor({ state: 'hidden' })
    await page.keyboard.press('Tab')
    await page.keyboard.type('Typed')
    await page.keyboard.press('Tab')
    await page.keyboard.type('127.0.0.1:9')
    await page.keyboard.press('Enter')
    await form.waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1, name: 'Typed' }).waitFor()
  })

  for (const [screen, options, colorScheme] of [
    ['desk', DESK, 'light'],
    ['phone', PHONE, 'dark'],
  ] as const)
    test(`it fits and is accessible with everything open: ${screen}, ${colorScheme}`, async () => {
      const { context, page: other } = await stage.signedIn({ ...options, colorScheme })
      const form = await openForm(stage, other)
      for (const kind of ['Web address', 'Pool of nodes', 'Browser journey']) {
        await chooseIn(form, 'Kind', kind, other)
        const folded = form.locator('details.fold:not([open]) > summary')
        while ((await folded.count()) > 0) await folded.first().click()
        const adding = form.getByRole('button', { name: /^Add an? / })
        for (let n = (await adding.count()) - 1; n >= 0; n--) await adding.nth(n).click()
        const wide = Number(
          await other.evaluate(`Math.max(
            ...[...document.querySelectorAll('[role=dialog], html')].map((one) => one.scrollWidth - one.clientWidth),
          )`),
        )
        assert.ok(wide <= 0, `${kind} is ${wide} too wide`)
        const still = "document.getAnimations().every(({ playState }) => playState !== 'running')"
        await until('nothing moves any more', 10_000, async () => (await other.evaluate(still)) === true)
        await assertAccessible(other, kind)
      }
      await context.close()
    })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
