import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type CertificateServers, startCertificateServers } from './certificate-servers.ts'
import { type Stage, startStage } from './stage.ts'

const SHAPES = ['alone', 'usual', 'may-2020', 'may-2020-ahead', 'tangle']
const CROSSED = 'USERTrust RSA Certification Authority'

describe('certificates in the browser', needs('chromium'), () => {
  let folder: string
  let servers: CertificateServers
  let stage: Stage
  let page: Page
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-certificates-'))
    servers = await startCertificateServers(folder)
    stage = await startStage(() => servers.monitors)
    ;({ page } = await stage.signedIn({ ...DESK, viewport: { width: 1280, height: 900 } }))
    for (const id of SHAPES)
      await stage.tocsin.until(`the first check of ${id}`, 30_000, async () => {
        const { last } = await stage.tocsin.api<{ last: { certificate?: object } | null }>(
          'GET',
          `/api/v1/monitors/${id}`,
        )
        return last?.certificate
      })
  })
  after(async () => {
    await stage?.stop()
    await servers?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const goTo = async (id: string) => {
    await page.goto(`${stage.tocsin.url}/monitors/${id}`)
    await page.locator('.cert-drawing').waitFor()
  }
  const steps = () => page.locator('.cert-node[data-on-path=true] .cert-title').allTextContents()
  const choose = async (client: string) => {
    await page.getByRole('combobox', { name: 'Path of' }).click()
    await page.getByRole('option', { name: client, exact: true }).click()
  }

  test('May 2020: who breaks, since when, through what, and what to send instead', async () => {
    await goTo('may-2020')
    const table = page.getByRole('region', { name: 'Who can still connect' })
    const agents = table.getByRole('row').filter({ hasText: 'shipped agents' })
    await agents.getByText('Breaks').waitFor()
    await agents
      .getByText(`Remedy: stop sending "${CROSSED}" signed by "AddTrust External CA Root"`)
      .waitFor()
    await table.getByRole('row').filter({ hasText: 'browsers' }).getByText('Connects').waitFor()
    // The same in the drawing: the path of the one that is broken is shown first, and the mark names it.
    await page
      .getByRole('group', {
        name: /[45] certificates, 3 sent by the server; shipped agents, set-top boxes cannot connect/,
      })
      .waitFor()
    assert.deepEqual(await steps(), [
      'docs.example.org',
      'Sectigo RSA Domain Validation Secure Server CA',
      CROSSED,
      'AddTrust External CA Root',
    ])
    const marked = page
      .locator('.cert-node')
      .filter({ hasText: /shipped agents: connected until \d+ \w+ \d{4}/ })
    assert.equal(await marked.count(), 1)
    assert.equal(await marked.locator('.cert-title').textContent(), CROSSED)
    await page.getByRole('button', { name: /^Since \d+ \w+ \d{4}: certificate chain expired$/ }).waitFor()
  })

  test('another client takes another path, and the table says the same in words', async () => {
    await choose('browsers')
    assert.deepEqual((await steps()).at(-1), CROSSED)
    assert.equal((await steps()).length, 3)
    const root = page.locator('.cert-node[data-on-path=true]').last()
    assert.match((await root.textContent())!, /from store3.*signs itself/)
    await page.getByText('The same as a table').click()
    const crossed = page
      .locator('.cert-table')
      .getByRole('row')
      .filter({ hasText: 'AddTrust External CA Root' })
      .first()
    assert.match((await crossed.textContent())!, /sent.*shipped agents.*connected until/)
    await choose('every client')
    assert.equal((await steps()).length, 0)
  })

  test('it is walked by the keyboard: along the path, to what stands beside, and opened', async () => {
    await choose('browsers')
    const focused = () => page.evaluate('document.activeElement?.querySelector?.(".cert-title")?.textContent')
    await page.locator('.cert-node').first().focus()
    assert.equal(await focused(), 'docs.example.org')
    await page.keyboard.press('ArrowUp')
    assert.equal(await focused(), 'Sectigo RSA Domain Validation Secure Server CA')
    await page.keyboard.press('ArrowUp')
    const by = () => page.evaluate('document.activeElement?.querySelector?.(".cert-by")?.textContent')
    assert.equal(await by(), 'signs itself', 'the path of the chosen client is followed')
    const before = await by()
    await page.keyboard.press('ArrowLeft')
    if ((await by()) === before) await page.keyboard.press('ArrowRight')
    assert.equal(await by(), 'by AddTrust External CA Root')
    await page.keyboard.press('Enter')
    const facts = page.getByRole('status', { name: CROSSED })
    await facts.getByText('shipped agents, set-top boxes', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await facts.waitFor({ state: 'detached' })
  })

  test('what will break is said with its day, and both ways can be looked at', async () => {
    await goTo('may-2020-ahead')
    await page
      .locator('.cert-mark')
      .filter({ hasText: /^shipped agents: breaks after \d+ \w+ \d{4}$/ })
      .waitFor()
    const now = page.getByRole('button', { name: /^Until \d+ \w+ \d{4}: connects$/ })
    const then = page.getByRole('button', { name: /^From \d+ \w+ \d{4}: certificate chain expired$/ })
    assert.equal(await now.getAttribute('aria-pressed'), 'true')
    assert.equal(await page.locator('.cert-node[data-broken=true]').count(), 0)
    await then.click()
    assert.equal(await page.locator('.cert-node[data-broken=true]').count(), 4)
  })

  test('a usual chain lies in one line, and nobody breaks', async () => {
    await goTo('usual')
    const boxes = await Promise.all((await page.locator('.cert-node').all()).map((one) => one.boundingBox()))
    assert.equal(boxes.length, 3)
    assert.equal(new Set(boxes.map((box) => Math.round(box!.y + box!.height / 2))).size, 1)
    await page.getByText('all 2', { exact: true }).waitFor()
    assert.equal(await page.locator('.cert-mark').count(), 0)
  })

  test('one certificate alone, and fifteen that sign each other, are drawn without lying on each other', async () => {
    await goTo('alone')
    assert.equal(await page.locator('.cert-node').count(), 1)
    await goTo('tangle')
    const boxes = await Promise.all((await page.locator('.cert-node').all()).map((one) => one.boundingBox()))
    assert.ok(boxes.length >= 13, `${boxes.length} certificates`)
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1))
        assert.ok(
          a!.x + a!.width <= b!.x + 1 ||
            b!.x + b!.width <= a!.x + 1 ||
            a!.y + a!.height <= b!.y + 1 ||
            b!.y + b!.height <= a!.y + 1,
          `${JSON.stringify(a)} lies on ${JSON.stringify(b)}`,
        )
    // Text that does not fit would be cut off: the height of each is estimated from its words.
    const cut = await page.evaluate(
      `[...document.querySelectorAll('.cert-node')].filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent)`,
    )
    assert.deepEqual(cut, [])
  })

  test('the inventory: filtered by words, issuer, end and whom it breaks; the address keeps it', async () => {
    await page.goto(`${stage.tocsin.url}/certificates`)
    await page
      .getByRole('status')
      .filter({ hasText: /^5 certificates$/ })
      .waitFor()
    await page.getByRole('combobox', { name: 'Who breaks' }).click()
    await page.getByRole('option', { name: /^Breaks shipped agents \(2\)$/ }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^2 certificates$/ })
      .waitFor()
    await page
      .getByText(/^until \d+ \w+ \d{4}$/)
      .first()
      .waitFor()
    await page.waitForURL((url) => url.searchParams.get('breaks') === 'shipped agents')
    await page.reload()
    await page
      .getByRole('status')
      .filter({ hasText: /^2 certificates$/ })
      .waitFor()
    await page.getByRole('searchbox', { name: 'Search certificates' }).fill('ahead')
    await page
      .getByRole('status')
      .filter({ hasText: /^1 certificate$/ })
      .waitFor()
    // At once, before the address has followed the search: the link must lead on all the same.
    await page.getByRole('link', { name: 'may-2020-ahead' }).click()
    await page.getByRole('heading', { level: 1, name: 'may-2020-ahead' }).waitFor()
    await page.goto(`${stage.tocsin.url}/certificates?issuer=Example+Issuing+E5`)
    await page.getByText(/^due \d+ \w+ \d{4}$/).waitFor()
    await page.goto(`${stage.tocsin.url}/certificates`)
    await page.getByText('Ended', { exact: true }).click()
    await page.getByText('No certificate matches').waitFor()
  })

  test('a renewal is noted on the page, and leads to all that serve it', async () => {
    await goTo('usual')
    const card = page.getByRole('region', { name: 'Certificate', exact: true })
    await card.getByText('not since it is watched').waitFor()
    servers.renew()
    await stage.tocsin.until('the renewal', 30_000, async () => {
      const path = '/api/v1/monitors/usual/renewals'
      return (await stage.tocsin.api<{ summary: string | null }>('GET', path)).summary
    })
    await page.reload()
    await card.getByText(/^renewed 60 days before its end/).waitFor()
    await card.getByText('One renewal').click()
    await card.getByText(/60 days before the end of the old one/).waitFor()
    await card.getByRole('link', { name: 'Who else serves it' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /^1 certificate$/ })
      .waitFor()
    await page.getByText('90 d left').waitFor()
    await page.goto(`${stage.tocsin.url}/certificates?past=true&q=usual`)
    await page
      .getByRole('status')
      .filter({ hasText: /^2 certificates$/ })
      .waitFor()
    await page.getByText('not any more').waitFor()
  })

  test('thousands of certificates come a page at a time, and are searched on the server', async () => {
    addCertificates(join(stage.tocsin.folder, 'data', 'core.db'), 3_000)
    await page.goto(`${stage.tocsin.url}/certificates`)
    await page
      .getByRole('status')
      .filter({ hasText: /^3005 certificates$/ })
      .waitFor()
    const rows = page.locator('tbody tr')
    assert.equal(await rows.count(), 100)
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.locator('tbody tr:nth-child(200)').waitFor()
    await page.getByRole('searchbox', { name: 'Search certificates' }).fill('host-2718.example')
    await page
      .getByRole('status')
      .filter({ hasText: /^1 certificate$/ })
      .waitFor()
    await rows.filter({ hasText: 'host-2718.example.org' }).getByText('3 d left').waitFor()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`accessible, and no wider than the ${screen}, ${colorScheme}`, async () => {
        const { context, page: other } = await stage.signedIn({ ...options, colorScheme })
        for (const path of [...SHAPES.map((id) => `/monitors/${id}`), '/certificates']) {
          await other.goto(stage.tocsin.url + path)
          await other
            .locator(path === '/certificates' ? 'tbody tr' : '.cert-drawing')
            .first()
            .waitFor()
          if (path === '/monitors/tangle') await other.getByText('The same as a table').click()
          await assertAccessible(other, `${path}, ${screen}, ${colorScheme}`)
          const wide = Number(await other.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${path} scrolls sideways by ${wide}`)
        }
        await context.close()
      })

  test('nothing was complained about', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})

/** As if `usual` had looked at so many nodes, each with a certificate of its own. */
function addCertificates(file: string, count: number): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA busy_timeout = 10000')
  const now = Date.now()
  const certificate = db.prepare(
    `INSERT INTO certificates (fingerprint, subject, issuer, names, serial, not_before, not_after, self_signed, first_seen_at)
     VALUES (?, ?, 'O=Example Authority, CN=E1', ?, ?, ?, ?, 0, ?)`,
  )
  const serving = db.prepare(
    `INSERT INTO certificate_servings (monitor_id, node, fingerprint, address, since_at, until_at) VALUES ('usual', ?, ?, ?, ?, NULL)`,
  )
  db.exec('BEGIN IMMEDIATE')
  for (let index = 0; index < count; index++) {
    const fingerprint = `${index.toString(16).padStart(8, '0')}${'ab'.repeat(28)}`
      .toUpperCase()
      .match(/../g)!
      .join(':')
    const name = `host-${index}.example.org`
    const ends = now + (index === 2718 ? 3.5 : 100 + (index % 300)) * 86_400_000
    certificate.run(
      fingerprint,
      `CN=${name}`,
      JSON.stringify([name]),
      String(index),
      now - 86_400_000,
      ends,
      now,
    )
    serving.run(`192.0.2.${index}`, fingerprint, null, now)
  }
  db.exec('COMMIT')
  db.close()
}
