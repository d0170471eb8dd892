/** Pictures are small, and show nothing that was typed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { needs, programOf } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { sharedBrowser } from './shared-browser.ts'
import { type Site, startSite, travel, useKnownBrowser } from './site-for-tests.ts'
import { MOST_PICTURE_BYTES, takePicture } from './take-picture.ts'

describe('a picture', needs('chromium'), () => {
  let context: BrowserContext
  let page: Page
  before(async () => {
    const browser = await chromium.launch({ executablePath: programOf('chromium')!, args: ['--no-sandbox'] })
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    page = await context.newPage()
  })
  after(() => context.browser()!.close())

  /** How many of its points are dark, as a browser sees the picture. */
  async function darkness(base64: string): Promise<number> {
    const other = await context.newPage()
    try {
      return await other.evaluate(`(async () => {
        const image = new Image()
        image.src = 'data:image/jpeg;base64,${base64}'
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const drawing = canvas.getContext('2d')
        drawing.drawImage(image, 0, 0)
        const { data } = drawing.getImageData(0, 0, image.width, image.height)
        let dark = 0
        for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 300) dark++
        return dark
      })()`)
    } finally {
      await other.close()
    }
  }
  const big = 'style="font: 80px sans-serif; border: 0; width: 1000px; color: black"'

  test('shows the page, and of its fields nothing: of any kind, in frames and in shadows too', async () => {
    await page.setContent('<h1 style="font-size: 120px">Welcome back</h1>')
    const plain = (await takePicture(page, new Set()))!
    assert.ok((await darkness(plain)) > 500)
    for (const field of [
      `<input value="hunter2 hunter2" ${big}>`,
      `<input type="password" value="hunter2 hunter2" ${big}>`,
      `<textarea ${big}>hunter2 hunter2</textarea>`,
      `<div contenteditable ${big}>hunter2 hunter2</div>`,
      `<iframe style="border:0" width="1100" height="200" srcdoc='<input value="hunter2" ${big}>'></iframe>`,
    ]) {
      await page.setContent(field)
      await page.waitForTimeout(100)
      const shown = (await takePicture(page, new Set()))!
      assert.ok((await darkness(shown)) < 30, `${field}: ${await darkness(shown)} dark points`)
    }
    await page.setContent('<div id="host"></div>')
    await page.evaluate(
      `document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = \`<input value="hunter2 hunter2" ${big}>\``,
    )
    assert.ok((await darkness((await takePicture(page, new Set()))!)) < 30)
  })

  test('of a page that shows a password in its text there is none', async () => {
    await page.setContent('<p>You typed hunter2</p>')
    assert.equal(await takePicture(page, new Set(['hunter2'])), null)
    assert.notEqual(await takePicture(page, new Set(['correct horse'])), null)
    await page.setContent(`<iframe srcdoc="<p>You typed hunter2</p>"></iframe>`)
    await page.waitForTimeout(100)
    assert.equal(await takePicture(page, new Set(['hunter2'])), null)
  })

  test('is small, whatever the page is full of', async () => {
    await page.setContent('<canvas width="1280" height="800" style="position:fixed;inset:0"></canvas>')
    await page.evaluate(`(() => {
      const drawing = document.querySelector('canvas').getContext('2d')
      const image = drawing.createImageData(1280, 800)
      for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : Math.random() * 256
      drawing.putImageData(image, 0, 0)
    })()`)
    const shown = await takePicture(page, new Set())
    assert.ok(shown === null || Buffer.byteLength(shown, 'base64') <= MOST_PICTURE_BYTES)
    await page.setContent('<div style="height: 30000px; background: linear-gradient(red, blue)">x</div>')
    await page.evaluate('scrollTo(0, 9000)')
    const long = (await takePicture(page, new Set()))!
    assert.ok(Buffer.byteLength(long, 'base64') <= MOST_PICTURE_BYTES)
  })
})

describe('of a journey', needs('chromium'), () => {
  let site: Site
  before(async () => {
    useKnownBrowser()
    site = await startSite()
  })
  after(async () => {
    site.stop()
    await sharedBrowser.stop(systemClock)
  })
  const broken = { click: { role: 'button', name: 'Buy now' }, timeout: '300ms' }

  test('there is one where a step failed, none where all went well, and none where a password would be on it', async () => {
    const failed = await travel({ url: `${site.url}/`, steps: [broken] })
    assert.equal(failed.picture?.step, 'Click button "Buy now"')
    assert.equal(failed.details.screenshot, true)
    assert.equal(Buffer.from(failed.picture!.jpeg, 'base64').subarray(0, 3).toString('hex'), 'ffd8ff')
    assert.equal((await travel({ url: `${site.url}/` })).picture, undefined)
    const typed = { fill: { label: 'Password', value: 'correct horse' } }
    const echo = await travel({ url: `${site.url}/echo`, steps: [typed, broken] })
    assert.deepEqual(
      [echo.reason, echo.picture, echo.details.screenshot],
      ['journey.step-failed', undefined, false],
    )
  })

  test('what was typed is in no part of the observation, also where the page and the browser say it again', async () => {
    const steps = [
      { fill: { label: 'User', value: 'sesame' } },
      { fill: { label: 'Password', value: 'correct horse' } },
      { click: { role: 'button', name: 'Sign in' } },
      { expect: { text: 'Goodbye', url: '/nowhere', title: 'sesame' }, timeout: '400ms' },
    ]
    const seen = await travel({ url: `${site.url}/`, steps, expect: { noScriptErrors: true } })
    assert.equal(seen.reason, 'journey.expectation-failed', seen.summary)
    assert.doesNotMatch(JSON.stringify(seen), /sesame|correct horse/)
  })
})
