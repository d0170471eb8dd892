import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { type Stage, startStage } from './stage.ts'

const MANY = 500
const name = (place: number) => `node-${String(place).padStart(3, '0')}`
/** A rack that lost its switch: every monitor of it is down at once. */
const rack = (closed: number) =>
  Array.from(
    { length: MANY },
    (_, place) =>
      `  ${name(place)}: { service: git, type: tcp, target: "127.0.0.1:${closed}", every: 1h, confirm: 1 }\n`,
  ).join('')

describe('five hundred alerts at once', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage(rack)
    ;({ page } = await stage.signedIn())
    await stage.tocsin.until('every alert', 60_000, async () => {
      const { openAlerts } = await stage.tocsin.api<{ openAlerts: number }>('GET', '/api/v1/overview')
      return openAlerts >= MANY
    })
  })
  after(async () => {
    await stage?.stop()
  })
  const rows = () => page.locator('table.rows tbody tr')

  test('are shown a page at a time, and more when asked for', async () => {
    await page.goto(`${stage.tocsin.url}/alerts`)
    await rows().nth(99).waitFor()
    await showsRows(100)
    await page.getByRole('button', { name: 'Show more' }).click()
    await rows().nth(199).waitFor()
    await showsRows(200)
  })

  test('what is asked for comes, even where a fact arrives meanwhile', async () => {
    const held: (() => Promise<void>)[] = []
    await page.route('**/api/v1/alerts?*cursor=*', async (route) => {
      if (held.length === 0) held.push(() => route.abort().catch(() => {}))
      else await route.continue()
    })
    await page.getByRole('button', { name: 'Show more' }).click()
    await until('the page is asked for', 10_000, async () => held.length > 0)
    const { items } = await stage.tocsin.api<{ items: { id: string }[] }>('GET', '/api/v1/alerts?limit=1')
    await stage.tocsin.api('POST', `/api/v1/alerts/${items[0]!.id}/acknowledge`, {})
    await showsRows(300)
    await held[0]!()
    await page.unroute('**/api/v1/alerts?*cursor=*')
  })

  // The list follows the typing a moment later: what counts is where it comes to rest.
  const showsRows = (wanted: number) =>
    until(`the list shows ${wanted}`, 10_000, async () => (await rows().count()) === wanted)

  test('are all searched, those that are not shown yet as well', async () => {
    const shown = new Set(await page.locator('.row-title').allInnerTexts())
    const hidden = Array.from({ length: MANY }, (_, place) => name(place)).find(
      (one) => ![...shown].some((title) => title.includes(one)),
    )!
    await page.keyboard.press('/')
    await page.keyboard.type(hidden)
    await page.getByRole('link', { name: hidden }).waitFor()
    await showsRows(1)
    await until('the address tells what is searched', 10_000, async () =>
      [null, hidden].includes(new URL(page.url()).searchParams.get('q')),
    )
  })

  test('one of them is acknowledged from the list, and the number in the navigation follows', async () => {
    const count = page.locator('.side .nav-link', { hasText: 'Alerts' }).locator('.nav-count')
    assert.ok(Number(await count.innerText()) >= MANY)
    await page.getByRole('button', { name: /^Acknowledge/ }).click()
    await rows().getByText('Dana Moreau has it').waitFor()
    await page.getByLabel('Search alerts').fill('')
    await rows().nth(99).waitFor()
  })

  test('of the monitors, only what can be read is drawn', async () => {
    await page.goto(`${stage.tocsin.url}/monitors`)
    await page.getByText(`${MANY + 2} of ${MANY + 2}`).waitFor()
    await showsRows(100)
    await page.getByRole('button', { name: /^Show (100 )?more/ }).click()
    await showsRows(200)
    await page.getByText('Unknown', { exact: true }).first().click()
    await page.getByText('No monitor matches').waitFor()
    await page.getByText('Up', { exact: true }).first().click()
    await page.getByRole('link', { name: 'docs-front' }).waitFor()
    await showsRows(1)
  })
})
