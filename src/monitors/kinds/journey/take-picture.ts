import type { Page } from 'playwright-core'

/** The largest picture that is kept. */
export const MOST_PICTURE_BYTES = 40 * 1_024

// The best one first, until it is small enough.
const SIZES = [
  { scale: 0.6, quality: 60 },
  { scale: 0.6, quality: 30 },
  { scale: 0.4, quality: 30 },
  { scale: 0.25, quality: 20 },
]

const FIELDS = 'input, textarea, [contenteditable]:not([contenteditable="false"])'

/**
 * What the window shows, as a small JPEG in base64, with nothing that stands in its fields. Null where fields could not
 * be emptied, or where the page shows a password elsewhere: then no picture is better than one.
 */
export async function takePicture(page: Page, hiddenValues: ReadonlySet<string>): Promise<string | null> {
  try {
    for (const frame of page.frames()) {
      if (frame.isDetached()) continue
      await frame.locator(FIELDS).evaluateAll(hideText)
      const text = await frame.locator(':root').innerText({ timeout: 500 })
      for (const value of hiddenValues) if (value !== '' && text.includes(value)) return null
    }
    const session = await page.context().newCDPSession(page)
    const { cssVisualViewport: view } = await session.send('Page.getLayoutMetrics')
    for (const { scale, quality } of SIZES) {
      const { data } = await session.send('Page.captureScreenshot', {
        format: 'jpeg',
        quality,
        clip: { x: view.pageX, y: view.pageY, width: view.clientWidth, height: view.clientHeight, scale },
      })
      if (Buffer.byteLength(data, 'base64') <= MOST_PICTURE_BYTES) return data
    }
    return null
  } catch {
    return null
  }
}

/** Runs in the page, of whose types this house knows nothing. */
function hideText(fields: unknown[]): void {
  for (const field of fields as { style: { setProperty(name: string, value: string, how: string): void } }[])
    for (const [name, value] of [
      ['transition', 'none'],
      ['color', 'transparent'],
      ['-webkit-text-fill-color', 'transparent'],
      ['-webkit-text-security', 'disc'],
      ['text-shadow', 'none'],
    ] as const)
      field.style.setProperty(name, value, 'important')
}
