/** Post-mortems come in by the browser: dropped, pasted, corrected by clicking, and imported once. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import {
  completion,
  type ModelServer,
  startModel,
} from '../../src/postmortems/import/propose/model-for-tests.ts'
import { assertAccessible, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import {
  choice,
  document,
  documentNamed,
  drop,
  inView,
  LAMP,
  paste,
  picture,
  select,
  settled,
  unit,
  value,
} from './import-steps.ts'
import { type Stage, startStage } from './stage.ts'

describe('importing post-mortems in the browser', needs('chromium'), () => {
  let stage: Stage
  let model: ModelServer
  let page: Page
  const imported = async () =>
    (await stage.tocsin.api<{ items: { title: string }[] }>('GET', '/api/v1/postmortems')).items.map(
      ({ title }) => title,
    )

  before(async () => {
    model = await startModel()
    stage = await startStage(
      () => `postmortems:
  import: { languageModel: { url: "${model.url}", model: careful-reader, apiKey: sk-nobody-sees-this, timeout: 5s } }
`,
    )
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
    model?.stop()
  })

  test('files are dropped and one is pasted; each is shown beside what was read, and nothing is kept', async () => {
    await page.goto(`${stage.tocsin.url}/post-mortems`)
    await page.getByRole('link', { name: 'Import', exact: true }).click()
    await page.getByRole('heading', { name: 'Import', level: 1 }).waitFor()
    await drop(page, ['review-template.md', 'two-slides.txt'])
    await documentNamed(page, 'review-template.md').waitFor()
    await paste(page, 'lamp.md', LAMP)
    await until('all three to be read', 20_000, async () => {
      const words = await page.locator('.documents .state').allInnerTexts()
      return words.length === 3 && words.every((word) => !/Waiting|Reading/.test(word))
    })
    await documentNamed(page, 'review-template.md').click()
    await value(page, 'PACK-412').waitFor()
    await settled(page)
    await assertAccessible(page, 'a document beside its source')
    await picture(page, 'import')
    assert.deepEqual(await imported(), [])
  })

  test('a value leads to its place, and the place to its value', async () => {
    await documentNamed(page, 'review-template.md').click()
    await value(page, 'Consumers restarted').click()
    const marked = page.locator('.source-text mark[data-active]')
    await until('the place to be marked', 20_000, async () => (await marked.count()) > 0)
    assert.match((await marked.allInnerTexts()).join(''), /Consumers restarted/)
    assert.ok(await inView(marked.first(), page.getByRole('region', { name: 'Source', exact: true })))
    await page.locator('.source-text mark', { hasText: 'It was a quiet morning.' }).click()
    const there = page.locator('.read-value[data-active]')
    await until('the value to be marked', 20_000, async () => (await there.count()) === 1)
    assert.match(await there.innerText(), /quiet morning/)
    assert.ok(await inView(there, page.getByRole('region', { name: 'Result', exact: true })))
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    await page.locator('.source-text mark', { hasText: 'A switch was restarted' }).hover()
    await until('the value under the pointer', 20_000, async () =>
      /switch was restarted/.test((await there.allInnerTexts()).join('')),
    )
    // Every mark holds the text of the source at its place.
    const shown = await page.locator('.unit').allTextContents()
    const source = document('review-template.md').toString('utf8')
    assert.equal(shown.join('').replaceAll(/\s/g, ''), source.replaceAll(/\s/g, ''))
  })

  test('a reviewer corrects by clicking and by selecting, sees what changes, and takes it back', async () => {
    await documentNamed(page, 'lamp.md').click()
    await unit(page, 'We will look at batteries').click()
    await choice(page, 'Actions').click()
    const actions = page.getByRole('listbox', { name: 'Actions' })
    await actions.getByText('We will look at batteries every spring.').waitFor()
    await actions.getByText('new').waitFor()
    await select(page, 'The battery was empty and nobody looks at batteries.')
    await choice(page, 'Root cause').click()
    await page.getByRole('listbox', { name: 'Root cause' }).getByText('The battery was empty').waitFor()
    await unit(page, '10:00 UTC dark').click()
    await unit(page, '10:47 UTC light').click({ modifiers: ['Shift'] })
    await choice(page, 'Timeline').click()
    const timeline = page.getByRole('listbox', { name: 'Timeline' })
    await timeline.getByText('light').waitFor()
    await timeline.getByText('2021-03-05 10:00 UTC').waitFor()
    await unit(page, 'The lamp went out.').click()
    await choice(page, 'Nothing').click()
    const corrections = page.getByRole('region', { name: 'Your corrections' })
    await until(
      'four corrections',
      5_000,
      async () => (await corrections.getByRole('listitem').count()) === 4,
    )
    await picture(page, 'import-corrected')
    await corrections.getByRole('button', { name: /Undo: The lamp went out/ }).click()
    await until(
      'three corrections',
      5_000,
      async () => (await corrections.getByRole('listitem').count()) === 3,
    )
    await page.getByRole('listbox', { name: 'Source text' }).focus()
    await page.keyboard.press('Control+z')
    await until(
      'two corrections',
      20_000,
      async () => (await corrections.getByRole('listitem').count()) === 2,
    )
    await page.locator('.read-missing', { hasText: 'Timeline' }).waitFor()
  })

  test('one of several sentences can be chosen without a mouse, and the focus comes back', async () => {
    const source = page.getByRole('listbox', { name: 'Source text' })
    await source.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    const at = await source.getAttribute('aria-activedescendant')
    assert.match(await page.locator(`[id="${at}"]`).innerText(), /It was dark in the hall/)
    await page.keyboard.press('Enter')
    const bar = page.getByRole('region', { name: 'What is it?' })
    assert.equal(await page.evaluate('document.activeElement.innerText'), 'Summary')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: /Only: It was dark/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await bar
      .getByText('“It was dark in the hall for most of an hour.”')
      .or(bar.locator('q', { hasText: /^It was dark in the hall for most of an hour\.$/ }))
      .first()
      .waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.innerText'), 'Impact')
    await page.keyboard.press('Enter')
    await page.getByRole('listbox', { name: 'Impact' }).getByText('It was dark in the hall').waitFor()
    assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Source text')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await bar.waitFor({ state: 'detached' })
    assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Source text')
  })

  test('the language model is asked only when somebody says so; what it proposes counts once it is taken', async () => {
    assert.equal(model.asked.length, 0)
    model.answer([
      { quote: 'The lamp went out.', as: 'impact' },
      { quote: 'The lamp exploded.', as: 'impact' },
    ])
    const ask = page.getByRole('button', { name: 'Ask the language model' })
    await ask.click()
    const proposals = page.getByRole('region', { name: 'Proposals' })
    await proposals.getByText('1 not literally in the document').waitFor()
    assert.equal(model.asked.length, 1)
    assert.equal(model.asked[0]!.headers.authorization, 'Bearer sk-nobody-sees-this')
    const mark = page.locator('mark[data-family=proposal]')
    assert.equal(await mark.innerText(), 'The lamp went out.')
    const before = await page.getByRole('region', { name: 'Your corrections' }).getByRole('listitem').count()
    await settled(page)
    await assertAccessible(page, 'proposals')
    await picture(page, 'import-proposals')
    await proposals.getByRole('button', { name: /^Take: Impact/ }).click()
    const corrections = page.getByRole('region', { name: 'Your corrections' }).getByRole('listitem')
    await until('it to be a correction', 20_000, async () => (await corrections.count()) === before + 1)
    await page.getByRole('listbox', { name: 'Impact' }).getByText('The lamp went out.').waitFor()
    for (const [answer, said] of [
      [(_, response) => response.writeHead(429).end(), /asked too often/],
      [(_, response) => completion(response, 'not JSON'), /not what was asked for/],
      [() => {}, /no answer within 5s/],
    ] as [Parameters<ModelServer['answer']>[0], RegExp][]) {
      model.answer(answer)
      await ask.click()
      await proposals.getByText(said).waitFor()
      await proposals.getByText('What was read by itself is as it was.').waitFor()
    }
    await page.getByRole('listbox', { name: 'Impact' }).getByText('The lamp went out.').waitFor()
    assert.doesNotMatch(await page.content(), /sk-nobody/)
  })

  test('what was corrected is imported, leads to its post-mortem, and shows there where it came from', async () => {
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('It is a draft now').waitFor()
    await page.locator('.review-links a').click()
    await page.getByRole('heading', { level: 1, name: /lamp/ }).waitFor()
    await page.getByRole('link', { name: 'We will look at batteries every spring.' }).waitFor()
    const card = page.getByRole('region', { name: 'Where this came from' })
    await card.getByText('lamp.md').waitFor()
    await card.getByRole('button', { name: 'Show the document' }).click()
    // Cards above may still arrive and move this one: neither the pointer nor a place on the screen may matter.
    await page.mouse.move(0, 0)
    await card
      .getByRole('listbox', { name: 'Root cause' })
      .getByText('The battery was empty')
      .dispatchEvent('click')
    await until('its place to be marked', 20_000, async () =>
      /The battery was empty/.test((await card.locator('mark[data-active]').allInnerTexts()).join('')),
    )
    // A section of two parts is marked where they stand, and not between them.
    await card.locator('.unit', { hasText: '10:00 UTC dark' }).waitFor()
    assert.equal(await card.locator('.unit', { hasText: '10:00 UTC dark' }).locator('mark').count(), 0)
    assert.equal(await card.locator('mark[data-tag=impact]').count(), 2)
    assert.equal(await page.getByRole('region', { name: 'What is it?' }).count(), 0)
    await settled(page)
    await assertAccessible(page, 'where a post-mortem came from')
    await picture(page, 'import-source-card')
  })

  test('all that are clean are imported at once; what is known makes nothing twice', async () => {
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    await drop(page, ['review-template.md', 'two-slides.txt', 'blog.md'])
    const all = page.getByRole('button', { name: /Import all that are clean/ })
    await until('the clean ones to be counted', 20_000, async () => {
      const words = await page.locator('.documents .state').allInnerTexts()
      return (
        words.length === 3 && words.every((word) => !/Waiting|Reading/.test(word)) && (await all.isEnabled())
      )
    })
    await documentNamed(page, 'blog.md').click()
    await page.getByRole('button', { name: 'Show the next' }).click()
    await until('what is unsure to be marked on both sides', 20_000, async () =>
      [
        await page.locator('.read-value[data-active]').count(),
        await page.locator('mark[data-active]').count(),
      ].every((count) => count > 0),
    )
    assert.match(await page.locator('.read-value[data-active]').innerText(), /unsure, \d\d %/)
    const before = (await imported()).length
    const clean = Number(/\((\d+)\)/.exec(await all.innerText())![1])
    assert.ok(clean > 0)
    await all.click()
    await until('them to be imported', 20_000, async () => {
      const words = await page.locator('.documents .state').allInnerTexts()
      return words.filter((word) => word === 'Imported').length === clean
    })
    const made = (await imported()).length
    assert.ok(made > before)
    await picture(page, 'import-all')
    const name = await page
      .locator('.documents li', { has: page.locator('.state', { hasText: 'Imported' }) })
      .first()
      .locator('.document-name')
      .innerText()
    await drop(page, [name])
    await page.locator('.documents .state', { hasText: 'Known already' }).waitFor()
    await page.locator('.documents button', { hasText: 'Known already' }).click()
    await page.getByText('This very text was imported before').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 0)
    assert.equal((await imported()).length, made)
  })

  test('without a mouse a text is pasted, looked through on both sides, and imported', async () => {
    await page.goto(`${stage.tocsin.url}/post-mortems/import`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const focused = `(() => {
      const at = document.activeElement
      return at?.getAttribute('aria-label') || at?.labels?.[0]?.innerText || at?.innerText?.trim() || ''
    })()`
    const tabTo = async (name: string) => {
      for (let stops = 0; stops < 60; stops++) {
        await page.keyboard.press('Tab')
        if ((await page.evaluate(focused)) === name) return
      }
      throw new Error(`no stop is called ${name}`)
    }
    await tabTo('Paste a text')
    await page.keyboard.press('Enter')
    await tabTo('Text')
    await page.keyboard.insertText(LAMP.replaceAll('hall', 'shed'))
    await tabTo('Read it')
    await page.keyboard.press('Space')
    await value(page, 'The lamp went out.').waitFor()
    await tabTo('Source text')
    await page.keyboard.press('End')
    await page.locator('.read-value[data-active]', { hasText: 'The lamp went out.' }).waitFor()
    await tabTo('Title')
    await page.locator('mark[data-active]', { hasText: 'The lamp in the shed' }).waitFor()
    await page.keyboard.down('Shift')
    await tabTo('Import')
    await page.keyboard.up('Shift')
    await page.keyboard.press('Enter')
    await page.getByText('It is a draft now').waitFor()
  })

  for (const colorScheme of ['light', 'dark'] as const)
    test(`on a phone source and result are tabs, in the ${colorScheme}`, async () => {
      const { context, page: phone } = await stage.signedIn({ ...PHONE, colorScheme })
      await phone.goto(`${stage.tocsin.url}/post-mortems/import`)
      await paste(phone, 'lamp-by-phone.md', LAMP.replace('hall', 'cellar'))
      await value(phone, 'The lamp went out.').waitFor()
      await settled(phone)
      await assertAccessible(phone, `result, ${colorScheme}`)
      await picture(phone, `import-phone-result-${colorScheme}`)
      await value(phone, 'The lamp went out.').click()
      await phone.getByRole('tab', { name: 'Source', selected: true }).waitFor()
      await phone.locator('mark[data-active]').first().waitFor()
      await phone.getByRole('region', { name: 'What is it?' }).waitFor()
      await settled(phone)
      await assertAccessible(phone, `source, ${colorScheme}`)
      assert.equal(await phone.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
      await picture(phone, `import-phone-source-${colorScheme}`, false)
      await choice(phone, 'Root cause').click()
      await phone.getByRole('tab', { name: 'Result' }).click()
      await phone.getByRole('listbox', { name: 'Root cause' }).getByText('The lamp went out.').waitFor()
      await context.close()
    })

  test('nothing called elsewhere and no script broke', () => {
    assert.deepEqual(stage.browser.complaints, [])
  })
})
