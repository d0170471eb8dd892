/** Two people play a past incident in two browsers; what is yet to come is hidden, what was said is kept and timed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { PASSWORD, type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES
const END = 'The renewal had hung on two dead builders'

/** A timeline that was written up when all was over. */
const STORY: [number, string][] = [
  [-300, 'A user asks in the chat why the browser warns about the documentation.'],
  [-290, 'Bo sees that the certificate expired in the night; the nightly job was green.'],
  [-240, 'Nobody is on call for the builders this week.'],
  [-200, `${END}; the certificate is renewed by hand.`],
]

describe('a table-top exercise of two people', needs('chromium'), () => {
  let stage: Stage
  let ana: Page
  let bo: Page
  let address = ''

  const picture = async (page: Page, name: string) => {
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
  }
  const say = async (page: Page, question: string, words: string) => {
    const form = page.locator('form', { has: page.getByLabel(question) })
    await form.getByLabel(question).fill(words)
    await form.getByRole('button', { name: 'Say it' }).click()
    await form.getByText(words, { exact: false }).first().waitFor()
  }

  before(async () => {
    stage = await startStage()
    ;({ page: ana } = await stage.signedIn())
    const api = <T = { id: string }>(method: string, path: string, body?: unknown) =>
      stage.tocsin.api<T>(method, path, body)
    const incident = await api('POST', '/api/v1/incidents', {
      title: 'Documentation not trusted',
      severity: 'SEV2',
    })
    await api('PATCH', `/api/v1/incidents/${incident.id}`, { state: 'resolved' })
    for (const [minutes, text] of STORY)
      await api('POST', `/api/v1/incidents/${incident.id}/timeline`, {
        text,
        happenedAt: new Date(Date.now() + minutes * 60_000).toISOString(),
      })
    const { link } = await api<{ link: string }>('POST', '/api/v1/people/bo/invite')
    bo = await (await stage.browser.open(DESK)).newPage()
    await bo.goto(link)
    await bo.locator('input[type=password]').first().fill(PASSWORD)
    await bo.locator('input[type=password]').last().fill(PASSWORD)
    await bo.getByRole('button', { name: 'Begin' }).click()
    await bo.getByRole('link', { name: 'Monitors' }).first().waitFor()
  })
  after(async () => {
    await stage?.stop()
  })

  test('the facilitator makes it of an incident, and both sit down', async () => {
    await ana.goto(`${stage.tocsin.url}/exercises`)
    await ana.getByRole('button', { name: 'Make an exercise' }).first().click()
    const dialog = ana.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Incident' }).click()
    await ana.getByRole('option', { name: 'Documentation not trusted' }).click()
    await dialog.getByLabel('Name').fill('A morning in November')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    await ana.getByRole('heading', { level: 1, name: 'A morning in November' }).waitFor()
    address = ana.url()
    await ana.getByRole('button', { name: 'Take part' }).click()
    await bo.goto(address)
    await bo.getByRole('button', { name: 'Take part' }).click()
    // The others arrive by themselves, without a reload.
    await ana.getByLabel('At the table').getByText('Bo Okafor').waitFor()
    assert.equal(await bo.getByRole('button', { name: 'Begin' }).count(), 0, 'only who leads it moves it on')
    await assertAccessible(ana, 'gathering')
    await picture(ana, 'exercise-gathering')
  })

  test('both see what was known and no more, and the answers of the other only when the step is over', async () => {
    await ana.getByRole('button', { name: 'Begin' }).click()
    for (const page of [ana, bo]) await page.getByText('A user asks in the chat').waitFor()
    const seen = await bo.evaluate(async (id) => {
      const answer = await fetch(`/api/v1/exercises/${id}`)
      return answer.text()
    }, address.split('/').at(-1))
    assert.ok(seen.includes('A user asks'), 'what is known is there')
    assert.ok(!seen.includes(END) && !seen.includes('certificate expired'), 'the rest never left the server')
    await say(bo, 'What do you look at?', 'The certificate itself, by openssl')
    await say(bo, 'Whom do you call?', 'Whoever runs the builders')
    await say(ana, 'What do you look at?', 'The dashboard of the renewal job')
    await ana.getByLabel('At the table').getByText('2 of 3').waitFor()
    assert.equal(await bo.getByText('The dashboard of the renewal job').count(), 0)
    await picture(bo, 'exercise-step')
    await assertAccessible(bo, 'answering')
    await ana.getByRole('button', { name: 'Next step' }).click()
    await bo.getByText('Bo sees that the certificate expired').waitFor()
    await say(
      ana,
      'What do you tell users?',
      'The documentation is up; the warning is about our certificate.',
    )
  })

  test('who does not lead cannot move it on by a forged request, and a double press skips nothing', async () => {
    const id = address.split('/').at(-1)!
    const forge = (page: Page, body: object) =>
      page.evaluate(
        async ([path, text]) => {
          const answer = await fetch(path!, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: text!,
          })
          return answer.status
        },
        [`/api/v1/exercises/${id}/move`, JSON.stringify(body)],
      )
    assert.equal(await forge(bo, { to: 'next', from: 2 }), 403)
    assert.equal(await forge(ana, { to: 'next', from: 1 }), 409)
  })

  test('at the end what happened stands beside what was said, with the time each answer took', async () => {
    for (const last of ['Nobody is on call', END]) {
      await ana.getByRole('button', { name: 'Next step' }).click()
      await bo.getByText(last).waitFor()
    }
    // What was written as the incident was declared and closed comes last.
    for (let i = 0; i < 5 && (await ana.getByRole('button', { name: 'Next step' }).count()) > 0; i++) {
      await ana.getByRole('button', { name: 'Next step' }).click()
      await ana.waitForTimeout(300)
    }
    await ana.getByRole('button', { name: 'Show how it went' }).click()
    for (const page of [ana, bo]) {
      await page.getByRole('region', { name: 'As it went, and what you said' }).waitFor()
      await page.getByText('The dashboard of the renewal job').waitFor()
      await page.getByText('The certificate itself, by openssl').waitFor()
    }
    const said = bo.locator('.exercise-said li', { hasText: 'Whoever runs the builders' })
    assert.match(await said.innerText(), /Bo Okafor.*(at once|\d+ s)/s)
    await assertAccessible(bo, 'the end')
    await picture(bo, 'exercise-end')
    const phone = await (await stage.signedIn({ ...PHONE })).page
    await phone.goto(address)
    await phone.getByText('The certificate itself, by openssl').waitFor()
    await picture(phone, 'exercise-phone')
    const wide = await phone.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wide, false, 'nothing leaves the phone')
    const dark = await (await stage.signedIn({ ...DESK, colorScheme: 'dark' })).page
    await dark.goto(address)
    await dark.getByText('The certificate itself, by openssl').waitFor()
    await assertAccessible(dark, 'the end, dark')
    await picture(dark, 'exercise-dark')
    assert.deepEqual(stage.browser.complaints, [])
  })
})
