import { startBrowser } from '../test/harness/browser.ts'
import type { RunningTocsin } from '../test/harness/tocsin.ts'
import { type Figure, percentile } from './figure.ts'

const LOADS = 20
const PASSWORD = 'a long enough benchmark password'

/** What each page shows first that comes from the server. */
const FIRST_DATA: Record<string, string> = {
  '/': 'main table.rows tbody tr',
  '/monitors': 'main table tbody tr',
}

/** How long a signed-in person waits in Chromium for the first data of a page, from the address to the row. */
export async function measurePages(tocsin: RunningTocsin): Promise<Figure[]> {
  const browser = await startBrowser(() => tocsin.url)
  try {
    const context = await browser.open({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(/http\S+\/setup\S+/.exec(tocsin.output())![0])
    await page.getByLabel('Your name').fill('Bench')
    await page.getByLabel('E-mail').fill('bench@example.org')
    await page.locator('input[type=password]').first().fill(PASSWORD)
    await page.locator('input[type=password]').last().fill(PASSWORD)
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.getByRole('link', { name: 'Monitors' }).first().waitFor()
    const figures: Figure[] = []
    for (const [path, selector] of Object.entries(FIRST_DATA)) {
      const waits: number[] = []
      for (let i = 0; i < LOADS; i++) {
        const from = performance.now()
        await page.goto(tocsin.url + path, { waitUntil: 'commit' })
        await page.locator(selector).first().waitFor()
        waits.push(performance.now() - from)
      }
      figures.push({
        name: `first data of ${path} in Chromium, 95th percentile`,
        value: percentile(waits, 95),
        unit: 'ms',
        against: { name: 'limit', value: 500, unit: 'ms' },
        ratio: percentile(waits, 95) / 500,
        bar: '< 1',
        context: { loads: LOADS, medianMs: Math.round(percentile(waits, 50)) },
      })
    }
    return figures
  } finally {
    await browser.stop()
  }
}
