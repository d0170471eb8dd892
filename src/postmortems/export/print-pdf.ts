import { escapeHtml } from '../../comms/index.ts'
import type { World } from '../../engine/world.ts'
import { SECOND } from '../../kit/duration.ts'
import { reasonOf, TocsinError } from '../../kit/errors.ts'
import { type StartedBrowser, startBrowser } from '../../monitors/index.ts'

/** What a page may be: beyond it the browser would need more memory than a report is worth. */
const LARGEST_PAGE = 4_000_000
const LARGEST_PDF = 64_000_000
/** From the start of the browser to the last byte. */
const WITHIN = 60 * SECOND
/** Who waits for the one that prints; the next is told to come back. */
const MOST_WAITING = 8

const FOOT = `font: 8pt sans-serif; font-variant-ligatures: none; color: #4b5565; width: 100%; margin: 0 18mm; display: flex; justify-content: space-between; gap: 8mm;`

export interface PrintOptions {
  /** Of the document; it stands in the foot of every page. */
  title: string
  env?: Record<string, string | undefined>
  start?: typeof startBrowser
  within?: number
}

let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/** Prints a page of ours as PDF: one at a time, within bounds of time and size, and without any network. */
export async function printPdf(
  { clock }: Pick<World, 'clock'>,
  page: string,
  options: PrintOptions,
): Promise<Buffer> {
  if (page.length > LARGEST_PAGE)
    throw new TocsinError(
      'too-large',
      'The post-mortem is too long to be printed here: export it as HTML, and print that.',
    )
  if (waiting >= MOST_WAITING)
    throw new TocsinError('too-many-requests', 'Others are being printed: try again in a minute.')
  waiting++
  const turn = last.then(() => print(clock, page, options)).finally(() => waiting--)
  last = turn.catch(() => {})
  return turn
}

async function print(clock: World['clock'], page: string, options: PrintOptions): Promise<Buffer> {
  const { env = process.env, start = startBrowser, within = WITHIN } = options
  const started = await start(env)
  if ('failed' in started)
    throw new TocsinError(
      'no-browser',
      `A PDF is printed by Chromium, and ${started.summary}. HTML needs none: print that from any browser.`,
    )
  const late = Promise.withResolvers<never>()
  const cancel = clock.after(within, () =>
    late.reject(
      new TocsinError('print-failed', 'The browser took too long: export it as HTML, and print that.'),
    ),
  )
  const work = printIn(started, page, options.title)
  try {
    const bytes = await Promise.race([work, late.promise])
    if (bytes.length > LARGEST_PDF)
      throw new TocsinError('print-failed', 'The PDF became too large: export it as HTML, and print that.')
    return bytes
  } catch (error) {
    if (error instanceof TocsinError) throw error
    throw new TocsinError(
      'print-failed',
      `The browser ended before the PDF was there (${reasonOf(error).split('\n')[0]!.slice(0, 200)}): try again, or export HTML.`,
    )
  } finally {
    cancel()
    work.catch(() => {})
    await started.stop(clock)
  }
}

async function printIn({ browser }: StartedBrowser, page: string, title: string): Promise<Buffer> {
  // No script runs and nothing is loaded, whatever the page says: it is made of texts of many people.
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true, colorScheme: 'light' })
  await context.route('**', (route) => route.abort())
  const tab = await context.newPage()
  await tab.setContent(page, { waitUntil: 'load', timeout: 0 })
  return tab.pdf({
    format: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    tagged: true,
    outline: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: `<div style="${FOOT}"><span>${escapeHtml(shortened(title))}</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`,
    margin: { top: '18mm', bottom: '20mm', left: '18mm', right: '18mm' },
  })
}

const shortened = (title: string) => (title.length > 90 ? `${title.slice(0, 89)}…` : title)
