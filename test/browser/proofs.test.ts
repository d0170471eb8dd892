/** What the browser lets people say of an action, what it does not, and a replay that can be watched. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { PASSWORD, type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES

describe('proofs in the browser', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let incidentId: string
  let id: string
  const api = <T = { id: string }>(method: string, path: string, body?: unknown) =>
    stage.tocsin.api<T>(method, path, body)
  const now = () => api<{ state: string; provedBy: { kind: string } | null }>('GET', `/api/v1/actions/${id}`)
  const picture = async (of: Page, name: string) => {
    if (PICTURES) await of.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
  }

  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
    const incident = await api('POST', '/api/v1/incidents', {
      title: 'The racks were mixed up',
      severity: 'SEV3',
      impactStart: new Date(Date.now() - 4 * 3_600_000).toISOString(),
    })
    incidentId = incident.id
    const postmortem = await api('POST', `/api/v1/incidents/${incidentId}/postmortem`)
    await api('PATCH', `/api/v1/incidents/${incidentId}`, { state: 'resolved' })
    const action = await api('POST', `/api/v1/postmortems/${postmortem.id}/actions`, {
      title: 'Label the racks',
      type: 'process',
      criterion: 'Every rack has a label that can be read from the aisle.',
      owner: 'bo',
    })
    id = action.id
  })
  after(async () => {
    await stage?.stop()
  })

  test('there is no control that says proved, and a forged request is refused', async () => {
    await page.goto(`${stage.tocsin.url}/actions/${id}`)
    await page.getByRole('button', { name: 'Claim it is done' }).click()
    await page.locator('.page-head').getByText('Claimed, not proved').waitFor()
    for (const role of ['button', 'option', 'menuitem', 'radio', 'checkbox'] as const)
      assert.equal(await page.getByRole(role, { name: /proved|done|close it/i }).count(), 0, role)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    assert.equal(await dialog.getByText(/proved/i).count(), 0)
    await dialog.getByRole('button', { name: 'Close' }).click()
    const statuses = await page.evaluate(async (actionId) => {
      const send = async (method: string, path: string, body: object) => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status
      }
      const path = `/api/v1/actions/${actionId}`
      return [
        await send('PATCH', path, { state: 'proved' }),
        await send('PATCH', path, { state: 'claimed', provedBy: { kind: 'drill' } }),
        await send('POST', `${path}/claim`, { state: 'proved' }),
        await send('POST', `${path}/proofs`, { kind: 'drill', outcome: 'passed' }),
        await send('POST', `${path}/proofs`, { kind: 'junit-report', report: '<testsuite/>' }),
      ]
    }, id)
    assert.ok(
      statuses.every((status) => status >= 400 && status < 500),
      statuses.join(' '),
    )
    assert.equal((await now()).state, 'claimed')
  })

  test('who claimed it is not asked for a word; who looked gives it, and the state says how weak it is', async () => {
    assert.equal(await page.getByRole('button', { name: 'I looked' }).count(), 0)
    await api('POST', '/api/v1/people', {
      id: 'cleo',
      name: 'Cleo Duarte',
      email: 'cleo@example.org',
      role: 'responder',
    })
    const { link } = await api<{ link: string }>('POST', '/api/v1/people/cleo/invite')
    const cleo = await (await stage.browser.open(DESK)).newPage()
    await cleo.goto(link)
    await cleo.locator('input[type=password]').first().fill(PASSWORD)
    await cleo.locator('input[type=password]').last().fill(PASSWORD)
    await cleo.getByRole('button', { name: 'Begin' }).click()
    await cleo.getByRole('link', { name: 'Monitors' }).first().waitFor()
    await cleo.goto(`${stage.tocsin.url}/actions/${id}`)
    // A field of minutes: the claim must lie in an earlier one.
    await cleo.getByRole('button', { name: 'I looked' }).click()
    const dialog = cleo.getByRole('dialog')
    await dialog.getByLabel('What you did and saw').fill('I walked along all twelve of them.')
    const later = await cleo.evaluate(() => {
      const at = new Date(Date.now() + 60_000)
      const two = (n: number) => String(n).padStart(2, '0')
      return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
    })
    await dialog.getByLabel('When you looked').fill(later)
    await picture(cleo, 'witness-dialog')
    await dialog.getByRole('button', { name: 'Give my word' }).click()
    await cleo.locator('.page-head').getByText('Proved by a witness only').waitFor()
    await cleo.getByText('That is weaker than a drill').waitFor()
    await page.locator('.page-head').getByText('Proved by a witness only').waitFor()
    assert.deepEqual((await now()).provedBy?.kind, 'witness')
    await assertAccessible(cleo, 'an action with a witness')
    await picture(cleo, 'action-witness')
    await page.goto(`${stage.tocsin.url}/actions?state=all`)
    await page.getByText('Proved by a witness only').waitFor()
  })

  test('a replay is watched: the timeline as it was beside the one as it would be, with the minutes gained', async () => {
    await api('POST', '/api/v1/drills', {
      id: 'racks-today',
      settings: {
        kind: 'incident-replay',
        monitor: 'docs-front',
        of: { incident: incidentId },
        expect: [{ verdict: 'down', within: '5m' }],
      },
    })
    await page.goto(`${stage.tocsin.url}/drills/racks-today`)
    await page.getByRole('button', { name: 'Run the drill' }).click()
    await page.getByRole('region', { name: 'As it was, and as it would be' }).waitFor()
    const was = page.getByRole('region', { name: 'As it was', exact: true })
    const would = page.getByRole('region', { name: 'As it would be today' })
    await was.getByText('Resolved').first().waitFor()
    await would.getByText('docs-front: down').waitFor()
    await page.getByText('not recorded').first().waitFor()
    const before = await would.locator('li').count()
    await page.getByRole('slider').fill('60000')
    assert.ok((await would.locator('li').count()) < before, 'only what had come by then')
    assert.equal(await was.getByText('Resolved').count(), 0)
    await page.getByRole('slider').fill('999999999')
    await assertAccessible(page, 'a replay')
    await picture(page, 'replay')
    const phone = (await stage.signedIn(PHONE)).page
    await phone.goto(`${stage.tocsin.url}/drills/racks-today`)
    await phone.getByRole('region', { name: 'As it would be today' }).waitFor()
    assert.equal(await phone.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
    await picture(phone, 'replay-phone')
    assert.deepEqual(stage.browser.complaints, [])
  })
})
