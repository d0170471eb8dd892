import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { DESK } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

interface Action {
  id: string
  state: string
  reason: string
  drillId: string | null
}

describe('an action by hand', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let id: string
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
    const api = <T = { id: string }>(path: string, body?: unknown) => stage.tocsin.api<T>('POST', path, body)
    const incident = await api('/api/v1/incidents', { title: 'The disk was full', severity: 'SEV3' })
    const postmortem = await api(`/api/v1/incidents/${incident.id}/postmortem`)
    const action = await api(`/api/v1/postmortems/${postmortem.id}/actions`, {
      title: 'Notice a full disk',
      type: 'detect',
      criterion: 'It is noticed.',
    })
    id = action.id
  })
  after(async () => {
    await stage?.stop()
  })
  const now = () => stage.tocsin.api<Action>('GET', `/api/v1/actions/${id}`)
  const head = () => page.locator('.page-head')
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  test('a claim is taken back with a reason, and the action is open again', async () => {
    await page.goto(`${stage.tocsin.url}/actions/${id}`)
    await button('Claim it is done').click()
    await head().getByText('Claimed, not proved').waitFor()
    await button('Claim it is done').first().waitFor({ state: 'detached' })
    const told = (await page.getByText('Claimed. Choose a drill').boundingBox())!
    const buttons = (await head().boundingBox())!
    assert.ok(told.y > buttons.y + buttons.height, 'what is told does not lie on the buttons')
    await button('Take the claim back').click()
    await page.getByRole('dialog').getByLabel('Why?').fill('It only covers one of two servers')
    await button('Open it again').click()
    await head().getByText('Open', { exact: true }).waitFor()
    await page.getByText('It only covers one of two servers').waitFor()
    assert.equal((await now()).state, 'open')
    await button('Take the claim back').first().waitFor({ state: 'detached' })
  })

  test('a drill may be named after the claim where there was none, but the criterion stands', async () => {
    await stage.tocsin.api('POST', '/api/v1/drills', {
      id: 'docs-faults',
      settings: { kind: 'monitor-faults', monitor: 'docs-front', faults: ['http-500'] },
    })
    await button('Claim it is done').click()
    await button('Change').click()
    const form = page.getByRole('dialog')
    assert.equal(await form.getByLabel('Acceptance criterion').isDisabled(), true)
    await form.getByRole('combobox', { name: 'Drill that decides' }).click()
    await page.getByRole('option', { name: 'docs-faults' }).click()
    await form.getByRole('button', { name: 'Change it' }).click()
    await form.waitFor({ state: 'detached' })
    assert.equal((await now()).drillId, 'docs-faults')
    await button('Change').click()
    await form.getByRole('combobox', { name: 'Drill that decides' }).waitFor()
    assert.equal(await form.getByRole('combobox', { name: 'Drill that decides' }).isDisabled(), true)
    await page.keyboard.press('Escape')
  })

  test('it is dropped with a reason that stays, waits no longer for proof, and is taken up again', async () => {
    await button('Drop').click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: 'Drop it' }).click()
    assert.notEqual((await now()).state, 'dropped', 'not without a reason')
    await form.getByLabel('Why?').fill('The server is gone')
    await form.getByRole('button', { name: 'Drop it' }).click()
    await head().getByText('Dropped').waitFor()
    await page.getByRole('region', { name: 'About it' }).getByText('The server is gone').waitFor()
    await button('Drop').first().waitFor({ state: 'detached' })
    await page.goto(`${stage.tocsin.url}/actions`)
    await page.getByText('No action waits for proof').waitFor()
    await page.getByText('All', { exact: true }).click()
    await page.getByRole('link', { name: 'Notice a full disk' }).click()
    await button('Take it up again').click()
    await page.getByRole('dialog').getByLabel('Why?').fill('There is a new server')
    await button('Open it again').click()
    await head().getByText('Open', { exact: true }).waitFor()
    assert.equal((await now()).reason, 'There is a new server')
  })

  test('a responder may claim and take back, but not give a lesson up', async () => {
    const { link } = await stage.tocsin.api<{ link: string }>('POST', '/api/v1/people/bo/invite')
    assert.equal(new URL(link).pathname, '/invitation', 'no request line holds the secret')
    assert.match(new URL(link).hash, /^#[\w-]{43}$/)
    const context = await stage.browser.open(DESK)
    const bo = await context.newPage()
    const asked: string[] = []
    bo.on('request', (request) => asked.push(request.url() + JSON.stringify(request.headers())))
    await bo.goto(link)
    for (const place of [0, 1])
      await bo.locator('input[type=password]').nth(place).fill('a sentence that nobody guesses')
    await bo.getByRole('button', { name: 'Begin' }).click()
    await bo.getByRole('link', { name: 'Monitors' }).first().waitFor()
    const secret = new URL(link).hash.slice(1)
    assert.deepEqual(
      asked.filter((one) => one.includes(secret)),
      [],
      'neither in an address nor in a header',
    )
    await bo.goto(`${stage.tocsin.url}/actions/${id}`)
    await bo.getByRole('button', { name: 'Claim it is done' }).waitFor()
    await bo.getByRole('button', { name: 'Drop', exact: true }).first().waitFor({ state: 'detached' })
    await context.close()
  })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
