import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { DESK } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { PASSWORD, type Stage, startStage } from './stage.ts'

describe('people and their sessions', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let invitation = ''
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
  })

  test('somebody is added and invited; the link is shown once', async () => {
    await page.goto(`${stage.tocsin.url}/people`)
    await page.getByText('Not verified').first().waitFor()
    await page.getByRole('button', { name: 'Add a person' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name', { exact: false }).first().fill('Vera <i>Novak</i>')
    await form.getByLabel('Id').fill('Vera Novak')
    await form.getByLabel('E-mail').fill('vera@example.org')
    await form.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: /^viewer/ }).click()
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    assert.equal(await form.count(), 1, 'an id with a blank is refused before it is sent')
    await form.getByLabel('Id').fill('vera')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Invite for Vera <i>Novak</i>' }).click()
    invitation = await page.getByRole('dialog').locator('code').innerText()
    assert.match(invitation, new RegExp(`^${stage.tocsin.url}/invitation`))
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    assert.ok(!(await page.content()).includes(invitation))
  })

  test('the invited one chooses a password, and sees without being offered what a viewer may not do', async () => {
    const context = await stage.browser.open(DESK)
    const vera = await context.newPage()
    await vera.goto(invitation)
    await vera.locator('input[type=password]').first().fill(PASSWORD)
    await vera.locator('input[type=password]').last().fill('something else')
    await vera.getByText('The two are not the same').waitFor()
    await vera.locator('input[type=password]').last().fill(PASSWORD)
    await vera.getByRole('button', { name: 'Begin' }).click()
    await vera.getByText('Vera <i>Novak</i>').first().waitFor()
    const offered: [string, string][] = [
      ['/monitors', 'Add a monitor'],
      ['/incidents', 'Declare an incident'],
      ['/on-call', 'Take a shift'],
      ['/people', 'Add a person'],
      ['/drills', 'Add a drill'],
    ]
    for (const [path, button] of offered) {
      await vera.goto(stage.tocsin.url + path)
      await vera.getByRole('heading', { level: 1 }).waitFor()
      await vera.getByRole('button', { name: button }).first().waitFor({ state: 'detached' })
    }
    await vera.getByRole('link', { name: 'Tokens' }).first().waitFor({ state: 'detached' })
    await vera.goto(`${stage.tocsin.url}/tokens`)
    await vera.getByText('Only administrators').waitFor()
    await context.close()
  })

  test('a contact is added by the form of its channel and counts only once verified', async () => {
    await page.goto(`${stage.tocsin.url}/people`)
    await page.getByRole('button', { name: 'Add a contact of Dana Moreau' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'By' }).click()
    await page.getByRole('option', { name: /mail/i }).first().click()
    const address = form.getByRole('textbox').first()
    await address.fill('not an address')
    await form.getByRole('button', { name: 'Add and send' }).click()
    await form.getByRole('alert').waitFor()
    await address.fill('dana.pager@example.org')
    await form.getByRole('button', { name: 'Add and send' }).click()
    await page.getByText('dana.pager@example.org').waitFor()
    await page.getByRole('button', { name: 'Remove dana.pager@example.org' }).click()
    await page.getByText('dana.pager@example.org').waitFor({ state: 'detached' })
  })

  test('who is disabled loses the session at once', async () => {
    const context = await stage.browser.open(DESK)
    const vera = await context.newPage()
    await vera.goto(`${stage.tocsin.url}/sign-in`)
    await vera.getByLabel('E-mail').fill('vera@example.org')
    await vera.locator('input[type=password]').fill(PASSWORD)
    await vera.getByRole('button', { name: 'Sign in' }).click()
    await vera.getByText('Vera <i>Novak</i>').first().waitFor()
    await page.getByRole('button', { name: 'Disable Vera <i>Novak</i>' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('button', { name: 'Enable Vera <i>Novak</i>' }).waitFor()
    await vera.getByRole('heading', { name: 'Sign in' }).waitFor()
    await context.close()
  })

  test('a changed password ends the session; the new one opens the door', async () => {
    const next = 'another sentence, longer than before'
    await page.goto(`${stage.tocsin.url}/account`)
    await page.locator('input[type=password]').first().fill('wrong, this is not it')
    await page.locator('input[type=password]').last().fill(next)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').first().waitFor()
    await page.goto(`${stage.tocsin.url}/account`)
    await page.locator('input[type=password]').first().fill(PASSWORD)
    await page.locator('input[type=password]').last().fill(next)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('E-mail').fill('dana@example.org')
    await page.locator('input[type=password]').fill(next)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Monitors' }).first().waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    const me = await page.evaluate("fetch('/api/v1/me').then((answer) => answer.status)")
    assert.equal(me, 401)
  })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
