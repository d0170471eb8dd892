import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

interface Case {
  what: string
  at: string
  open: string
  /** Fields by their label, filled in as a person would. */
  fill: Record<string, string>
  /** One of a list, by the label of its field. */
  pick?: Record<string, string>
  send: string
  /** The field that must say what is wrong, and the words. */
  wrong: string
  says: RegExp
  /** What is corrected, after which it must go through. */
  mend?: Record<string, string>
}

const CASES: Case[] = [
  {
    what: 'an id that is taken',
    at: '/people',
    open: 'Add a person',
    fill: { Name: 'Ana the second', Id: 'ana', 'E-mail': 'second@example.org' },
    send: 'Add',
    wrong: 'Id',
    says: /taken|already/,
    mend: { Id: 'ana-two' },
  },
  {
    what: 'an address that is taken',
    at: '/people',
    open: 'Add a person',
    fill: { Name: 'Third', Id: 'third', 'E-mail': 'bo@example.org' },
    send: 'Add',
    wrong: 'E-mail',
    says: /used|taken|already|has/,
  },
  {
    what: 'a shift that ends before it begins',
    at: '/on-call',
    open: 'Add an override',
    fill: { From: '2030-01-02T10:00', To: '2030-01-02T09:00' },
    pick: { 'Who is on call': 'Bo Okafor' },
    send: 'Change the schedule',
    wrong: 'To',
    says: /after|before/,
    mend: { To: '2030-01-02T11:00' },
  },
  {
    what: 'a window that ends before it begins',
    at: '/monitors?tab=maintenance',
    open: 'Plan a window',
    fill: { 'What is being done': 'New kernel', From: '2030-01-02T10:00', To: '2030-01-02T09:00' },
    pick: { Services: 'Documentation' },
    send: 'Plan it',
    wrong: 'To',
    says: /after|before/,
    mend: { To: '2030-01-02T11:00' },
  },
  {
    what: 'a silence that is over before it begins',
    at: '/alerts?tab=silences',
    open: 'Silence something',
    fill: { Until: '2020-01-01T00:00', Why: 'It is known' },
    pick: { Monitor: 'git-front' },
    send: 'Silence it',
    wrong: 'Until',
    says: /future|past|after|later/,
    mend: { Until: '2030-01-01T00:00' },
  },
  {
    what: 'an impact that begins in the future',
    at: '/incidents',
    open: 'Declare an incident',
    fill: { 'What is wrong, as users see it': 'Pages are slow', 'Impact began': '2040-01-01T00:00' },
    send: 'Declare it',
    wrong: 'Impact began',
    says: /future|after/,
    mend: { 'Impact began': '2026-01-01T00:00' },
  },
]

describe('a form says at the field what is wrong with it', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
  })
  const field = (form: Locator, label: string) =>
    form.getByLabel(new RegExp(`^${label}\\s*\\*?$`)).and(form.locator('input, textarea'))
  const fill = async (form: Locator, values: Record<string, string>) => {
    for (const [label, value] of Object.entries(values)) await field(form, label).first().fill(value)
  }

  for (const one of CASES)
    test(one.what, async () => {
      await page.goto(stage.tocsin.url + one.at)
      await page.getByRole('button', { name: one.open }).first().click()
      const form = page.getByRole('dialog')
      await fill(form, one.fill)
      for (const [label, option] of Object.entries(one.pick ?? {})) {
        await form.getByRole('combobox', { name: label }).click()
        await page.getByRole('option', { name: option }).click()
      }
      await form.getByRole('heading').first().click()
      await form.getByRole('button', { name: one.send, exact: true }).click()
      await form.getByRole('alert').waitFor()
      const wrong = field(form, one.wrong).first()
      assert.equal(await wrong.getAttribute('aria-invalid'), 'true', 'the field is marked')
      const described = (await wrong.getAttribute('aria-describedby')) ?? ''
      const words = await Promise.all(
        described.split(' ').map(async (id) => (id ? page.locator(`[id="${id}"]`).innerText() : '')),
      )
      assert.match(words.join(' '), one.says, 'and read out with it')
      const others = form.locator('[aria-invalid=true]')
      assert.equal(await others.count(), 1, 'no other field is blamed')
      for (const [label, value] of Object.entries(one.fill))
        assert.equal(await field(form, label).first().inputValue(), value, 'what was written stays')
      if (!one.mend) return
      await fill(form, one.mend)
      await form.getByRole('button', { name: one.send, exact: true }).click()
      await form.waitFor({ state: 'detached' })
    })

  test('a monitor’s settings are refused at the field inside their group', async () => {
    await page.goto(`${stage.tocsin.url}/monitors`)
    await page.getByRole('button', { name: 'Add a monitor' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('textbox', { name: 'Id', exact: true }).fill('odd')
    await form.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Web address' }).click()
    await form.getByRole('combobox', { name: 'Service' }).click()
    await page.getByRole('option', { name: 'Documentation' }).click()
    await form.getByLabel('Address', { exact: false }).first().fill('http://127.0.0.1/')
    await form.getByRole('textbox', { name: 'Every', exact: true }).fill('now and then')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await form.getByRole('alert').waitFor()
    assert.equal(
      await form.getByRole('textbox', { name: 'Every', exact: true }).getAttribute('aria-invalid'),
      'true',
    )
    assert.equal(await form.locator('[aria-invalid=true]').count(), 1)
    await page.keyboard.press('Escape')
  })

  test('where the server cannot be reached, nothing is lost and it is said', async () => {
    await page.goto(`${stage.tocsin.url}/incidents`)
    await page.getByRole('button', { name: 'Declare an incident' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('What is wrong').fill('The line is cut')
    await page.route('**/api/v1/incidents', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    await form.getByRole('button', { name: 'Declare it' }).click()
    await form.getByText('The server cannot be reached').waitFor()
    assert.equal(await form.getByLabel('What is wrong').inputValue(), 'The line is cut')
    await page.unroute('**/api/v1/incidents')
    await form.getByRole('button', { name: 'Declare it' }).click()
    await page.getByRole('heading', { name: 'The line is cut', level: 1 }).waitFor()
  })

  test('a button that is pressed twice declares one incident', async () => {
    await page.goto(`${stage.tocsin.url}/incidents`)
    await page.getByRole('button', { name: 'Declare an incident' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('What is wrong').fill('Once only')
    await form.getByRole('button', { name: 'Declare it' }).dblclick()
    await page.getByRole('heading', { name: 'Once only', level: 1 }).waitFor()
    const { items } = await stage.tocsin.api<{ items: { title: string }[] }>('GET', '/api/v1/incidents')
    assert.equal(items.filter(({ title }) => title === 'Once only').length, 1)
  })

  test('an act on what somebody else has changed meanwhile is refused, and the page shows how it is now', async () => {
    const { id } = await stage.tocsin.api<{ id: string }>('POST', '/api/v1/incidents', {
      title: 'Two commanders',
      severity: 'SEV3',
    })
    await page.goto(`${stage.tocsin.url}/incidents/${id}`)
    await page.getByRole('button', { name: 'Mitigated' }).waitFor()
    // The news of it does not come through.
    await page.route('**/api/v1/incidents/**', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    )
    for (const state of ['resolved', 'closed'])
      await stage.tocsin.api('PATCH', `/api/v1/incidents/${id}`, { state })
    await page.getByRole('button', { name: 'Mitigated' }).click()
    await page.getByRole('alert').first().waitFor()
    await page.unroute('**/api/v1/incidents/**')
    await page.locator('.page-head').getByText('Closed').waitFor()
    await page.getByRole('button', { name: 'Mitigated' }).first().waitFor({ state: 'detached' })
  })
})
