/** Search from every page, what was like an incident and why, and what all of them teach together. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { LearningRecord } from '../../src/contract/learning.ts'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { pastIncidents } from './past-incidents.ts'
import { type Stage, startStage } from './stage.ts'

// Where somebody wants to look at the pictures: TOCSIN_PICTURES=/some/folder
const PICTURES = process.env.TOCSIN_PICTURES
const COUNT = 26

describe('learning in the browser', needs('chromium'), () => {
  let stage: Stage
  let incident: string
  let postmortems: string[]
  before(async () => {
    stage = await startStage()
    await (await stage.signedIn()).context.close()
    const { tocsin } = stage
    postmortems = []
    for (const document of pastIncidents(COUNT, Date.parse('2026-06-30T09:00:00Z'))) {
      const done = await tocsin.api<{ postmortemIds: string[] }>(
        'POST',
        '/api/v1/postmortems/import',
        document,
      )
      postmortems.push(...done.postmortemIds)
    }
    incident = (
      await tocsin.api<{ id: string }>('POST', '/api/v1/incidents', {
        title: 'Certificate of the documentation has expired again',
        severity: 'SEV2',
        serviceIds: ['docs'],
        detection: 'customer',
      })
    ).id
    await tocsin.api('POST', `/api/v1/incidents/${incident}/timeline`, {
      text: 'A <b>walrus</b> & a <script>alert(1)</script> certificate in the log',
    })
  })
  after(async () => {
    await stage?.stop()
  })

  const open = async (page: Page, path: string) => {
    await page.goto(stage.tocsin.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
  }

  test('from any page one key leads to the search, and what is found leads on', async () => {
    const { context, page } = await stage.signedIn()
    await open(page, '/')
    await page.keyboard.press('/')
    await page.keyboard.type('certificate documentation')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/search\?q=certificate/)
    await page.locator('.hit').first().waitFor()
    const first = page.locator('.hit').first()
    assert.match(await first.innerText(), /Post-mortem/)
    assert.ok((await first.locator('mark').allInnerTexts()).some((text) => /certificate/i.test(text)))
    await first.getByRole('link').click()
    await page.waitForURL(/\/post-mortems\//)
    // A list has a search of its own; two keys lead past it.
    await open(page, '/incidents')
    await page.keyboard.press('g')
    await page.keyboard.press('/')
    await page.waitForURL(/\/search$/)
    await page.locator('input[data-takes-focus]:focus').waitFor()
    await page.keyboard.type('walrus')
    await page.waitForURL(/q=walrus/)
    await page.locator('.hit mark').first().waitFor()
    await context.close()
  })

  test('what was written is shown as text, never as markup', async () => {
    const { context, page } = await stage.signedIn()
    await open(page, '/search?q=walrus')
    const hit = page.locator('.hit')
    await hit.first().waitFor()
    assert.match(await hit.first().innerText(), /A <b>walrus<\/b> & a <script>alert\(1\)<\/script>/)
    assert.deepEqual(await hit.first().locator('mark').allInnerTexts(), ['walrus'])
    assert.equal(await hit.locator('b, script').count(), 0)
    await context.close()
  })

  test('filters narrow the search and stand in the address', async () => {
    const { context, page } = await stage.signedIn()
    await open(page, '/search?q=documentation')
    const count = async () => Number(/^[\d,]+/.exec(await page.locator('.found').innerText())?.[0] ?? 1)
    await page.locator('.hit').first().waitFor()
    const all = await count()
    await page.getByLabel('Failure class', { exact: true }).first().click()
    await page.getByRole('option', { name: 'Certificate ends unrenewed' }).click()
    await page.waitForURL(/failureClass=certificate.expired/)
    await page.waitForFunction(
      `Number(/^[0-9,]+/.exec(document.querySelector('.found').innerText)?.[0] ?? 1) < ${all}`,
    )
    assert.ok((await count()) > 0)
    await open(page, '/search?q=nothingissowritten')
    await page.getByText('Nothing is written so').waitFor()
    await context.close()
  })

  test('the room of an incident shows what was like it, and why', async () => {
    const { context, page } = await stage.signedIn()
    await open(page, `/incidents/${incident}`)
    const card = page.getByRole('region', { name: 'Others like it' })
    await card.getByText('same failure class: Certificate ends unrenewed').first().waitFor()
    await card.getByText('shares the service: Documentation').first().waitFor()
    await card.getByRole('link').first().click()
    await page.waitForURL(/\/post-mortems\//)
    await context.close()
  })

  test('what was read from the text is told as that, and a person says better', async () => {
    const { context, page } = await stage.signedIn()
    const [id] = postmortems
    await open(page, `/post-mortems/${id}`)
    const card = page.getByRole('region', { name: 'What it was' })
    await card.getByRole('button', { name: 'Change' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Contributing factors' }).click()
    await page.getByRole('option', { name: 'Too many alerts' }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await card.getByText('Too many alerts').waitFor()
    const record = await stage.tocsin.api<LearningRecord>('GET', `/api/v1/learning/records/${id}`)
    assert.ok(record.factors.some((one) => one.id === 'alert-noise' && one.origin === 'person'))
    await context.close()
  })

  test('what recurs leads to what it counts; every point of a distribution is drawn', async () => {
    const { context, page } = await stage.signedIn()
    await open(page, '/learning')
    const back = page.getByRole('region', { name: 'Came back after it was closed' })
    await back.getByText('Certificate ends unrenewed').first().waitFor()
    await page.getByRole('tab', { name: 'How long it took' }).click()
    const times = await stage.tocsin.api<{
      metrics: { name: string; recorded: number; notRecorded: number }[]
    }>('GET', '/api/v1/learning/times')
    const ttr = times.metrics.find(({ name }) => name === 'TTR')!
    const card = page.getByRole('region', { name: 'Until it was resolved' })
    await card.locator('circle').first().waitFor()
    assert.equal(await card.locator('circle').count(), ttr.recorded)
    assert.match(
      await card.innerText(),
      new RegExp(`${ttr.recorded} recorded · ${ttr.notRecorded} not recorded`),
    )
    assert.match(await card.innerText(), /TTR = impact start → resolved/)
    assert.doesNotMatch(await page.locator('main').innerText(), /\b(?:average|mean time|MTTR)\b/i)
    const tta = page.getByRole('region', { name: 'Until somebody acknowledged' })
    assert.match(await tta.innerText(), /Not recorded of any of the/)
    await page.getByRole('tab', { name: 'What recurs' }).click()
    await page.getByRole('region', { name: 'Failure classes' }).getByRole('link').first().click()
    await page.waitForURL(/\/search\?failureClass=/)
    await page.locator('.hit').first().waitFor()
    await context.close()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`is accessible and does not scroll sideways: ${screen}, ${colorScheme}`, async () => {
        const { context, page } = await stage.signedIn({ ...options, colorScheme })
        for (const [name, path] of [
          ['search', '/search?q=certificate documentation'],
          ['recurs', '/learning'],
          ['times', '/learning?tab=times'],
          ['detection', '/learning?tab=detection'],
          ['incident', `/incidents/${incident}`],
          ['postmortem', `/post-mortems/${postmortems[0]}`],
        ] as const) {
          await open(page, path)
          if (PICTURES)
            await page.screenshot({
              path: `${PICTURES}/${name}-${screen}-${colorScheme}.png`,
              fullPage: true,
            })
          await assertAccessible(page, `${path}, ${screen}, ${colorScheme}`)
          const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${path} scrolls sideways by ${wide} on the ${screen}`)
        }
        await context.close()
      })

  test('scripts and policies have nothing to complain about', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})
