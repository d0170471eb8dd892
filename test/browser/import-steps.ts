/** What tests do on the page on which post-mortems are imported. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { until } from '../harness/tocsin.ts'

const FOLDER = resolve(import.meta.dirname, '../fixtures/postmortems')

/** The bytes of a document of the fixtures. */
export const document = (name: string): Buffer => readFileSync(resolve(FOLDER, name))

/** A post-mortem without any form. */
export const LAMP = `# The lamp in the hall, 5 March 2021

It was dark in the hall for most of an hour. The battery was empty and nobody looks at batteries.

## Notes

- 10:00 UTC dark
- 10:47 UTC light

We will look at batteries every spring.

## What happened

The lamp went out.
`

/** Its line in the list of documents. */
export const documentNamed = (page: Page, name: string): Locator =>
  page.locator('.documents .document', { hasText: name }).last()

/** The part of the source that holds these words and is clicked as one. */
export const unit = (page: Page, text: string): Locator =>
  page.locator('.source-text .unit', { hasText: text }).first()

/** A value of the result. */
export const value = (page: Page, text: string): Locator =>
  page.locator('.read-value', { hasText: text }).first()

/** What a reviewer may say that it is. */
export const choice = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'What is it?' }).getByRole('button', { name, exact: true })

/** Drops files of the fixtures the way the browser hands them over. */
export async function drop(page: Page, names: string[]): Promise<void> {
  const files = names.map((name) => ({ name, bytes: document(name).toString('base64') }))
  const dataTransfer = await page.evaluateHandle(`(() => {
    const made = new DataTransfer()
    for (const { name, bytes } of ${JSON.stringify(files)})
      made.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name))
    return made
  })()`)
  await page.getByRole('region', { name: 'Documents to import' }).dispatchEvent('drop', { dataTransfer })
}

/** Pastes a text into the box, reads it, and turns to it. */
export async function paste(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Paste a text' }).click()
  await page.getByLabel('What to call it').fill(name)
  await page.getByLabel('Text', { exact: true }).focus()
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer()
    const text = ${JSON.stringify(text)}
    clipboardData.setData('text/plain', text)
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    if (document.activeElement.dispatchEvent(event)) document.execCommand('insertText', false, text)
  })()`)
  await page.getByRole('button', { name: 'Read it' }).click()
  await documentNamed(page, name.replaceAll(/<[^>]*>/g, '').replace('.md', '')).click()
}

/** Selects words as a mouse drawn over them would. */
export async function select(page: Page, words: string): Promise<void> {
  await page.evaluate(`(() => {
    const wanted = ${JSON.stringify(words)}
    const walker = document.createTreeWalker(document.querySelector('.source-text'), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent.indexOf(wanted)
      if (at >= 0) return document.getSelection().setBaseAndExtent(node, at, node, at + wanted.length)
    }
    throw new Error('no text node holds ' + wanted)
  })()`)
}

/** Whether an element begins within what its pane shows. */
export async function inView(element: Locator, pane: Locator): Promise<boolean> {
  const [inner, outer] = await Promise.all([element.boundingBox(), pane.boundingBox()])
  return inner !== null && outer !== null && inner.y >= outer.y - 1 && inner.y < outer.y + outer.height
}

/** Keeps a picture where pictures are asked for. */
export async function picture(of: Page, name: string, fullPage = true): Promise<void> {
  const folder = process.env.TOCSIN_PICTURES
  if (folder) await of.screenshot({ path: `${folder}/${name}.png`, fullPage })
}

/** Waits until nothing fades in any more: half-faded text has half the contrast. */
export async function settled(page: Page): Promise<void> {
  const still = "document.getAnimations().every(({ playState }) => playState !== 'running')"
  await until('the page stands still', 10_000, async () => (await page.evaluate(still)) === true)
}
