/** How actions get done, in the browser: owners, vendors and their promises, issues in a tracker, filters. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startGithub } from '../../src/postmortems/trackers/fake-github-for-tests.ts'
import type { FakeTracker } from '../../src/postmortems/trackers/fake-tracker-for-tests.ts'
import { assertAccessible, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES
const DESK = { viewport: { width: 1280, height: 900 } }

const DOCUMENT = `# The certificate that nobody renewed

## Summary

The certificate of the documentation expired.

## Action items

| Action | Owner | Due | Status |
|---|---|---|---|
| Write down who to call | Dana Moreau | 2026-03-01 | open |
| Ask the vendor why | Kim from the data centre | | open |
`

interface Action {
  id: string
  title: string
  state: string
  owner: string | null
}

describe('actions get done', needs('chromium'), () => {
  let fake: FakeTracker
  let stage: Stage
  let page: Page
  let id: string
  let vendorId: string
  const api = <T = { id: string }>(method: string, path: string, body?: unknown) =>
    stage.tocsin.api<T>(method, path, body)
  const find = async (title: string) =>
    (await api<{ items: Action[] }>('GET', '/api/v1/actions')).items.find((one) => one.title === title)!
  const card = (name: string) => page.getByRole('region', { name })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const dialog = () => page.getByRole('dialog')

  before(async () => {
    fake = await startGithub(() => Date.now())
    stage = await startStage(
      () => `postmortems:\n  trackers: { work: ${fake.entry} }\n  reminders: { quiet: null }\n`,
    )
    await api('POST', '/api/v1/postmortems/import', { name: 'certificate.md', content: DOCUMENT })
    ;({ page } = await stage.signedIn(DESK))
    const incident = await api('POST', '/api/v1/incidents', { title: 'The disk was full', severity: 'SEV3' })
    const postmortem = await api('POST', `/api/v1/incidents/${incident.id}/postmortem`)
    const add = (title: string, more: object) =>
      api('POST', `/api/v1/postmortems/${postmortem.id}/actions`, {
        title,
        type: 'detect',
        criterion: 'A disk that will be full within a day wakes somebody.',
        ...more,
      })
    id = (
      await add('Notice a disk that fills', {
        owner: 'bo',
        dueAt: new Date(Date.now() - 3 * 86_400_000).toISOString(),
      })
    ).id
    vendorId = (await add('Enlarge the volume', { type: 'repair', owner: 'ana' })).id
  })
  after(async () => {
    await stage?.stop()
    await fake?.stop()
  })

  test('an issue is created, and its closing claims the action while one looks on', async () => {
    await page.goto(`${stage.tocsin.url}/actions/${id}`)
    await card('Issue').getByRole('button', { name: 'Issue' }).click()
    await dialog().getByText('Or link one that is there').waitFor()
    await assertAccessible(page, 'asking for an issue')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/actions-ask.png` })
    await dialog().getByRole('button', { name: 'Create it' }).click()
    await card('Issue').getByRole('link', { name: 'acme/site#1' }).waitFor()
    await card('Issue').getByText('Issue open').waitFor()
    assert.equal(await card('Issue').getByRole('link').getAttribute('href'), fake.addressOf('1'))
    assert.match(fake.issues.get('1')!.body, /A disk that will be full/)
    fake.move('1', 'closed')
    const { headers, body } = fake.webhook('1')
    const heard = await fetch(`${stage.tocsin.url}/trackers/work/webhook`, { method: 'POST', headers, body })
    assert.equal(heard.status, 202)
    await page.locator('.page-head').getByText('Claimed, not proved').waitFor()
    await card('About it').getByText('the closing of acme/site#1').first().waitFor()
    await card('Issue').getByText('Issue closed').waitFor()
    assert.equal(await page.getByText('Proved', { exact: true }).count(), 0)
  })

  test('what keeps the tracker away is said with its remedy, and it is tried again by a click', async () => {
    fake.mishaps.push({ answer: { status: 403, json: { message: 'Resource not accessible' } } })
    await card('Issue').getByRole('button', { name: 'Look now' }).click()
    await card('Issue').getByText('HTTP 403: Resource not accessible').waitFor()
    await card('Issue')
      .getByText(/Give the token of "work" the right/)
      .waitFor()
    await card('Issue').getByText('Not in step', { exact: true }).waitFor()
    await assertAccessible(page, 'an issue that is not in step')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/actions-not-in-step.png`, fullPage: true })
    await card('Issue').getByRole('button', { name: 'Look now' }).click()
    await card('Issue').getByText('Resource not accessible').waitFor({ state: 'detached' })
    await card('Issue').getByText('Issue closed').waitFor()
  })

  test('a vendor is named, and every date that they promised is kept', async () => {
    await page.goto(`${stage.tocsin.url}/actions/${vendorId}`)
    await button('Vendor or team').click()
    await dialog().getByLabel('Name').fill('Acme Storage')
    await dialog().getByLabel('Their ticket').fill('CASE-4711')
    await assertAccessible(page, 'naming a vendor')
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/actions-vendor-form.png` })
    await dialog().getByRole('button', { name: 'Keep it' }).click()
    await card('With somebody else').getByText('CASE-4711').waitFor()
    for (const [day, note] of [
      ['2026-01-10T12:00', 'next week'],
      ['2026-02-10T12:00', 'they are short of people'],
      ['2026-03-10T12:00', ''],
    ] as const) {
      await button('They promised').click()
      await dialog().getByLabel('Done by').fill(day)
      if (note) await dialog().getByLabel('What they said').fill(note)
      await dialog().getByRole('button', { name: 'Write it down' }).click()
      await dialog().waitFor({ state: 'detached' })
    }
    await card('With somebody else').getByText('Promised 3 times').waitFor()
    await card('With somebody else')
      .getByText(/the second date, .*they are short of people/)
      .waitFor()
    await button('They promised').click()
    await dialog().getByLabel('Done by').fill('2026-03-10T12:00')
    await dialog().getByRole('button', { name: 'Write it down' }).click()
    await dialog().getByText('That is the date that they promised already.').waitFor()
    await page.keyboard.press('Escape')
  })

  test('an owner as a document wrote it becomes a person by a click', async () => {
    const { id: written } = await find('Write down who to call')
    await page.goto(`${stage.tocsin.url}/actions/${written}`)
    await card('About it').getByText('as written: “Dana Moreau”').waitFor()
    await button('That is Dana Moreau').click()
    await button('That is Dana Moreau').waitFor({ state: 'detached' })
    assert.notEqual((await find('Write down who to call')).owner, null)
    await card('About it').getByText('as written: “Dana Moreau”').waitFor()
  })

  test('title, kind, due date and owner are changed in one form', async () => {
    await page.goto(`${stage.tocsin.url}/actions/${vendorId}`)
    await button('Change').first().click()
    await dialog().getByLabel('What will be different').fill('Double the volume')
    await dialog().getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Keep it from happening' }).click()
    await dialog().getByLabel('Due').fill('2030-01-05T12:00')
    await dialog().getByRole('button', { name: 'Change it' }).click()
    await page.getByRole('heading', { name: 'Double the volume' }).waitFor()
    await card('About it').getByText('prevent').waitFor()
    await card('About it').getByText('2030').waitFor()
  })

  test('the list is narrowed by kind, owner, vendor and date, and the address says how', async () => {
    await page.goto(`${stage.tocsin.url}/actions`)
    const rows = page.locator('table.rows tbody tr')
    await rows.nth(3).waitFor()
    const choose = async (label: string, option: string) => {
      await page.getByRole('combobox', { name: label, exact: true }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    await choose('With', 'Acme Storage')
    await page.waitForFunction('document.querySelectorAll("table.rows tbody tr").length === 1')
    await rows.getByText('Not kept').waitFor()
    await page.waitForURL(/with=Acme/)
    // The same option once more takes it back.
    await choose('With', 'Acme Storage')
    await choose('Due', 'Late')
    await rows.getByText('Notice a disk that fills').waitFor()
    await choose('Owner', 'Named, not known')
    await page.getByText('No action matches').waitFor()
    await choose('Due', 'Late')
    await rows.getByText('“Kim from the data centre”').waitFor()
    assert.equal(await rows.count(), 1)
  })

  test('who was reminded, and why, stands on the page', async () => {
    await api('PATCH', `/api/v1/actions/${id}`, { dueAt: new Date(Date.now() + 2_000).toISOString() })
    await stage.tocsin.until('the reminder is written down', 20_000, async () => {
      const { items } = await api<{ items: { state: string }[] }>('GET', `/api/v1/actions/${id}/reminders`)
      return items.length === 1
    })
    await page.goto(`${stage.tocsin.url}/actions/${id}`)
    const row = card('Reminders').getByRole('row').nth(1)
    await row.getByText('Bo Okafor').waitFor()
    await row.getByText('due', { exact: true }).waitFor()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`the pages can be read by everybody: ${screen}, ${colorScheme}`, async () => {
        const { context, page: own } = await stage.signedIn({ ...options, colorScheme })
        for (const [name, path] of [
          ['list', '/actions'],
          ['issue', `/actions/${id}`],
          ['vendor', `/actions/${vendorId}`],
        ] as const) {
          await own.goto(stage.tocsin.url + path)
          await own.getByRole('heading', { level: 1 }).waitFor()
          await own.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
          const mark = { list: 'Double the volume', issue: 'acme/site#1', vendor: 'Promised 3 times' }[name]
          await own.getByText(mark).first().waitFor()
          await assertAccessible(own, `${path}, ${screen}, ${colorScheme}`)
          const wide = Number(await own.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${path} is ${wide} px wider than the screen`)
          if (PICTURES)
            await own.screenshot({
              path: `${PICTURES}/actions-${name}-${screen}-${colorScheme}.png`,
              fullPage: true,
            })
        }
        await context.close()
      })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
