/** A replay that somebody watches: it plays, pauses, steps, and puts what was beside what would be. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { startWebhook, type Webhook } from '../harness/watcher.ts'
import { type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES
const BEGAN = Date.parse('2026-01-05T02:10:00Z')
const minutesIn = (minutes: number) => new Date(BEGAN + minutes * 60_000).toISOString()

// Enough for a replay that still ran to move on.
const TWO_FRAMES = 'new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))'

const TOLD = {
  title: 'The certificate expired in the night',
  began: minutesIn(0),
  noticed: minutesIn(97),
  reached: minutesIn(112),
  over: minutesIn(171),
  timeline: [
    { at: minutesIn(0), text: 'The certificate expires. Nobody looks at it.' },
    { at: minutesIn(41), text: 'The first user writes a mail to the general address.' },
    { at: minutesIn(97), text: 'Somebody reads it over breakfast and tries the site.' },
    { at: minutesIn(112), text: 'The one who knows the renewal is on the phone.' },
    { at: minutesIn(140), text: 'The renewal had been failing for three weeks.' },
    { at: minutesIn(171), text: 'A new certificate is served.' },
  ],
}

const PLACES = `  berlin-probe: { service: docs, type: place, place: berlin, silence: 2m, every: 30s, confirm: 1 }
  shop: { service: docs, type: tcp, target: "127.0.0.1:9", every: 60s, places: [here, berlin, tokyo], quorum: 2 }
`

describe('watching a replay', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let hook: Webhook
  const api = <T = { id: string }>(method: string, path: string, body?: unknown) =>
    stage.tocsin.api<T>(method, path, body)

  before(async () => {
    stage = await startStage(() => PLACES)
    ;({ page } = await stage.signedIn({ ...DESK, viewport: { width: 1280, height: 900 } }))
    hook = await startWebhook()
    // Somebody who can be reached, so that there is somebody to page.
    for (const person of ['ana', 'bo'])
      await api('POST', `/api/v1/people/${person}/contacts`, { kind: 'webhook', address: { url: hook.url } })
    await stage.tocsin.until('both are asked to verify', 20_000, async () => hook.told.length >= 2)
    for (const told of hook.told) {
      const [, secret] = /\/verify\/([\w.-]+)/.exec(JSON.stringify(told))!
      const url = `${stage.tocsin.url}/verify/${secret}`
      const { status } = await fetch(url, { method: 'POST', headers: { origin: stage.tocsin.url } })
      assert.equal(status, 200)
    }
    await api('POST', '/api/v1/drills', {
      id: 'that-night',
      settings: {
        kind: 'incident-replay',
        name: 'The night of the certificate',
        monitor: 'docs-front',
        of: { told: TOLD },
        expect: [
          { verdict: 'down', within: '5m' },
          { page: 'anyone', within: '10m' },
        ],
      },
    })
    const run = await api('POST', '/api/v1/drills/that-night/run')
    await stage.tocsin.until('the drill ends', 60_000, async () => {
      const now = await api<{ state: string; reason: string }>('GET', `/api/v1/drill-runs/${run.id}`)
      if (now.state === 'failed' || now.state === 'inconclusive') throw new Error(now.reason)
      return now.state === 'passed'
    })
    await page.goto(`${stage.tocsin.url}/drills/that-night`)
    await page.getByRole('region', { name: 'As it would be today' }).waitFor()
  })
  after(async () => {
    await hook?.stop()
    await stage?.stop()
  })

  const was = () => page.getByRole('region', { name: 'As it was', exact: true })
  const would = () => page.getByRole('region', { name: 'As it would be today' })
  const lines = async () => (await was().locator('li').count()) + (await would().locator('li').count())
  const now = async () => (await page.locator('.replay-now').textContent()) ?? ''

  test('the minutes gained stand above it, and both timelines beside each other', async () => {
    const gained = page.locator('.replay-gained')
    await gained.getByText('gained', { exact: false }).first().waitFor()
    assert.match((await gained.textContent()) ?? '', /1 h 3\d min gaineduntil it was noticed1 h 37 min then/)
    assert.match((await gained.textContent()) ?? '', /until somebody was reached/)
    const [left, right] = [(await was().boundingBox())!, (await would().boundingBox())!]
    assert.ok(Math.abs(left.y - right.y) < 2 && right.x > left.x + left.width - 1, 'side by side')
    assert.equal(await now(), 'everything')
    const tracks = page.locator('.replay-lane')
    assert.equal(await tracks.count(), 2)
    assert.match((await tracks.first().getAttribute('aria-label'))!, /^As it was: known after 1 h 37 min/)
  })

  test('it plays from the beginning, shows what has come by then, and can be held', async () => {
    const all = await lines()
    await page.getByRole('button', { name: 'Watch it' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.waitForFunction("document.querySelectorAll('.replay-side li').length > 1")
    assert.ok((await lines()) < all, 'what is yet to come is not there')
    await page.getByRole('button', { name: 'Pause' }).click()
    const held = await now()
    const seen = await lines()
    assert.match(held, /^(\+|onset)/)
    await page.evaluate(TWO_FRAMES)
    assert.deepEqual([await now(), await lines()], [held, seen])
    await page.getByRole('button', { name: 'To the next event' }).click()
    assert.ok((await lines()) > seen, 'a step shows the next one')
    assert.equal(await page.locator('.replay-head').count(), 2, 'where it stands is on both')
  })

  test('with the keyboard too, and at its end it shows everything again', async () => {
    const slider = page.getByRole('slider', { name: 'Time after the onset' })
    await slider.focus()
    await page.keyboard.press('Home')
    assert.equal(await now(), 'onset')
    await page.keyboard.press('ArrowRight')
    assert.notEqual(await now(), 'onset')
    await page.keyboard.press('End')
    assert.equal(await now(), 'everything')
    await page.getByText('3×', { exact: true }).click()
    await page.getByRole('button', { name: 'Watch it' }).press('Enter')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByRole('button', { name: 'Watch it' }).waitFor({ timeout: 30_000 })
    assert.equal(await now(), 'everything')
  })

  for (const [screen, options] of [
    ['desk', { ...DESK, viewport: { width: 1280, height: 900 } }],
    ['phone', PHONE],
  ] as const)
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${screen}, ${colorScheme}`, async () => {
        const other = (await stage.signedIn({ ...options, colorScheme })).page
        await other.goto(`${stage.tocsin.url}/drills/that-night`)
        await other.getByRole('region', { name: 'As it would be today' }).waitFor()
        const slider = other.getByRole('slider', { name: 'Time after the onset' })
        await slider.fill(String(104 * 60_000))
        await assertAccessible(other, `a replay, ${screen}, ${colorScheme}`)
        assert.equal(await other.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
        if (PICTURES)
          await other.screenshot({ path: `${PICTURES}/watch-${screen}-${colorScheme}.png`, fullPage: true })
        await other.context().close()
      })

  test('a case is watched too: how it went where it happened, beside how it would go here', async () => {
    const [incident] = (
      await api<{ items: { id: string; values: { key: string; example: string }[]; past: object | null }[] }>(
        'GET',
        '/api/v1/cases',
      )
    ).items.filter(({ id }) => id === 'chain-for-old-clients')
    const values = Object.fromEntries(incident!.values.map(({ key, example }) => [key, example]))
    const { plans } = await api<{ plans: { drill: { id: string } }[] }>(
      'POST',
      `/api/v1/cases/${incident!.id}/adopt`,
      { serviceIds: ['docs'], values: { docs: values } },
    )
    const { id } = plans[0]!.drill
    const run = await api('POST', `/api/v1/drills/${id}/run`)
    await stage.tocsin.until('the case is played', 60_000, async () => {
      const state = await api<{ state: string }>('GET', `/api/v1/drill-runs/${run.id}`)
      return !['queued', 'running'].includes(state.state)
    })
    await page.goto(`${stage.tocsin.url}/drill-runs/${run.id}`)
    await would().getByText('is paged by webhook').first().waitFor()
    await was().getByText('It begins.').waitFor()
    assert.match((await page.locator('.replay-gained').textContent()) ?? '', /gaineduntil it was noticed/)
    await page.getByRole('region', { name: 'From each fault to the page' }).waitFor()
    await assertAccessible(page, 'a case that was played')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/watch-case.png`, fullPage: true })
  })

  for (const [id, settings, says] of [
    ['cut', { kind: 'cut-off-a-place', monitor: 'berlin-probe' }, 'While berlin was cut off'],
    ['stop', { kind: 'stop-the-watcher', silence: '2s' }, 'What the watcher said'],
  ] as const)
    test(`what came of ${settings.kind} is shown, on a phone too`, async () => {
      await api('POST', '/api/v1/drills', { id, settings })
      const run = await api('POST', `/api/v1/drills/${id}/run`)
      await stage.tocsin.until('the drill ends', 60_000, async () => {
        const { state, reason } = await api<{ state: string; reason: string }>(
          'GET',
          `/api/v1/drill-runs/${run.id}`,
        )
        if (state === 'failed' || state === 'inconclusive') throw new Error(reason)
        return state === 'passed'
      })
      for (const options of [DESK, { ...PHONE, colorScheme: 'dark' as const }]) {
        const other = (await stage.signedIn(options)).page
        await other.goto(`${stage.tocsin.url}/drill-runs/${run.id}`)
        await other.getByRole('region', { name: says }).waitFor()
        await assertAccessible(other, settings.kind)
        assert.equal(await other.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
        const screen = options === DESK ? 'desk' : 'phone'
        if (PICTURES) await other.screenshot({ path: `${PICTURES}/${id}-${screen}.png`, fullPage: true })
        await other.context().close()
      }
    })

  test('a drill that people made is removed from its page, after a second thought', async () => {
    await page.goto(`${stage.tocsin.url}/drills/that-night`)
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
    await page.waitForURL(/\/drills$/)
    await page.getByRole('link', { name: 'The night of the certificate' }).waitFor({ state: 'detached' })
    await assert.rejects(api('GET', '/api/v1/drills/that-night'), /404/)
  })

  test('nothing was complained about', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})
