import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { needs } from '../harness/needs.ts'
import { type Stage, startStage } from './stage.ts'

// Markup that would run, colour the page, fetch a picture or leave the site, if any room took it for more than text.
const EVIL =
  '<img src=x onerror="window.hit=1"><script>window.hit=1</script><style>body{display:none}</style>{{7*7}}'
const NAME = `<b onmouseover=window.hit=1>${'x'.repeat(20)}</b>"><svg onload=window.hit=1>`

describe('what people write stays text in every room', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  const at: Record<string, string> = {}
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
    const post = <T = { id: string }>(path: string, body?: unknown) => stage.tocsin.api<T>('POST', path, body)
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    await post('/api/v1/people', {
      id: 'mallory',
      name: NAME,
      email: 'mallory@example.org',
      role: 'viewer',
      timezone: 'UTC',
    })
    await post('/api/v1/monitors', {
      id: 'odd',
      settings: { type: 'tcp', service: 'docs', name: NAME, target: '127.0.0.1:1', confirm: 1, every: '1h' },
    })
    at.monitor = '/monitors/odd'
    const incident = await post('/api/v1/incidents', { title: NAME, severity: 'SEV3', serviceIds: ['docs'] })
    at.incident = `/incidents/${incident.id}`
    await post(`/api/v1/incidents/${incident.id}/timeline`, { text: EVIL })
    await post(`/api/v1/incidents/${incident.id}/updates`, { status: 'investigating', body: EVIL })
    const postmortem = await post<{ id: string; version: number }>(
      `/api/v1/incidents/${incident.id}/postmortem`,
    )
    at.postmortem = `/post-mortems/${postmortem.id}`
    const link = '[press](javascript:window.hit=1) ![seen](https://evil.example/pixel.png)'
    await stage.tocsin.api('PUT', `/api/v1/postmortems/${postmortem.id}`, {
      version: postmortem.version,
      title: NAME,
      body: `## ${EVIL}\n\n${EVIL}\n\n${link}\n\n| ${EVIL} | b |\n|---|---|\n| ${link} | ${EVIL} |\n`,
    })
    const action = await post(`/api/v1/postmortems/${postmortem.id}/actions`, {
      title: NAME,
      type: 'detect',
      criterion: EVIL,
    })
    at.action = `/actions/${action.id}`
    await stage.tocsin.api('PATCH', `/api/v1/actions/${action.id}`, { state: 'dropped', reason: EVIL })
    await post('/api/v1/silences', { match: { serviceId: 'git' }, until: later(1), reason: EVIL })
    await post('/api/v1/maintenance', { name: NAME, services: ['docs'], from: later(24), to: later(25) })
    await post('/api/v1/tokens', { name: NAME, role: 'viewer' })
    const alert = await stage.tocsin.until('the alert of the odd monitor', 30_000, async () => {
      const { items } = await stage.tocsin.api<{ items: { id: string; monitorId: string }[] }>(
        'GET',
        '/api/v1/alerts',
      )
      return items.find(({ monitorId }) => monitorId === 'odd')
    })
    at.alert = `/alerts/${alert.id}`
  })
  after(async () => {
    await stage?.stop()
  })

  /** Nothing that was written became an element, ran, or was taken for a template. */
  async function assertText(where: string): Promise<void> {
    const active = ['script', 'style', 'img', 'b', '[onerror]', '[onmouseover]', '[onload]']
    const elements = [...active.map((one) => `main ${one}`), '[href^="javascript"]']
    const made = `[...document.querySelectorAll(${JSON.stringify(elements.join())})].map((one) => one.outerHTML.slice(0, 120))`
    assert.deepEqual(await page.evaluate(made), [], where)
    assert.equal(await page.evaluate('typeof window.hit'), 'undefined', where)
    assert.doesNotMatch(await page.locator('main').innerText(), /(^|[^*\d])49([^*\d]|$)/m, where)
  }

  const rooms: [where: string, path: string | (() => string), shows: string][] = [
    ['the overview', '/', NAME],
    ['the monitors', '/monitors', NAME],
    ['a monitor', () => at.monitor!, NAME],
    ['the windows of maintenance', '/monitors?tab=maintenance', NAME],
    ['the alerts', '/alerts?state=all', NAME],
    ['an alert', () => at.alert!, NAME],
    ['the silences', '/alerts?tab=silences', EVIL],
    ['the incidents', '/incidents', NAME],
    ['an incident', () => at.incident!, EVIL],
    ['the post-mortems', '/post-mortems', NAME],
    ['a post-mortem', () => at.postmortem!, '<script>'],
    ['the actions', '/actions?state=all', EVIL],
    ['an action', () => at.action!, EVIL],
    ['the people', '/people', NAME],
    ['the tokens', '/tokens', NAME],
  ]
  for (const [where, path, shows] of rooms)
    test(where, async () => {
      await page.goto(stage.tocsin.url + (typeof path === 'string' ? path : path()))
      await page.locator('main').getByText(shows, { exact: false }).first().waitFor()
      await assertText(where)
    })

  test('the window is named by the text itself', async () => {
    await page.goto(stage.tocsin.url + at.incident)
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor()
    assert.equal(await page.title(), `${NAME} · Tocsin`)
  })

  test('a message that names somebody is text too', async () => {
    await page.goto(`${stage.tocsin.url}/people`)
    await page.getByRole('button', { name: `Disable ${NAME}` }).click()
    await page
      .getByRole('dialog', { name: `Disable ${NAME}?` })
      .getByRole('button', { name: 'Disable' })
      .click()
    await page.getByText(`${NAME} is disabled.`).waitFor()
    await assertText('a message')
  })

  test('a filter of the address is text in its field, and finds nothing', async () => {
    await page.goto(`${stage.tocsin.url}/monitors?q=${encodeURIComponent('<script>window.hit=1</script>')}`)
    await page.getByText('No monitor matches').waitFor()
    assert.equal(await page.getByLabel('Search monitors').inputValue(), '<script>window.hit=1</script>')
    await assertText('a filter')
  })

  test('nothing was fetched from elsewhere', () => assert.deepEqual(stage.browser.complaints, []))
})
