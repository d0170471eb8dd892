import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { PASSWORD, type Stage, startStage } from './stage.ts'

interface Items<T> {
  items: T[]
}

describe('what people do in the browser', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
  })
  after(async () => {
    await stage?.stop()
  })

  test('the printed link sets up the first administrator, once', async () => {
    ;({ page } = await stage.signedIn())
    assert.equal(new URL(page.url()).pathname, '/', 'the secret does not stay in the address')
    await page.getByText('Dana Moreau').first().waitFor()
    const context = await stage.browser.open(DESK)
    const other = await context.newPage()
    await other.goto(stage.setUpLink())
    await other.getByLabel('Your name').fill('Mallory')
    await other.getByLabel('E-mail').fill('mallory@example.org')
    await other.locator('input[type=password]').first().fill(PASSWORD)
    await other.locator('input[type=password]').last().fill(PASSWORD)
    await other.getByRole('button', { name: 'Begin' }).click()
    await other
      .getByRole('alert')
      .getByText(/used|expired/)
      .first()
      .waitFor()
    await context.close()
  })

  test('a stranger is asked to sign in, and then sees what he came for', async () => {
    const context = await stage.browser.open(DESK)
    const stranger = await context.newPage()
    await stranger.goto(`${stage.tocsin.url}/monitors?state=down`)
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor()
    await stranger.getByLabel('E-mail').fill('dana@example.org')
    await stranger.locator('input[type=password]').fill('not the password at all')
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await stranger.getByRole('alert').waitFor()
    await stranger.locator('input[type=password]').fill(PASSWORD)
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await stranger.getByRole('link', { name: 'git-front' }).waitFor()
    await stranger.getByRole('link', { name: 'docs-front' }).first().waitFor({ state: 'detached' })
    await context.close()
  })

  test('an alert is acknowledged with one tap on a phone', async () => {
    const alert = await stage.tocsin.until('the alert of git-front', 30_000, async () => {
      const { items } = await stage.tocsin.api<Items<{ id: string; monitorId: string }>>(
        'GET',
        '/api/v1/alerts',
      )
      return items.find(({ monitorId }) => monitorId === 'git-front')
    })
    const { context, page: phone } = await stage.signedIn(PHONE)
    await phone.goto(`${stage.tocsin.url}/alerts/${alert.id}`)
    const button = phone.getByRole('button', { name: 'Acknowledge' })
    await button.waitFor()
    const box = (await button.boundingBox())!
    assert.ok(box.width > 340 && box.height >= 44, 'it is as wide as the screen and as high as a thumb')
    assert.ok(box.y + box.height <= 844, 'it is on the screen without scrolling')
    const wide = await phone.evaluate('document.documentElement.scrollWidth')
    assert.ok(Number(wide) <= 390, `the page does not scroll sideways: ${wide}`)
    await button.tap()
    await phone.getByText('Dana Moreau has it').waitFor()
    const now = await stage.tocsin.api<{ state: string; acknowledgedBy: string }>(
      'GET',
      `/api/v1/alerts/${alert.id}`,
    )
    assert.equal(now.state, 'acknowledged')
    await button.first().waitFor({ state: 'detached' })
    await context.close()
  })

  test('the incident room shows what others write while it is open', async () => {
    await page.goto(`${stage.tocsin.url}/incidents`)
    await page.getByRole('button', { name: 'Declare an incident' }).click()
    await page.getByLabel('What is wrong, as users see it').fill('Documentation <b>answers</b> slowly')
    await page.getByRole('button', { name: 'Declare it' }).click()
    await page.getByRole('heading', { name: 'Documentation <b>answers</b> slowly' }).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)!

    await stage.tocsin.api('POST', `/api/v1/incidents/${id}/timeline`, {
      text: 'The <script>alert(1)</script> disk is full',
    })
    await page.getByText('The <script>alert(1)</script> disk is full').waitFor()
    await page.getByLabel('Write what you see or do').fill('Removed old logs')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('listitem').getByText('Removed old logs').waitFor()

    await page.getByRole('button', { name: 'Mitigated' }).click()
    await page.locator('.page-head').getByText('Mitigated').waitFor()
    await page.getByLabel('Message to the public').fill('Pages load again; we go on watching.')
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Pages load again; we go on watching.').first().waitFor()
    const { items } = await stage.tocsin.api<Items<{ body: string }>>(
      'GET',
      `/api/v1/incidents/${id}/updates`,
    )
    assert.ok(items.some(({ body }) => body === 'Pages load again; we go on watching.'))
    assert.ok((await page.getByText('not recorded').count()) > 0, 'a missing time says so')
  })

  test('a post-mortem is drafted and edited, and two who edit it do not overwrite each other', async () => {
    await page.getByRole('button', { name: 'Draft the post-mortem' }).click()
    await page.waitForURL(/post-mortems/)
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    await page.getByRole('button', { name: 'Edit' }).click()
    const text = page.getByLabel('Text, in Markdown')
    await text.fill(
      '## Summary\n\nThe disk was **full**. <img src=x onerror=alert(1)>\n\n| Node | Free |\n|---|---|\n| 3 | 0 % |',
    )
    await page.getByLabel('Preview').getByRole('cell', { name: '0 %' }).waitFor()
    await page.getByLabel('Preview').getByRole('heading', { name: 'Summary' }).waitFor()
    assert.equal(await page.getByLabel('Preview').locator('strong').innerText(), 'full')
    await page.getByLabel('Preview').locator('img').first().waitFor({ state: 'detached' })
    await page.keyboard.press('Control+s')
    await page
      .getByRole('status')
      .getByText(/^Version/)
      .waitFor()

    const saved = await stage.tocsin.api<{ version: number; body: string; title: string }>(
      'GET',
      `/api/v1/postmortems/${id}`,
    )
    assert.match(saved.body, /The disk was \*\*full\*\*/)
    await text.fill('Mine')
    await stage.tocsin.api('PUT', `/api/v1/postmortems/${id}`, {
      version: saved.version,
      title: saved.title,
      body: 'Theirs',
    })
    await page.getByText('Somebody else saved meanwhile').waitFor()
    assert.equal(await text.inputValue(), 'Mine', 'what I wrote is still here')
    await page.getByRole('button', { name: 'Look at theirs' }).click()
    await page.getByLabel('Their text').getByText('Theirs').waitFor()
    await page.getByRole('button', { name: 'Save mine over theirs' }).click()
    await page
      .getByRole('status')
      .getByText(/^Version/)
      .waitFor()
    const { body } = await stage.tocsin.api<{ body: string }>('GET', `/api/v1/postmortems/${id}`)
    assert.equal(body, 'Mine')
    await page.getByRole('button', { name: 'Done' }).click()
  })

  test('an action is proved by its drill, before the eyes of who claimed it', async () => {
    await page.getByRole('button', { name: 'Add an action' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What will be different').fill('Notice a front page that answers 500')
    await dialog
      .getByLabel('Acceptance criterion')
      .fill('The monitor turns down when the front page answers 500.')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('link', { name: 'Notice a front page that answers 500' }).click()
    await page.getByText('No drill decides this yet').waitFor()

    await page.getByRole('link', { name: 'drill', exact: true }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Id', exact: true }).fill('docs-answers-500')
    await form.getByRole('combobox', { name: 'Monitor' }).click()
    await page.getByRole('option', { name: 'docs-front' }).click()
    await form.getByRole('combobox', { name: 'Faults' }).fill('500')
    await page.getByRole('option', { name: 'http-500' }).click()
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'docs-answers-500' }).waitFor()

    const { items } = await stage.tocsin.api<Items<{ id: string; title: string; drillId: string | null }>>(
      'GET',
      '/api/v1/actions',
    )
    const action = items.find(({ title }) => title === 'Notice a front page that answers 500')!
    await page.goto(`${stage.tocsin.url}/actions/${action.id}`)
    if (action.drillId === null) await chooseDrill(page, 'docs-answers-500')
    await page.getByRole('button', { name: 'Claim it is done' }).click()
    await page.locator('.page-head').getByText('Proved').waitFor()
    await page.getByText('all 1 seen').waitFor()
    await page.getByText('this run proved the action').waitFor()
    const proved = await stage.tocsin.api<{ state: string }>('GET', `/api/v1/actions/${action.id}`)
    assert.equal(proved.state, 'proved')
  })

  test('a monitor is added with a form drawn from its kind, after trying it', async () => {
    await page.goto(`${stage.tocsin.url}/monitors`)
    await page.getByRole('button', { name: 'Add a monitor' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Id', exact: true }).fill('docs-again')
    await form.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Web address' }).click()
    await form.getByRole('combobox', { name: 'Service' }).click()
    await page.getByRole('option', { name: 'Documentation' }).click()
    await form.getByLabel('Address', { exact: false }).first().fill('ftp://127.0.0.1/')
    await form.getByRole('button', { name: 'Try it now' }).click()
    await form.getByRole('alert').waitFor()
    await form.getByLabel('Address', { exact: false }).first().fill(`${stage.tocsin.url}/healthz`)
    await form.getByRole('button', { name: 'Try it now' }).click()
    await form.getByRole('status').getByText('Up', { exact: true }).waitFor()
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'docs-again' }).waitFor()
    await page.goto(`${stage.tocsin.url}/monitors/docs-front`)
    await page.getByText('comes from the configuration file').waitFor()
    assert.equal(
      await page.getByRole('button', { name: 'Change' }).count(),
      0,
      'what a file manages is read-only',
    )
  })

  test('the keyboard leads everywhere', async () => {
    await page.goto(`${stage.tocsin.url}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.getByRole('heading', { name: 'Monitors', level: 1 }).waitFor()
    await page.getByLabel('Search monitors').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('git')
    await page.getByText('1 of 3').waitFor()
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('a token is shown once, and opens the API', async () => {
    await page.goto(`${stage.tocsin.url}/tokens`)
    await page.getByRole('button', { name: 'Create a token' }).first().click()
    await page.getByLabel('For which program').fill('Deploy pipeline')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    const secret = await page.getByRole('dialog').locator('code').innerText()
    const answer = await fetch(`${stage.tocsin.url}/api/v1/me`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    assert.equal(answer.status, 200)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('Deploy pipeline').waitFor()
    assert.ok(!(await page.content()).includes(secret))
  })

  test('no page ran a foreign script, broke the policy or called anybody else', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})

async function chooseDrill(page: Page, drill: string): Promise<void> {
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('combobox', { name: 'Drill that decides' }).click()
  await page.getByRole('option', { name: drill }).click()
  await page.getByRole('button', { name: 'Change it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
