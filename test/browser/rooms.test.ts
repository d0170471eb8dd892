import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { DESK } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

interface Items<T> {
  items: T[]
}
const HOUR = 3_600_000
/** What a field for a time in Europe/Paris shows, in winter or summer. */
function localField(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 16).replace(' ', 'T')
}

describe('the rooms', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
  })

  test('a shift is handed over and taken back, and the calendar follows', async () => {
    await page.goto(`${stage.tocsin.url}/on-call`)
    await page.getByText(/^Now: (Ana Lindqvist|Bo Okafor)$/).waitFor()
    // Nobody has confirmed a contact, which the page must say and not hide.
    await page.getByText('Nobody who can be reached').waitFor()
    await page.getByRole('button', { name: 'Take a shift' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'Who is on call' }).click()
    await page.getByRole('option', { name: 'Dana Moreau' }).click()
    const from = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR
    await form.getByLabel('From').fill(localField(from))
    await form.getByLabel('To').fill(localField(from + 6 * HOUR))
    await form.getByRole('button', { name: 'Change the schedule' }).click()
    await page
      .locator('.shift[data-override=true]')
      .getByText(/Dana Moreau, .* override/)
      .first()
      .waitFor()
    const { items } = await stage.tocsin.api<Items<{ personId: string; from: string; to: string }>>(
      'GET',
      '/api/v1/overrides',
    )
    assert.deepEqual(
      [Date.parse(items[0]!.from), Date.parse(items[0]!.to)],
      [from, from + 6 * HOUR],
      'in the zone of the reader',
    )
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.locator('.shift[data-override=true]').first().waitFor({ state: 'detached' })
  })

  test('an override that ends before it begins is refused with the reason', async () => {
    await page.getByRole('button', { name: 'Add an override' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'Who is on call' }).click()
    await page.getByRole('option', { name: 'Bo Okafor' }).click()
    await form.getByLabel('From').fill(localField(Date.now() + 5 * HOUR))
    await form.getByLabel('To').fill(localField(Date.now() + 2 * HOUR))
    await form.getByRole('button', { name: 'Change the schedule' }).click()
    await form.getByRole('alert').waitFor()
    await page.keyboard.press('Escape')
  })

  test('a policy names people and ends in the last resort', async () => {
    const policies = page.getByRole('region', { name: 'Escalation policies' })
    await policies.getByText('whoever has web-week').waitFor()
    await policies.getByText('at last: Bo Okafor').waitFor()
  })

  test('maintenance is planned and ended', async () => {
    await page.goto(`${stage.tocsin.url}/monitors?tab=maintenance`)
    await page.getByText('No window is planned').waitFor()
    await page.getByRole('button', { name: 'Plan a window' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('What is being done').fill('New kernel')
    await form.getByRole('combobox', { name: 'Services' }).click()
    await page.getByRole('option', { name: 'Documentation' }).click()
    await page.keyboard.press('Escape')
    await form.getByRole('button', { name: 'Plan it' }).click()
    await page.getByRole('cell', { name: 'New kernel docs' }).waitFor()
    await page.getByText('Running').waitFor()
    await page.goto(`${stage.tocsin.url}/monitors/docs-front`)
    await page.getByText('In maintenance').waitFor()
    await page.goto(`${stage.tocsin.url}/monitors?tab=maintenance`)
    await page.getByRole('button', { name: 'End now' }).click()
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('button', { name: 'End now' }).waitFor({ state: 'detached' })
  })

  test('a silence has an end and a reason, and is ended', async () => {
    await page.goto(`${stage.tocsin.url}/alerts?tab=silences`)
    await page.getByRole('button', { name: 'Silence something' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'Monitor' }).click()
    await page.getByRole('option', { name: 'git-front' }).click()
    await form.getByLabel('Why').fill('It is being moved')
    await form.getByRole('button', { name: 'Silence it' }).click()
    await page.getByText('It is being moved').waitFor()
    await page.goto(`${stage.tocsin.url}/alerts`)
    await page.getByText('Silenced: nobody is paged').waitFor()
    await page.goto(`${stage.tocsin.url}/alerts?tab=silences`)
    await page.getByRole('button', { name: 'End now' }).click()
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByText('Expired').waitFor()
  })

  test('an alert is resolved by hand, with a reason that stays', async () => {
    await page.goto(`${stage.tocsin.url}/alerts`)
    await page.getByRole('link', { name: /git-front/ }).click()
    await page.getByRole('button', { name: 'Resolve' }).click()
    await page.getByLabel('Why is it resolved?').fill('The server is gone for good')
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click()
    await page.locator('.page-head').getByText('Resolved').waitFor()
    await page.getByRole('region', { name: 'About it' }).getByText('The server is gone for good').waitFor()
    await page.getByRole('button', { name: 'Acknowledge' }).first().waitFor({ state: 'detached' })
  })

  test('a wrong entry is corrected by a new one; the old one stays, struck through', async () => {
    const { id } = await stage.tocsin.api<{ id: string }>('POST', '/api/v1/incidents', {
      title: 'Pages are slow',
      severity: 'SEV3',
    })
    await stage.tocsin.api('POST', `/api/v1/incidents/${id}/timeline`, { text: 'Node 3 is full' })
    await page.goto(`${stage.tocsin.url}/incidents/${id}`)
    const entry = page.getByRole('listitem').filter({ hasText: 'Node 3 is full' })
    await entry.hover()
    await entry.getByRole('button', { name: 'correct' }).click()
    await page.getByLabel('Correct the entry').fill('Node 4 is full')
    await page.getByRole('button', { name: 'Correct', exact: true }).click()
    await page.getByText('Node 4 is full').waitFor()
    await page.getByText('corrected below').waitFor()
    assert.match((await page.getByText('Node 3 is full').getAttribute('style')) ?? '', /line-through/)
  })

  test('times that only people know are set, and the figures follow with their formula', async () => {
    await page.getByRole('button', { name: 'Set impact start and mitigation' }).click()
    await page.getByLabel('Impact began').fill(localField(Date.now() - 2 * HOUR))
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    const times = page.getByRole('region', { name: 'Times' })
    await times
      .getByText(/^(1 h 5\d min|2 h)/)
      .first()
      .waitFor()
    await times.getByText('TTD = impact start → detected').waitFor()
    await times.getByText('not recorded').first().waitFor()
  })

  test('the history tells verdicts apart by pattern too, and names their shares', async () => {
    await page.goto(`${stage.tocsin.url}/monitors/git-front`)
    await page.getByText('1h', { exact: true }).click()
    const band = page.getByRole('img', { name: /Verdicts over time/ })
    await band.locator('rect[fill="url(#band-down)"]').first().waitFor()
    const legend = await page.locator('.legend').innerText()
    for (const word of ['up', 'degraded', 'down', 'unknown', 'maintenance'])
      assert.match(legend, new RegExp(`${word}\\s`))
    await page
      .getByRole('img', { name: /Latency over time/ })
      .locator('canvas')
      .waitFor()
  })

  test('an end-to-end drill shows who would be paged in virtual time', async () => {
    await page.goto(`${stage.tocsin.url}/drills`)
    await page.getByRole('button', { name: 'Add a drill' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Who would be paged, and when?').check()
    await form.getByRole('textbox', { name: 'Id' }).fill('docs-night')
    await form.getByRole('combobox', { name: 'Monitor' }).click()
    await page.getByRole('option', { name: 'docs-front' }).click()
    await form.getByRole('combobox', { name: 'Paged' }).click()
    await page.getByRole('option', { name: 'Ana Lindqvist' }).click()
    await form.getByLabel('Within').fill('5 minutes')
    await form.getByLabel('At', { exact: true }).fill('2026-12-25T03:00')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await form.getByText('write a duration such as 5m, 12h or 7d').first().waitFor()
    assert.equal(await form.getByLabel('Within').getAttribute('aria-invalid'), 'true', 'at the field itself')
    await form.getByLabel('Within').fill('5m')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('It has never been run').waitFor()
    const { settings } = await stage.tocsin.api<{ settings: unknown }>('GET', '/api/v1/drills/docs-night')
    assert.deepEqual(settings, {
      kind: 'end-to-end',
      monitor: 'docs-front',
      every: '7d',
      expect: { paged: 'ana', within: '5m' },
      at: '2026-12-25T02:00:00.000Z',
    })
    await page.getByRole('button', { name: 'Run the drill' }).click()
    await page.getByText('Who would have been paged').waitFor({ timeout: 60_000 })
    await page.getByText(/Expected: ana within 5 min/).waitFor()
    // Nobody has a verified contact here: the drill must say so and not pass.
    await page.getByText('Never reached').waitFor()
    await page.locator('.page-head').getByText('Failed').waitFor()
  })

  test('what a monitor catches and misses stands on its page once a drill has looked', async () => {
    await page.goto(`${stage.tocsin.url}/monitors/docs-front`)
    await page.getByText('No drill has shown this monitor a broken server yet').waitFor()
    await stage.tocsin.api('POST', '/api/v1/drills', {
      id: 'docs-faults',
      settings: { kind: 'monitor-faults', monitor: 'docs-front' },
    })
    await stage.tocsin.api('POST', '/api/v1/drills/docs-faults/run')
    const card = page.getByRole('region', { name: 'Faults it catches' })
    await card.getByText('Caught').first().waitFor({ timeout: 60_000 })
    await card.getByText('http 500').waitFor()
  })

  test('dark and light are chosen by hand, and stay after a reload', async () => {
    const { context, page: other } = await stage.signedIn({ ...DESK, colorScheme: 'light' })
    await other.goto(`${stage.tocsin.url}/`)
    const scheme = () => other.locator('html').getAttribute('data-mantine-color-scheme')
    await other
      .getByRole('button', { name: /^Colours/ })
      .first()
      .click()
    assert.equal(await scheme(), 'light')
    await other.getByRole('menuitem', { name: 'Dark' }).click()
    assert.equal(await scheme(), 'dark')
    await other.reload({ waitUntil: 'commit' })
    await other.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await scheme(), 'dark')
    await context.close()
  })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
