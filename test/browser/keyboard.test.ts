import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { PLACES } from '../../web/app/places.ts'
import { DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { type Stage, startStage } from './stage.ts'

/** What has the focus: its name as it is read out, or its element. */
const FOCUSED = `(() => {
  const at = document.activeElement
  return at?.getAttribute('aria-label') || at?.innerText?.trim() || at?.id || at?.tagName
})()`

describe('without a mouse', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startStage()
    ;({ page } = await stage.signedIn())
  })
  after(async () => {
    await stage?.stop()
  })
  const focused = () => page.evaluate(FOCUSED) as Promise<string>

  test('g and a letter lead to every place, and the focus goes with it', async () => {
    await page.goto(`${stage.tocsin.url}/account`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    for (const { key, to, label } of PLACES) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.waitForURL((url) => url.pathname === to)
      await page.locator(`.nav-link[aria-current=page]`, { hasText: label }).waitFor()
      assert.equal(await page.evaluate('document.activeElement.id'), 'main', `the focus after ${to}`)
    }
  })

  test('a letter alone, or g and a letter without a meaning, leads nowhere', async () => {
    await page.goto(`${stage.tocsin.url}/alerts`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    for (const key of ['m', 'g', 'x', 'm']) await page.keyboard.press(key)
    assert.equal(new URL(page.url()).pathname, '/alerts')
  })

  test('whoever writes is not led away', async () => {
    await page.keyboard.press('/')
    assert.equal(await focused(), 'Search alerts')
    await page.keyboard.type('gm?/')
    assert.equal(await page.getByLabel('Search alerts').inputValue(), 'gm?/')
    assert.equal(new URL(page.url()).pathname, '/alerts')
    await page.getByRole('dialog').first().waitFor({ state: 'detached' })
  })

  test('the first stop skips the navigation, and then the order is that of the page', async () => {
    await page.goto(`${stage.tocsin.url}/monitors`)
    await page.getByText('2 of 2').waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Skip to the content')
    const skip = (await page.getByText('Skip to the content').boundingBox())!
    assert.ok(skip.x >= 0 && skip.y >= 0, 'it is seen while it has the focus')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Add a monitor')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Monitors')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'Search monitors')
  })

  test('tabs turn with the arrows', async () => {
    await page.getByRole('tab', { name: 'Monitors' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('No window is planned').waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByLabel('Search monitors').waitFor()
  })

  test('a dialog keeps the focus inside, Escape closes it, and the focus comes back', async () => {
    await page.goto(`${stage.tocsin.url}/incidents`)
    const opener = page.getByRole('button', { name: 'Declare an incident' }).first()
    await opener.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What is wrong').waitFor()
    await until('the first field to have the focus', 5_000, async () =>
      Boolean(await page.evaluate("document.activeElement?.matches('[role=dialog] input')")),
    )
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press('Tab')
      const inside = "document.activeElement.closest('[role=dialog]') !== null"
      assert.equal(await page.evaluate(inside), true, `stop ${stop} is ${await focused()}`)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await until('the focus to come back', 5_000, async () => (await focused()) === 'Declare an incident')
  })

  test('the question mark tells every key', async () => {
    await page.goto(`${stage.tocsin.url}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard' })
    for (const { label } of PLACES) await help.getByRole('cell', { name: label, exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
  })

  test('what has the focus is seen: every stop has an outline', async () => {
    for (const path of ['/', '/alerts', '/on-call']) {
      await page.goto(stage.tocsin.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      for (let stop = 0; stop < 25; stop++) {
        await page.keyboard.press('Tab')
        const bare = await page.evaluate(`(() => {
          const at = document.activeElement
          if (!at || at === document.body) return null
          const shows = (one) => {
            const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(one)
            return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || borderColor.includes('132')
          }
          // A switch of several shows it at its label.
          const label = at.id && document.querySelector('label[for="' + CSS.escape(at.id) + '"]')
          return shows(at) || (label && shows(label)) || at.matches('input') ? null : at.outerHTML.slice(0, 160)
        })()`)
        assert.equal(bare, null, `${path}, stop ${stop}`)
      }
    }
  })
})

describe('as the reader’s system asks', needs('chromium'), () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
    await (await stage.signedIn()).context.close()
  })
  after(async () => {
    await stage?.stop()
  })

  test('light and dark follow the system, at once and in every colour', async () => {
    const { context, page } = await stage.signedIn({ ...DESK, colorScheme: 'light' })
    await page.goto(`${stage.tocsin.url}/alerts`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const brightness = async (what: string) => {
      const colour = (await page.evaluate(
        `getComputedStyle(document.querySelector('${what}')).backgroundColor`,
      )) as string
      const [red = 0, green = 0, blue = 0] = colour.match(/\d+/g)!.map(Number)
      return red + green + blue
    }
    const places = ['body', '.side', '.card']
    for (const place of places) assert.ok((await brightness(place)) > 600, `${place} is light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
    for (const place of places) assert.ok((await brightness(place)) < 200, `${place} is dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.locator('html[data-mantine-color-scheme=light]').waitFor()
    for (const place of places) assert.ok((await brightness(place)) > 600, `${place} is light again`)
    await context.close()
  })

  test('nothing moves for those who do not want it', async () => {
    const { context, page } = await stage.signedIn({ ...DESK, reducedMotion: 'reduce' })
    await page.goto(`${stage.tocsin.url}/incidents`)
    await page.evaluate(`window.moved = []; addEventListener('transitionrun', (event) => {
      const seconds = Math.max(...getComputedStyle(event.target).transitionDuration.split(',').map(parseFloat))
      if (seconds > 0.05) window.moved.push(event.target.className + ' ' + event.propertyName)
    }, true)`)
    await page.getByRole('button', { name: 'Declare an incident' }).first().click()
    await page.getByRole('dialog').getByLabel('What is wrong').fill('x')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const running = `document.getAnimations().filter((one) => one.playState === 'running' &&
      one.effect.getComputedTiming().duration > 50 && !(one.effect.target?.className + '').includes('Loader')).length`
    assert.equal(await page.evaluate(running), 0)
    assert.deepEqual(await page.evaluate('window.moved'), [])
    await context.close()
  })

  test('a phone needs no sideways scrolling even at 320 pixels, and every target is big enough', async () => {
    const { context, page } = await stage.signedIn({ ...PHONE, viewport: { width: 320, height: 640 } })
    for (const { to } of [...PLACES, { to: '/monitors/git-front' }, { to: '/account' }]) {
      await page.goto(stage.tocsin.url + to)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
      assert.ok(wide <= 0, `${to} is ${wide} pixels too wide`)
      // Links within a sentence are as high as its letters; everything that stands alone is 24 by 24.
      const small =
        await page.evaluate(`[...document.querySelectorAll('button, input, [role=tab], .nav-link, .tab, summary')]
        .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
        .filter(([one, { width, height }]) => width > 0 && height > 0 && (width < 24 || height < 24) &&
          getComputedStyle(one).opacity !== '0' && !one.matches('[type=radio], [aria-hidden=true]'))
        .map(([one, { width, height }]) => one.outerHTML.slice(0, 120) + ' ' + width + 'x' + height)`)
      assert.deepEqual(small, [], to)
    }
    await context.close()
  })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
