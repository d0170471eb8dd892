import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { needs, programOf } from '../../test/harness/needs.ts'
import { person, type ResponseWorld, responseWorld } from '../../test/harness/response.ts'
import { listIncidents } from '../incidents/index.ts'
import { openStore } from '../store/open-store.ts'
import { publishUpdate } from './publish-update.ts'
import { snapshotDirectory } from './write-files.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.atom': 'application/atom+xml',
}
const BAD = '<img src=x onerror="document.title=\'owned\'">'

// Runs in the page, so it is text: the types of a browser are not those of this program.
const AXE = `axe
  .run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then((result) => result.violations.map((v) => v.id + ': ' + v.nodes[0]?.html))`

interface Feed {
  broken: string | null
  root: string
  updated: string
  entries: { id: string; title: string; published: string; markup: number; titleMarkup: number }[]
}

// What a reader makes of an entry is an inert document: it must hold no element that users wrote.
const READ_FEED = `(xml) => {
  const feed = new DOMParser().parseFromString(xml, 'application/xml')
  const get = (node, name) => node.getElementsByTagNameNS('http://www.w3.org/2005/Atom', name)
  const count = (text, selector) => new DOMParser().parseFromString(text, 'text/html').querySelectorAll(selector).length
  return {
    broken: feed.querySelector('parsererror')?.textContent ?? null,
    root: feed.documentElement.namespaceURI,
    updated: get(feed, 'updated')[0].textContent,
    entries: [...get(feed, 'entry')].map((entry) => {
      const text = (name) => get(entry, name)[0].textContent
      return {
        id: text('id'), title: text('title'), published: text('published'),
        markup: count(text('content'), 'img, script'), titleMarkup: count(text('title'), 'img'),
      }
    }),
  }
}`

describe('the status page in a browser', needs('chromium'), () => {
  let it: ResponseWorld
  let browser: Browser
  let server: Server
  let address: string
  let incidentId: string

  before(async () => {
    it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }), {
      statusPage: { name: 'Lab services', description: 'How our services are doing.' },
    })
    await it.travel('26h')
    await it.alert('a')
    incidentId = (await listIncidents(it.store.read))[0]!.id
    await it.travel('10m')
    await publishUpdate(it.world, person('ana'), {
      incidentId,
      status: 'identified',
      body: `We know **why**: ${BAD}\n\n- one\n- two`,
      title: `Slow pages ${BAD}`,
    })
    await it.alert('b', { serviceId: 'shop', severity: 'warning' })
    await it.travel('1s')
    server = createServer((request, response) => {
      try {
        const path = new URL(request.url!, 'http://x').pathname
        const body = readFileSync(
          join(snapshotDirectory(it.publicDirectory), path === '/' ? 'index.html' : path),
        )
        response
          .writeHead(200, { 'content-type': `${TYPES[extname(path)] ?? 'text/html'}; charset=utf-8` })
          .end(body)
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: programOf('chromium')!, args: ['--no-sandbox'] })
  })
  after(async () => {
    await browser?.close()
    server?.close()
    await it?.close()
  })

  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1200, 360])
      test(`accessible and not wider than the window: ${scheme}, ${width} pixels`, async () => {
        const page = await browser.newPage({
          colorScheme: scheme,
          viewport: { width, height: 800 },
          bypassCSP: true,
        })
        const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
        for (const path of ['/', `/incidents/${incidentId}.html`]) {
          await page.goto(address + path)
          await page.addScriptTag({ path: axe })
          const violations = await page.evaluate<string[]>(AXE)
          assert.deepEqual(violations, [], path)
          const wide = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          assert.equal(wide, 0, path)
        }
        await page.close()
      })

  test('it needs no script, loads nothing from elsewhere, and runs nothing of what users write', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) problems.push(request.url())
    })
    await page.goto(address)
    assert.equal(await page.title(), 'Lab services: Major Service Outage')
    assert.equal(await page.locator('script, img, [onerror]').count(), 0)
    assert.equal(await page.locator('article h3').first().innerText(), `Slow pages ${BAD}`)
    assert.match(await page.locator('article .body').first().innerText(), /We know why: <img src=x onerror=/)
    assert.equal(await page.locator('.component').first().locator('.state').innerText(), 'Major outage')
    assert.equal(await page.locator('.bar span').count(), 180)
    await page.locator('article h3 a').click()
    assert.equal(await page.locator('h1').innerText(), `Slow pages ${BAD}`)
    assert.equal(await page.locator('.update').count(), 2)
    assert.deepEqual(
      problems.filter((text) => !text.includes('favicon')),
      [],
    )
    await context.close()
  })

  test('the feed is well-formed Atom with an entry per update under ids that stay', async () => {
    const page = await browser.newPage({ bypassCSP: true })
    await page.goto(address)
    const read = (text: string) => page.evaluate<Feed>(`(${READ_FEED})(${JSON.stringify(text)})`)
    const feed = await read(it.published('history.atom'))
    assert.equal(feed.broken, null)
    assert.equal(feed.root, 'http://www.w3.org/2005/Atom')
    const mine = feed.entries.filter(({ id }) => id.includes(incidentId))
    assert.equal(mine.length, 2)
    for (const { id, markup, titleMarkup } of feed.entries) {
      assert.match(id, /^tag:tocsin\.example\.org,2005:Incident\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
      assert.deepEqual([markup, titleMarkup], [0, 0])
    }
    assert.match(mine[0]!.title, /^\[Identified\] Slow pages &lt;img/)
    assert.equal(feed.updated, mine[0]!.published)
    await it.travel('2h')
    const later = await read(it.published('history.atom'))
    assert.deepEqual(later, feed, 'nothing is announced twice, and a look at the clock is no news')
    await page.close()
  })
})
