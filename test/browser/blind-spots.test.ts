/** The map of an example company of forty services: understood at a glance, and every cell opens onto what to do. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { BlindSpotDetail, BlindSpots } from '../../src/contract/cases.ts'
import { assertAccessible, DESK, PHONE, type RunningBrowser, startBrowser } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin, until } from '../harness/tocsin.ts'
import { COMPANY_SIZE, company, DRILLED } from './company.ts'
import { PASSWORD } from './stage.ts'

// Where somebody wants to look at the pictures: TOCSIN_PICTURES=/some/folder
const PICTURES = process.env.TOCSIN_PICTURES

describe('the blind spots of forty services', needs('chromium'), () => {
  let tocsin: RunningTocsin
  let browser: RunningBrowser
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>>
  const pages: Page[] = []

  async function page(path: string, options = DESK): Promise<Page> {
    const context = await browser.open({ ...options, storageState })
    const opened = await context.newPage()
    await opened.goto(tocsin.url + path)
    await opened.getByRole('heading', { level: 1 }).waitFor()
    await opened.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
    pages.push(opened)
    return opened
  }
  async function picture(of: Page, name: string): Promise<void> {
    if (PICTURES) await of.screenshot({ path: `${PICTURES}/${name}.png` })
  }
  const map = () => tocsin.api<BlindSpots>('GET', '/api/v1/blind-spots')
  const cellOf = async (of: BlindSpots, service: string, failureClass: string) =>
    of.services.find(({ id }) => id === service)!.cells.find((one) => one.failureClass === failureClass)!

  before(async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    browser = await startBrowser(() => url)
    tocsin = await startTocsin({ port, config: company(url, await freePort()) })
    const context = await browser.open(DESK)
    const first = await context.newPage()
    await first.goto(/http\S+\/setup\S+/.exec(tocsin.output())![0])
    await first.getByLabel('Your name').fill('Dana Moreau')
    await first.getByLabel('E-mail').fill('dana@example.org')
    await first.locator('input[type=password]').first().fill(PASSWORD)
    await first.locator('input[type=password]').last().fill(PASSWORD)
    await first.getByRole('button', { name: 'Begin' }).click()
    await first.getByRole('link', { name: 'Monitors' }).first().waitFor()
    storageState = await context.storageState()
    await context.close()
    // Everybody has answered their first mail; without that nobody could be paged, and the map would say so.
    const db = new DatabaseSync(join(tocsin.folder, 'data', 'core.db'), { timeout: 10_000 })
    db.exec("UPDATE contacts SET state = 'verified', verified_at = created_at")
    db.close()
    for (const id of [...DRILLED.map((one) => `${one}-faults`), 'docs-wakes-somebody'])
      await tocsin.api('POST', `/api/v1/drills/${id}/run`)
    await tocsin.until('every drill to end', 120_000, async () => {
      const { items } = await tocsin.api<{ items: { state: string }[] }>('GET', '/api/v1/drills')
      return items.every(({ state }) => !['never run', 'running'].includes(state))
    })
    const never = 'The phones are rented; their vendor watches the registrar.'
    const body = { serviceId: 'callcentre', failureClass: 'registrar.broken', reason: never }
    await tocsin.api('POST', '/api/v1/blind-spots/not-applicable', body)
  })
  after(async () => {
    for (const one of pages) await one.context().close()
    await browser?.stop()
    await tocsin?.stop()
  })

  test('what is known of the company stands in the map', async () => {
    const found = await map()
    assert.equal(found.services.length, COMPANY_SIZE)
    const is = async (service: string, failureClass: string, state: string) => {
      const cell = await cellOf(found, service, failureClass)
      assert.equal(cell.state, state, `${service}, ${failureClass}: ${cell.reason}`)
    }
    // A strict monitor, drilled; one that takes any certificate, drilled; one that nobody has played.
    await is('docs', 'certificate.identity', 'proved')
    await is('desktops', 'certificate.identity', 'unseen')
    await is('git', 'certificate.identity', 'unproven')
    await is('docs', 'page.unanswered', 'proved')
    await is('invoices', 'escalation.single-person', 'unseen')
    await is('docs', 'escalation.single-person', 'not-exposed')
    await is('phones', 'resource.leak', 'unseen')
    await is('payroll', 'service.down', 'unseen')
    await is('callcentre', 'registrar.broken', 'not-applicable')
    await is('printing', 'data.retention', 'not-exposed')
    for (const one of Object.values(found.counts)) assert.ok(one > 0, JSON.stringify(found.counts))
  })

  test('every cell opens onto what to do', async () => {
    const found = await map()
    let looked = 0
    for (const { id, cells } of found.services)
      for (const { failureClass, state } of cells) {
        const path = `/api/v1/blind-spots/${id}/${failureClass}`
        if (state === 'not-exposed' && looked++ % 7 > 0) continue
        const detail = await tocsin.api<BlindSpotDetail>('GET', path)
        assert.equal(detail.state, state, path)
        if (state === 'unseen' || state === 'unproven')
          assert.ok(detail.mends.length > 0 || failureClass === 'view.inside-only', `${path} mends nothing`)
        if (state === 'not-applicable') assert.ok(detail.judgements.length > 0, path)
        if (state !== 'not-exposed') assert.ok(detail.exposure.length > 0, path)
      }
  })

  for (const colorScheme of ['light', 'dark'] as const)
    test(`the matrix at a glance, ${colorScheme}`, async () => {
      const shown = await page('/blind-spots', { ...DESK, colorScheme })
      const found = await map()
      assert.equal(await shown.locator('.spots tbody tr').count(), COMPANY_SIZE)
      const lead = await shown.locator('.page-head .dim').textContent()
      assert.match(
        lead!,
        new RegExp(
          `^${found.counts.unseen} failures would pass unseen at \\d+ of 40 services; ${found.counts.unproven} more`,
        ),
      )
      // The worst first.
      const counts = await shown
        .locator('.spots tbody th')
        .evaluateAll((heads) =>
          heads.map((head) => Number(head.querySelector('.spots-count')?.textContent ?? 0)),
        )
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => b - a),
      )
      await assertAccessible(shown, `the map, ${colorScheme}`)
      await picture(shown, `map-${colorScheme}`)
      // Heads stay where they are while the rest scrolls.
      await shown.locator('.spots-scroll').evaluate((one) => one.scrollTo(0, 600))
      const top = await shown.locator('.spots-scroll').evaluate((one) => one.getBoundingClientRect().top)
      const head = await shown.locator('.spots-groups').evaluate((one) => one.getBoundingClientRect().top)
      assert.ok(Math.abs(head - top) < 3, `${head} ${top}`)
      const wide = Number(await shown.evaluate('document.documentElement.scrollWidth - innerWidth'))
      assert.ok(wide <= 0, `it scrolls sideways by ${wide}`)
    })

  test('a cell tells why, and what to do; a drill is created from it and the map follows', async () => {
    const shown = await page('/blind-spots')
    await shown
      .getByRole('button', { name: 'Single sign-on, Certificate ends unrenewed: Seen, not proved' })
      .click()
    const drawer = shown.getByRole('dialog')
    await drawer.getByRole('heading', { name: 'What to do' }).waitFor()
    await drawer.getByText('It has a TLS endpoint').waitFor()
    await until('the drawer stands still', 10_000, async () =>
      Boolean(
        await shown.evaluate(`document.getAnimations().every(({ playState }) => playState !== 'running')`),
      ),
    )
    await assertAccessible(shown, 'the drawer')
    await picture(shown, 'cell')
    await drawer.getByRole('button', { name: 'Create the drill and play it' }).click()
    await shown.waitForURL(/\/drills\/identity-tls-/)
    await tocsin.until(
      'the cell to be proved',
      60_000,
      async () => (await cellOf(await map(), 'identity', 'certificate.expired')).state === 'proved',
    )
  })

  test('a cell without a monitor offers one, and tries it', async () => {
    const shown = await page('/blind-spots?cell=payroll~service.down')
    const drawer = shown.getByRole('dialog')
    await drawer.getByLabel('url').fill(`${tocsin.url}/healthz`)
    await drawer.getByLabel('expect.contains').fill('"ok"')
    await drawer.getByRole('button', { name: 'Try it' }).click()
    await drawer
      .getByRole('status')
      .getByText(/200|ok|body/i)
      .first()
      .waitFor()
    await picture(shown, 'cell-add')
    await drawer.getByRole('button', { name: 'Add this http monitor' }).click()
    await shown.waitForURL(/\/monitors\/payroll-http/)
    assert.notEqual((await cellOf(await map(), 'payroll', 'service.down')).state, 'not-exposed')
  })

  test('somebody says that it cannot happen here, with a reason and a name', async () => {
    const shown = await page('/blind-spots?cell=printing~service.down')
    const drawer = shown.getByRole('dialog')
    await drawer.getByRole('heading', { name: 'What to do' }).waitFor()
    await picture(shown, 'judge')
    await drawer.getByRole('button', { name: 'It cannot happen here …' }).click()
    await drawer.getByLabel('Why it cannot happen here').fill('Nobody prints any more.')
    await drawer.getByRole('button', { name: 'Say so' }).click()
    await drawer.getByText('Dana Moreau: Nobody prints any more.').waitFor()
    assert.equal((await cellOf(await map(), 'printing', 'service.down')).state, 'not-applicable')
    await drawer.getByRole('button', { name: 'It can happen after all …' }).click()
    await drawer.getByLabel('Why it can happen after all').fill('The labels for parcels.')
    await drawer.getByRole('button', { name: 'Take it back' }).click()
    await drawer.getByRole('button', { name: 'It cannot happen here …' }).waitFor()
    assert.notEqual((await cellOf(await map(), 'printing', 'service.down')).state, 'not-applicable')
  })

  test('by keyboard, and narrowed to what matters', async () => {
    const shown = await page('/blind-spots')
    await shown.locator('[data-at="0 0"]').focus()
    await shown.keyboard.press('ArrowRight')
    await shown.keyboard.press('ArrowDown')
    assert.equal(await shown.evaluate('document.activeElement.dataset.at'), '1 1')
    await shown.keyboard.press('Enter')
    await shown.getByRole('dialog').getByRole('heading', { level: 3 }).first().waitFor()
    await shown.keyboard.press('Escape')
    await shown.getByRole('dialog').waitFor({ state: 'detached' })
    await shown
      .getByRole('button', { name: /Not applicable/ })
      .first()
      .click()
    await until(
      'one service is left',
      10_000,
      async () => (await shown.locator('.spots tbody tr').count()) === 1,
    )
  })

  test('on a phone it is a list, in both colours', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const shown = await page('/blind-spots', { ...PHONE, colorScheme })
      assert.equal(await shown.locator('.spots-list > li').count(), COMPANY_SIZE)
      await assertAccessible(shown, `the list, ${colorScheme}`)
      await picture(shown, `phone-${colorScheme}`)
      const wide = Number(await shown.evaluate('document.documentElement.scrollWidth - innerWidth'))
      assert.ok(wide <= 0, `it scrolls sideways by ${wide}`)
      await shown.locator('.spot-chip').first().click()
      await shown.getByRole('dialog').getByRole('heading', { name: 'What to do' }).waitFor()
      await picture(shown, `phone-cell-${colorScheme}`)
    }
  })

  test('this could happen to us: values, what it would create, and the drill that passes', async () => {
    const list = await page('/cases')
    await list.getByRole('link', { name: 'The renewal hangs, and the certificate ends' }).waitFor()
    assert.equal(await list.locator('.rows tbody tr').count(), 7)
    await assertAccessible(list, 'the cases')
    await picture(list, 'cases')
    const shown = await page('/cases/renewal-that-hangs?service=support')
    const drawer = shown.getByRole('dialog')
    await drawer.getByRole('button', { name: 'Show what would be created' }).click()
    await drawer.getByText('Some values are needed').waitFor()
    assert.equal(await drawer.getByLabel(/Name of the service/).inputValue(), 'support.example.org')
    await drawer.getByLabel(/When the renewal runs/).fill('0 2 * * *')
    await drawer.getByRole('button', { name: 'Show it again' }).click()
    await drawer.getByText('Some values are needed').waitFor({ state: 'detached' })
    await assertAccessible(shown, 'the plan')
    await picture(shown, 'adopt')
    await drawer.getByRole('button', { name: 'Create it' }).click()
    await shown.waitForURL(/\/drills\/support-renewal-that-hangs/)
    await tocsin.until('the drill to pass', 60_000, async () => {
      const { state, reason } = await tocsin.api<{ state: string; reason: string }>(
        'GET',
        '/api/v1/drills/support-renewal-that-hangs',
      )
      assert.notEqual(state, 'failed', reason)
      return state === 'passed'
    })
    await shown.goto(`${tocsin.url}/drills/support-renewal-that-hangs`)
    await shown
      .getByRole('region', { name: 'From each fault to the page' })
      .getByText('support-renewal')
      .first()
      .waitFor()
    await assertAccessible(shown, 'the drill of a case')
    await picture(shown, 'case-drill')
    await shown.goto(`${tocsin.url}/cases/renewal-that-hangs`)
    await shown.getByText('its drill').waitFor()
    await assertAccessible(shown, 'one case')
    await picture(shown, 'case')
    assert.deepEqual(browser.complaints, [])
  })

  test('a post-mortem becomes a case in a few clicks', async () => {
    const incident = await tocsin.api<{ id: string }>('POST', '/api/v1/incidents', {
      title: 'The shop sold nothing',
      severity: 'SEV2',
      serviceIds: ['shop'],
    })
    for (const state of ['mitigated', 'resolved'])
      await tocsin.api('PATCH', `/api/v1/incidents/${incident.id}`, { state })
    const postmortem = await tocsin.until('the draft of the post-mortem', 30_000, async () => {
      const path = `/api/v1/incidents/${incident.id}`
      return (await tocsin.api<{ postmortemId: string | null }>('GET', path)).postmortemId
    })
    const shown = await page(`/post-mortems/${postmortem}`)
    await shown.getByRole('link', { name: 'Make a case' }).click()
    const drawer = shown.getByRole('dialog')
    await drawer.getByText('Not found out').waitFor()
    assert.equal(await drawer.getByLabel('Id').inputValue(), 'the-shop-sold-nothing')
    await drawer.getByLabel('What happened').fill('Nothing could be bought for 40 minutes.')
    await drawer.getByLabel('Lesson').fill('Buy something every minute.')
    await assertAccessible(shown, 'a case of a post-mortem')
    await picture(shown, 'write')
    await drawer.getByRole('button', { name: 'Make the case' }).click()
    await shown.getByRole('heading', { level: 1, name: 'The shop sold nothing' }).waitFor()
    await shown.getByText('it has struck here').waitFor()
    await shown.getByRole('button', { name: 'Remove', exact: true }).click()
    await shown.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
    await shown.waitForURL(/\/cases$/)
    await shown.getByRole('link', { name: 'The shop sold nothing' }).waitFor({ state: 'detached' })
    await assert.rejects(tocsin.api('GET', '/api/v1/cases/the-shop-sold-nothing'), /404/)
    // Those that come with Tocsin have no such button.
    await shown.goto(`${tocsin.url}/cases/chain-for-old-clients`)
    await shown.getByRole('button', { name: 'This could happen to us' }).waitFor()
    assert.equal(await shown.getByRole('button', { name: 'Remove', exact: true }).count(), 0)
  })
})
