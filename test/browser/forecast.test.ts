import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type MetricServer, startMetricServer } from './metric-server.ts'
import { type Stage, startStage } from './stage.ts'

const METRICS = ['front-memory', 'steady-rows', 'backlog', 'tenants', 'search']

describe('metrics in the browser', needs('chromium'), () => {
  let server: MetricServer
  let stage: Stage
  let page: Page
  before(async () => {
    server = await startMetricServer()
    stage = await startStage(() => server.monitors)
    ;({ page } = await stage.signedIn({ ...DESK, viewport: { width: 1280, height: 900 } }))
    for (const id of METRICS)
      await stage.tocsin.until(`the first check of ${id}`, 30_000, async () => {
        const { last } = await stage.tocsin.api<{ last: object | null }>('GET', `/api/v1/monitors/${id}`)
        return last
      })
  })
  after(async () => {
    await stage?.stop()
    await server?.stop()
  })
  const open = async (id: string, card: string) => {
    await page.goto(`${stage.tocsin.url}/monitors/${id}`)
    return page.getByRole('region', { name: card })
  }

  test('when a limit is reached stands in words, with its interval and what was put back', async () => {
    const card = await open('front-memory', 'Values')
    const said = card.getByText(/^It reaches its limit of 2\.2 GB in [5-9] h/)
    assert.match((await said.textContent())!, / \d+ \w+, \d\d:\d\d$/)
    const more = (await card.locator('.forecast-said .sub').textContent())!
    assert.match(more, /^In nineteen of twenty cases between .*, \d\d:\d\d and .*, \d\d:\d\d\./)
    assert.match(
      more,
      /Growing by 1[0-4]\d(\.\d)? MB an hour \(\d+ MB to 1\d\d MB\)\. Put back once meanwhile/,
    )
    // The sentence of the server and that of the page tell of the same time.
    const { last } = await stage.tocsin.api<{ last: { details: { forecast: { at: number } } } }>(
      'GET',
      '/api/v1/monitors/front-memory',
    )
    const clock = new Date(last.details.forecast.at).toLocaleTimeString('en-GB', {
      timeZone: 'Europe/Paris',
      hour: '2-digit',
      minute: '2-digit',
    })
    await card.getByText(clock).first().waitFor()
  })

  test('the plot is drawn: values, the line ahead, the limit; pointing at it reads it', async () => {
    const card = await open('front-memory', 'Values')
    const plot = card.getByRole('img', {
      name: /^Values over time, between .* and 2\.\d+ GB\. It reaches its limit/,
    })
    await plot.locator('canvas').waitFor()
    const drawn = Number(
      await page.evaluate(`(() => {
        const canvas = document.querySelector('section[aria-label="Values"] canvas')
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        const colours = new Set()
        for (let i = 0; i < data.length; i += 4)
          if (data[i + 3] > 250) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
        return colours.size
      })()`),
    )
    assert.ok(drawn > 4, `only ${drawn} colours on the canvas`)
    for (const text of [
      'measured',
      'fitted line',
      'where it leads in nineteen of twenty cases',
      'put back, as by a restart',
    ])
      await card.getByText(text, { exact: true }).waitFor()
    const box = (await plot.locator('.u-over').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2)
    await card.getByText(/fitted .* GB, between .* GB and .* GB$/).waitFor()
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2)
    await card.getByText(/: measured .* GB$/).waitFor()
  })

  test('without a trend it says so; a limit far away is said, and growth stands beside what is allowed', async () => {
    const card = await open('steady-rows', 'Values')
    await card.getByText('It does not move toward its limit of 900,000').waitFor()
    await card.getByText('Limit: 900,000, too far away to be drawn.').waitFor()
    await card.getByText('Allowed is 1,000.').waitFor()
    await card.getByText(/^(Grew|Fell) by .* in the last 1 h$/).waitFor()
  })

  test('a backlog says when data will be lost, and draws the time after which they are', async () => {
    const card = await open('backlog', 'Backlog')
    await card.getByText(/^Data will be lost at \w+ \d+ \w+, \d\d:\d\d, in 1[12] h( \d\d min)?$/).waitFor()
    await card.getByText(/^The oldest that waits is .* old; what waits 18 h is thrown away\.$/).waitFor()
    const legend = card.getByRole('listitem')
    await legend.filter({ hasText: 'thrown away: 18 h' }).waitFor()
    await legend.filter({ hasText: 'as it goes on' }).waitFor()
  })

  test('shares stand as bars beside what is usual', async () => {
    const card = await open('tenants', 'Who has how much')
    const first = card.getByRole('row').nth(1)
    assert.match((await first.textContent())!, /^tenant-c[67]\d %2\d %$/)
  })

  test('what moved together when it began: the tenant that spikes, not the rows that stand still', async () => {
    const card = await open('search', 'Moved together with')
    await card.getByRole('button', { name: 'Look' }).click()
    await card
      .getByRole('status')
      .filter({ hasText: / of \d+ series moved around its beginning/ })
      .waitFor()
    const rows = card.getByRole('row')
    await rows.filter({ hasText: 'this monitor' }).first().waitFor()
    const tenant = rows.filter({ hasText: 'tenant-c' })
    assert.match((await tenant.first().textContent())!, / up from [89](\.\d+)? to 8\d/)
    assert.equal(await rows.filter({ hasText: 'table_rows' }).count(), 0)
    await tenant.getByRole('link', { name: 'tenants' }).click()
    await page.getByRole('heading', { level: 1, name: 'tenants' }).waitFor()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`accessible, and no wider than the ${screen}, ${colorScheme}`, async () => {
        const { context, page: other } = await stage.signedIn({ ...options, colorScheme })
        for (const id of METRICS) {
          await other.goto(`${stage.tocsin.url}/monitors/${id}`)
          const look = other.getByRole('button', { name: 'Look' })
          await look.click()
          await other
            .getByRole('status')
            .filter({ hasText: /series moved/ })
            .waitFor()
          await assertAccessible(other, `${id}, ${screen}, ${colorScheme}`)
          const wide = Number(await other.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${id} scrolls sideways by ${wide}`)
        }
        await context.close()
      })

  test('nothing was complained about', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})
