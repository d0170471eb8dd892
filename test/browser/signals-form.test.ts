/** A drill of signals, made in the form alone: nobody writes JSON. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { chooseIn } from './form-steps.ts'
import { type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES

describe('the form of a drill of signals', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn({ ...DESK, viewport: { width: 1280, height: 900 } }))
  })
  after(() => stage?.stop())

  const choose = async (within: Locator, label: string, option: string) => {
    // A hand chooses what stands in sight, and not at the edge of a small screen.
    await within
      .getByRole('combobox', { name: label, exact: true })
      .evaluate((field) => field.scrollIntoView({ block: 'center' }))
    await chooseIn(within, label, option, within.page())
  }

  async function fill(on: Page): Promise<Locator> {
    await on.goto(`${stage.tocsin.url}/drills`)
    await on.getByRole('button', { name: 'Add a drill' }).first().click()
    const form = on.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Id', exact: true }).fill('docs-flaps')
    await form.getByRole('radio', { name: 'What would come of these signals?' }).check()
    await choose(form, 'Monitor', 'docs-front')
    await form.getByRole('button', { name: 'Add a signal' }).click()
    const signal = form.getByRole('group', { name: 'Signal 1', exact: true })
    await choose(signal, 'Monitor', 'docs-front')
    await choose(signal, 'What is seen', 'List')
    for (const [after, see] of [
      ['10m', 'down'],
      ['11m', 'up'],
      ['20m', 'down'],
    ] as const) {
      await signal.getByRole('button', { name: /^Add (an entry|another entry)$/ }).click()
      const entry = signal.getByRole('group', { name: /^What is seen: list \d$/ }).last()
      await entry.getByLabel('After').fill(after)
      await choose(entry, 'See', see)
    }
    await form
      .getByRole('button', { name: /^Add (an entry|an expectation)$/ })
      .last()
      .click()
    const expected = form.getByRole('group', { name: 'Expect 1', exact: true })
    await choose(expected, 'Expectation', 'Verdict')
    await choose(expected, 'Verdict', 'down')
    await expected.getByLabel('Within').fill('15m')
    return form
  }

  test('its signals and expectations are chosen and typed, and stand as they were meant', async () => {
    const form = await fill(page)
    await assertAccessible(page, 'the form of signals')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/signals-form.png`, fullPage: true })
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'docs-flaps' }).waitFor()
    const { settings } = await stage.tocsin.api<{ settings: Record<string, unknown> }>(
      'GET',
      '/api/v1/drills/docs-flaps',
    )
    assert.deepEqual(settings.signals, {
      'docs-front': [
        { after: '10m', see: 'down' },
        { after: '11m', see: 'up' },
        { after: '20m', see: 'down' },
      ],
    })
    assert.deepEqual(settings.expect, [{ verdict: 'down', within: '15m' }])
  })

  test('what the server refuses is said where it stands', async () => {
    const form = await fill(page)
    await form.getByRole('textbox', { name: 'Id', exact: true }).fill('docs-flaps-more')
    const entry = form.getByRole('group', { name: 'What is seen: list 2' })
    await entry.getByLabel('After').fill('soon')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await entry
      .getByText(/write a duration|must match|is not valid/i)
      .first()
      .waitFor()
  })

  test('on a phone nothing stands beyond its edge', async () => {
    const phone = (await stage.signedIn({ ...PHONE, colorScheme: 'dark' })).page
    await fill(phone)
    assert.equal(await phone.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
    await assertAccessible(phone, 'the form of signals on a phone')
    if (PICTURES) await phone.screenshot({ path: `${PICTURES}/signals-form-phone.png`, fullPage: true })
    assert.deepEqual(stage.browser.complaints, [])
  })
})
