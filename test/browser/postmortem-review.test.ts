/** A post-mortem in the browser: written with hints and live pieces, discussed, reviewed, and its luck looked after. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { PASSWORD, type Stage, startStage } from './stage.ts'

const PICTURES = process.env.TOCSIN_PICTURES
const SCREENS = { desk: { ...DESK, viewport: { width: 1280, height: 900 } }, phone: PHONE }

const BODY = `## Summary

Source hosting was down, and **everything that builds** stood still.

## Root cause

The proxy kept every connection. Bo should have noticed the growth.

## Detection

\`\`\`tocsin times
\`\`\`

\`\`\`tocsin plot
monitor: git-front
\`\`\`

\`\`\`tocsin graph
\`\`\`

## Timeline

\`\`\`tocsin timeline
\`\`\`

\`\`\`tocsin tmeline
\`\`\`

## What went wrong

- No alert looked at the number of connections.

## Where we got lucky

- It was a Sunday, and nobody released.
- The backup was a day old by chance.

## Actions

\`\`\`tocsin actions
\`\`\`
`

const CONFIG = (config: string) =>
  config.replace(
    '  git: { name: Source hosting, owner: web }\n',
    `  git: { name: Source hosting, owner: web, dependsOn: [disks] }
  disks: { name: Disk shelf, owner: web }
  builds: { name: Build farm, owner: web, dependsOn: [git] }
  registry: { name: Image registry, owner: web, dependsOn: [builds] }
  reviews: { name: Code review, owner: web, dependsOn: [git] }
`,
  )

describe('the review of a post-mortem in the browser', needs('chromium'), () => {
  let stage: Stage
  let dana: Page
  let cleo: Page
  let id: string
  const api = <T = { id: string }>(method: string, path: string, body?: unknown) =>
    stage.tocsin.api<T>(method, path, body)
  const picture = async (of: Page, name: string) => {
    if (PICTURES) await of.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
  }
  const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  /** Marks words of the text, as a reader does with the mouse. */
  const mark = (page: Page, words: string) =>
    page.evaluate(`(() => {
      const wanted = ${JSON.stringify(words)}
      const walker = document.createTreeWalker(document.querySelector('.reading'), NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(wanted)
        if (at < 0) continue
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + wanted.length)
        node.parentElement.scrollIntoView({ block: 'center' })
        document.getSelection().removeAllRanges()
        document.getSelection().addRange(range)
        return
      }
      throw new Error(wanted + ' is not there')
    })()`)
  const selected =
    'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)'

  before(async () => {
    stage = await startStage(() => '', CONFIG)
    ;({ page: dana } = await stage.signedIn(SCREENS.desk))
    await api('POST', '/api/v1/people', {
      id: 'cleo',
      name: 'Cleo Duarte',
      email: 'cleo@example.org',
      role: 'responder',
    })
    const { link } = await api<{ link: string }>('POST', '/api/v1/people/cleo/invite')
    cleo = await (await stage.browser.open(SCREENS.desk)).newPage()
    await cleo.goto(link)
    await cleo.locator('input[type=password]').first().fill(PASSWORD)
    await cleo.locator('input[type=password]').last().fill(PASSWORD)
    await cleo.getByRole('button', { name: 'Begin' }).click()
    await cleo.getByRole('link', { name: 'Monitors' }).first().waitFor()
    const incident = await api('POST', '/api/v1/incidents', {
      title: 'Source hosting stood still',
      severity: 'SEV1',
      serviceIds: ['git'],
      impactStart: new Date(Date.now() - 25 * 60_000).toISOString(),
    })
    await api('POST', `/api/v1/incidents/${incident.id}/timeline`, {
      text: 'Restarted the proxy <b>twice</b>',
    })
    id = (await api('POST', `/api/v1/incidents/${incident.id}/postmortem`)).id
    await api('PATCH', `/api/v1/incidents/${incident.id}`, { state: 'resolved' })
  })
  after(async () => {
    await stage?.stop()
  })

  test('hints come while one types, lead to their place, and hold nothing up', async () => {
    await dana.goto(`${stage.tocsin.url}/post-mortems/${id}`)
    await dana.getByText('Nobody is asked to review it yet.').waitFor()
    await card(dana, 'Review').getByText('Draft due').waitFor()
    await dana.getByRole('button', { name: 'Edit' }).click()
    const text = dana.getByLabel('Text, in Markdown')
    await text.fill(BODY)
    const wording = card(dana, 'Wording')
    await wording.getByText('Bo', { exact: true }).waitFor()
    await wording.getByText('It tells what did not happen.').waitFor()
    await dana.getByText('2 hints on wording below the text').waitFor()
    await picture(dana, 'editor-with-hints')
    await assertAccessible(dana, 'the editor with hints')
    await wording.getByRole('button', { name: 'should have' }).click()
    await dana.waitForFunction(`${selected} === 'should have'`)
    await text.fill(BODY.replace('Bo should have noticed the growth.', 'Its growth was on no graph.'))
    await wording.waitFor({ state: 'detached' })
    // A piece comes where the writer stands.
    await text.press('Control+Home')
    await dana.getByRole('button', { name: 'Insert a live piece' }).click()
    await dana.getByRole('menuitem', { name: 'Times with their formulas' }).click()
    assert.match(await text.inputValue(), /^```tocsin times\n```\n## Summary/)
    await text.fill(BODY)
    await dana.getByRole('button', { name: 'Save' }).click()
    await dana.getByText('Version 2').waitFor()
    await dana.getByRole('button', { name: 'Done' }).click()
  })

  test('live pieces are drawn from the record; a wrong one says so at its place', async () => {
    const text = dana.locator('.reading')
    await text.getByText('Restarted the proxy <b>twice</b>').waitFor()
    await text.getByText('impact start → resolved').waitFor()
    await text
      .getByRole('img', {
        name: /^Hit: Source hosting\. Depends on it: .*Build farm.*It depends on: Disk shelf\.$/,
      })
      .waitFor()
    await text.getByRole('img', { name: /Verdicts over time/ }).waitFor()
    await text
      .getByText('There is no piece "tmeline". There are timeline, times, plot, graph, actions.')
      .waitFor()
    await text.getByText('No action was written down.').waitFor()
    await card(dana, 'Wording').getByText('should have').waitFor()
  })

  test('a reviewer marks a passage, asks for changes, and the writer sees both', async () => {
    await card(dana, 'Review').getByRole('button', { name: 'Ask for a review' }).click()
    const dialog = dana.getByRole('dialog')
    await dialog.getByLabel('Who').fill('Cleo')
    await dana.getByRole('option', { name: 'Cleo Duarte' }).click()
    await dana.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
    await card(dana, 'Review').getByText('Cleo Duarte').waitFor()
    await dana.getByRole('button', { name: 'State' }).click()
    await dana.getByRole('menuitem', { name: 'Send to review' }).click()
    await card(dana, 'Review').getByText('none of 1 approval of this text given').waitFor()
    await card(dana, 'Review')
      .getByText(/could not be told: no verified contact/)
      .waitFor()

    await cleo.goto(`${stage.tocsin.url}/post-mortems/${id}`)
    await cleo.getByText('Your review is asked for').waitFor()
    await mark(cleo, 'everything that builds')
    await cleo.getByRole('button', { name: 'Comment on this' }).click()
    const said = cleo.getByRole('dialog')
    assert.equal(await said.getByLabel('About this passage').inputValue(), 'everything that builds')
    await said.getByLabel('What you say').fill('Which builds, and for how long?')
    await said.getByRole('button', { name: 'Comment', exact: true }).click()
    await card(cleo, 'Comments').getByText('Which builds, and for how long?').waitFor()
    await cleo.getByRole('button', { name: 'Ask for changes' }).click()
    await cleo.getByRole('dialog').getByLabel('What must change').fill('Say how long it lasted.')
    await picture(cleo, 'ask-for-changes')
    await assertAccessible(cleo, 'asking for changes')
    await cleo.getByRole('dialog').getByRole('button', { name: 'Ask', exact: true }).click()

    // Live: the writer sees it without asking.
    await card(dana, 'Review').getByText('Say how long it lasted.').waitFor()
    const thread = card(dana, 'Comments').getByRole('article')
    await thread.getByRole('button', { name: 'everything that builds' }).click()
    await dana.waitForFunction("String([...CSS.highlights.get('quoted')]) === 'everything that builds'")
    // What is being discussed is underlined in the text.
    await dana.waitForFunction("String([...CSS.highlights.get('discussed')]) === 'everything that builds'")
    await picture(dana, 'discussed')
    await thread.getByRole('button', { name: 'Reply' }).click()
    await thread.getByLabel('Your reply').fill('All of them, for 25 minutes.')
    await dana.keyboard.press('Control+Enter')
    await card(cleo, 'Comments').getByText('All of them, for 25 minutes.').waitFor()
  })

  test('after an edit the comment says that the text has changed since', async () => {
    const version = 2
    const body = BODY.replace(
      '**everything that builds** stood still',
      'no build ran for 25 minutes',
    ).replace('Bo should have noticed the growth.', 'Its growth was on no graph.')
    await api('PUT', `/api/v1/postmortems/${id}`, { version, title: 'Source hosting stood still', body })
    await card(cleo, 'Comments').getByText('the text has changed since').waitFor()
    await card(dana, 'Wording').waitFor({ state: 'detached' })
    await dana.waitForFunction("CSS.highlights.get('discussed').size === 0")
    await cleo.getByText('no build ran for 25 minutes').waitFor()
    await cleo.getByRole('button', { name: 'Approve' }).click()
    await card(cleo, 'Review').getByText('1 of 1 approved').waitFor()
  })

  test('the pages, in both colours, on the desk and on the phone', async () => {
    for (const [screen, options] of Object.entries(SCREENS))
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, context } = await stage.signedIn({ ...options, colorScheme })
        await page.goto(`${stage.tocsin.url}/post-mortems/${id}`)
        await page.getByRole('img', { name: /Verdicts over time/ }).waitFor()
        await card(page, 'Comments').getByRole('article').waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        await picture(page, `post-mortem-${screen}-${colorScheme}`)
        await assertAccessible(page, `a post-mortem in review, ${screen}, ${colorScheme}`)
        const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
        assert.ok(wide <= 0, `it scrolls sideways by ${wide} on the ${screen}`)
        await context.close()
      }
  })

  test('what others hold open is overruled with a reason, or resolved', async () => {
    await dana.getByRole('button', { name: 'State' }).click()
    await dana.getByRole('menuitem', { name: 'Mark as reviewed' }).click()
    const dialog = dana.getByRole('dialog')
    await dialog.getByText('1 thread is open').waitFor()
    await dialog.getByLabel('Why').fill('Answered in the thread.')
    await picture(dana, 'overrule')
    await dialog.getByRole('button', { name: 'Mark as reviewed' }).click()
    await dana.locator('.page-head').getByText('Reviewed').waitFor()
    await card(dana, 'Review').getByText('“Answered in the thread.”').waitFor()
    await card(dana, 'Comments').getByRole('button', { name: 'Resolve' }).click()
    await card(dana, 'Comments').getByText('1 resolved thread').waitFor()
  })

  test('luck becomes an action, or is accepted until a day', async () => {
    const items = card(dana, 'What to make of it')
    await items.getByRole('button', { name: 'Make an action: No alert looked' }).click()
    const dialog = dana.getByRole('dialog')
    assert.equal(
      await dialog.getByLabel('What will be different').inputValue(),
      'No alert looked at the number of connections.',
    )
    assert.equal(await dialog.getByLabel('Acceptance criterion').inputValue(), '')
    assert.equal(
      await dialog.getByRole('combobox', { name: 'Kind' }).or(dialog.getByLabel('Kind')).first().inputValue(),
      'Detect it sooner',
    )
    await dialog.getByRole('button', { name: 'Make the action' }).click()
    assert.ok(await dialog.isVisible(), 'without a criterion nothing is sent')
    await dialog.getByLabel('Acceptance criterion').fill('The monitor warns at 80 % of the connections.')
    await dialog.getByRole('button', { name: 'Make the action' }).click()
    await items.getByRole('link', { name: 'No alert looked at the number' }).waitFor()
    await dana.locator('.reading').getByText('The monitor warns at 80 %').waitFor()

    await items.getByRole('link', { name: 'Luck we had' }).click()
    await dana.getByRole('heading', { level: 1, name: 'Luck we had' }).waitFor()
    await dana.getByRole('button', { name: 'Accept the risk: It was a Sunday' }).click()
    await dana.getByRole('dialog').getByLabel('Why we live with it').fill('Releases stop in March anyway.')
    await picture(dana, 'accept-risk')
    await assertAccessible(dana, 'accepting a risk')
    await dana.getByRole('dialog').getByRole('button', { name: 'Accept it' }).click()
    await dana.getByRole('dialog').waitFor({ state: 'detached' })
    await dana.locator('table').getByText('It was a Sunday').waitFor({ state: 'detached' })
    await dana.getByText('The backup was a day old by chance.').waitFor()
    await dana.locator('label').getByText('All', { exact: true }).click()
    await dana.waitForURL(/state=all/)
    await dana.getByText('by Dana Moreau until').waitFor()
    for (const [screen, options] of Object.entries(SCREENS))
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, context } = await stage.signedIn({ ...options, colorScheme })
        await page.goto(`${stage.tocsin.url}/post-mortems/luck?state=all`)
        await page.getByText('by Dana Moreau until').waitFor()
        await picture(page, `luck-${screen}-${colorScheme}`)
        await assertAccessible(page, `luck, ${screen}, ${colorScheme}`)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
        await context.close()
      }
    await dana.getByRole('button', { name: 'Take it back: It was a Sunday' }).click()
    await dana.getByText('taken back by Dana Moreau').waitFor()
    assert.deepEqual(stage.browser.complaints, [])
  })
})
