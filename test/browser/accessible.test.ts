import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { type Stage, startStage } from './stage.ts'

/** Pages by their address; `:name` is filled in with what the stage made. */
const PAGES = [
  '/',
  '/monitors',
  '/monitors?tab=maintenance',
  '/monitors/docs-front',
  '/certificates',
  '/alerts',
  '/alerts?tab=silences',
  '/alerts/:alert',
  '/incidents',
  '/incidents/:incident',
  '/on-call',
  '/post-mortems',
  '/post-mortems/import',
  '/post-mortems/:postmortem',
  '/post-mortems/luck',
  '/actions',
  '/actions/:action',
  '/drills',
  '/drills/docs-faults',
  '/cases',
  '/cases/renewal-that-hangs',
  '/blind-spots',
  '/learning',
  '/learning?tab=times',
  '/learning?tab=detection',
  '/search?q=documentation',
  '/people',
  '/tokens',
  '/account',
  '/sign-in',
  '/invitation',
]

describe('every page is accessible', needs('chromium'), () => {
  let stage: Stage
  let made: Record<string, string>
  before(async () => {
    stage = await startStage()
    await (await stage.signedIn()).context.close()
    made = await fill(stage)
  })
  after(async () => {
    await stage?.stop()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${screen}, ${colorScheme}`, async () => {
        const { context, page } = await stage.signedIn({ ...options, colorScheme })
        for (const address of PAGES) {
          const path = address.replace(/:(\w+)/, (_, name: string) => made[name]!)
          await page.goto(stage.tocsin.url + path)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
          await assertAccessible(page, `${address}, ${screen}, ${colorScheme}`)
          const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${address} scrolls sideways by ${wide} on the ${screen}`)
        }
        await context.close()
      })

  test('forms and dialogs, in both colours', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { context, page } = await stage.signedIn({ ...DESK, colorScheme })
      const dialogs: [string, string][] = [
        ['/monitors', 'Add a monitor'],
        ['/incidents', 'Declare an incident'],
        ['/on-call', 'Add an override'],
        ['/drills', 'Add a drill'],
        ['/people', 'Add a person'],
        ['/tokens', 'Create a token'],
        [`/post-mortems/${made.postmortem}`, 'Add an action'],
      ]
      for (const [path, button] of dialogs) {
        await page.goto(stage.tocsin.url + path)
        await page.getByRole('button', { name: button }).first().click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('textbox').or(dialog.getByRole('combobox')).first().waitFor()
        await settled(page)
        await assertAccessible(page, `${button}, ${colorScheme}`)
      }
      await page.goto(`${stage.tocsin.url}/post-mortems/${made.postmortem}`)
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.getByLabel('Text, in Markdown').waitFor()
      await assertAccessible(page, `the editor, ${colorScheme}`)
      await context.close()
    }
  })
})

/** Waits until nothing fades in any more: half-faded text has half the contrast. */
async function settled(page: Page): Promise<void> {
  const still = `document.getAnimations().every(({ playState }) => playState !== 'running') &&
    [...document.querySelectorAll('[role=dialog]')].every((one) => getComputedStyle(one).opacity === '1')`
  await until('the dialog stands still', 10_000, async () => (await page.evaluate(still)) === true)
}

async function fill({ tocsin }: Stage): Promise<Record<string, string>> {
  const post = async (path: string, body?: unknown) =>
    (await tocsin.api<{ id: string }>('POST', path, body))?.id
  const incident = await post('/api/v1/incidents', {
    title: 'Documentation is slow',
    severity: 'SEV2',
    serviceIds: ['docs'],
  })
  await post(`/api/v1/incidents/${incident}/timeline`, {
    text: 'The disk is full',
    happenedAt: '2026-01-01T00:00:00Z',
  })
  await post(`/api/v1/incidents/${incident}/updates`, { status: 'identified', body: 'We know why.' })
  for (const state of ['mitigated', 'resolved'])
    await tocsin.api('PATCH', `/api/v1/incidents/${incident}`, { state })
  const postmortem = await tocsin.until('the draft of the post-mortem', 30_000, async () => {
    const { postmortemId } = await tocsin.api<{ postmortemId: string | null }>(
      'GET',
      `/api/v1/incidents/${incident}`,
    )
    return postmortemId
  })
  await post('/api/v1/drills', {
    id: 'docs-faults',
    settings: { kind: 'monitor-faults', monitor: 'docs-front' },
  })
  const action = await post(`/api/v1/postmortems/${postmortem}/actions`, {
    title: 'Notice a full disk',
    type: 'detect',
    criterion: 'It is noticed.',
    drillId: 'docs-faults',
  })
  const run = await post('/api/v1/drills/docs-faults/run')
  await tocsin.until('the drill to end', 60_000, async () => {
    const { state } = await tocsin.api<{ state: string }>('GET', `/api/v1/drill-runs/${run}`)
    return state !== 'queued' && state !== 'running'
  })
  const alert = await tocsin.until('an alert', 30_000, async () => {
    const { items } = await tocsin.api<{ items: { id: string }[] }>('GET', '/api/v1/alerts')
    return items[0]?.id
  })
  const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
  await post('/api/v1/overrides', { scheduleId: 'web-week', personId: 'bo', from: later(24), to: later(48) })
  await post('/api/v1/maintenance', {
    name: 'New kernel',
    services: ['docs'],
    from: later(24),
    to: later(25),
  })
  await post('/api/v1/silences', {
    match: { serviceId: 'git' },
    until: later(1),
    reason: 'It is being moved',
  })
  await post('/api/v1/tokens', { name: 'Deploy', role: 'viewer' })
  return { incident: incident!, postmortem, action: action!, alert }
}
