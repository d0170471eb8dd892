/** A whole Tocsin with a page that is well, one that is not, and somebody signed in. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { BrowserContext, Page } from 'playwright-core'
import { DESK, type RunningBrowser, startBrowser } from '../harness/browser.ts'
import { freePort } from '../harness/ports.ts'
import { type RunningTocsin, startTocsin } from '../harness/tocsin.ts'

export const PASSWORD = 'a bell that wakes the right person'

export interface Stage {
  tocsin: RunningTocsin
  browser: RunningBrowser
  /** Sets up the first administrator by the printed link, or takes the session over to another screen. */
  signedIn(options?: Parameters<RunningBrowser['open']>[0]): Promise<{ context: BrowserContext; page: Page }>
  setUpLink(): string
  stop(): Promise<void>
}

/** `more` is added to the monitors of the configuration; `closed` is a port at which nobody listens. `adapt` changes the rest. */
export async function startStage(
  more: (closed: number) => string = () => '',
  adapt: (config: string) => string = (config) => config,
): Promise<Stage> {
  const well = createServer((_, answer) => answer.end('Documentation')).listen(0, '127.0.0.1')
  await once(well, 'listening')
  const { port } = well.address() as { port: number }
  const closed = await freePort()
  const own = await freePort()
  const url = `http://127.0.0.1:${own}`
  const browser = await startBrowser(() => url)
  const tocsin = await startTocsin({
    port: own,
    config: adapt(configuration(url, port, closed)) + more(closed),
  })
  let state: Awaited<ReturnType<BrowserContext['storageState']>> | null = null
  const setUpLink = () => /http\S+\/setup\S+/.exec(tocsin.output())![0]
  return {
    tocsin,
    browser,
    setUpLink,
    async signedIn(options = DESK) {
      const context = await browser.open(state ? { ...options, storageState: state } : options)
      const page = await context.newPage()
      if (!state) {
        await setUp(page, setUpLink())
        state = await context.storageState()
      }
      return { context, page }
    },
    async stop() {
      await browser.stop()
      await tocsin.stop()
      well.closeAllConnections()
      well.close()
    },
  }
}

/** What somebody does with the link that the server printed. */
async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill('Dana Moreau')
  await page.getByLabel('E-mail').fill('dana@example.org')
  await page.locator('input[type=password]').first().fill(PASSWORD)
  await page.locator('input[type=password]').last().fill(PASSWORD)
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByRole('link', { name: 'Monitors' }).first().waitFor()
}

function configuration(url: string, well: number, closed: number): string {
  return `publicUrl: ${url}
services:
  docs: { name: Documentation, owner: web, audience: public }
  git: { name: Source hosting, owner: web }
people:
  ana: { name: Ana Lindqvist, email: ana@example.org, role: administrator, timezone: Europe/Paris }
  bo: { name: Bo Okafor, email: bo@example.org, role: responder, timezone: Europe/Paris }
teams:
  web: { name: Web team, members: [ana, bo], schedule: web-week, policy: default }
oncall:
  web-week: { name: Web week, rotation: weekly, from: "2026-01-05T09:00", timezone: Europe/Paris, order: [ana, bo] }
policies:
  default: { steps: [{ notify: [{ schedule: web-week }], wait: 5m }], lastResort: { people: [bo] } }
monitors:
  docs-front: { service: docs, type: http, url: "http://127.0.0.1:${well}/", every: 5s }
  git-front: { service: git, type: http, url: "http://127.0.0.1:${closed}/", every: 5s, confirm: 1 }
`
}
