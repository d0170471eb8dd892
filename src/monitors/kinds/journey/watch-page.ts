import type { Page, Request } from 'playwright-core'
import { type Clean, shortUrl } from './keep-secret.ts'

/** What happens on a page beside what a step asks for. */
export interface PageWatch {
  crashed: boolean
  /** Uncaught errors of scripts. */
  scriptErrors: string[]
  scriptErrorCount: number
  consoleErrors: string[]
  /** The page itself was answered with a status that says so. */
  badStatus: { status: number; url: string } | null
  /** The page itself could not be loaded. */
  failed: { url: string; error: string } | null
}

const MOST_TOLD = 5

/** Listens to a page for as long as it lives. */
export function watchPage(page: Page, clean: Clean): PageWatch {
  const watch: PageWatch = {
    crashed: false,
    scriptErrors: [],
    scriptErrorCount: 0,
    consoleErrors: [],
    badStatus: null,
    failed: null,
  }
  const isThePage = (request: Request) => {
    try {
      return request.isNavigationRequest() && request.frame() === page.mainFrame()
    } catch {
      return false
    }
  }
  page.on('crash', () => {
    watch.crashed = true
  })
  page.on('pageerror', (error) => {
    watch.scriptErrorCount++
    if (watch.scriptErrors.length < MOST_TOLD) watch.scriptErrors.push(clean(String(error.message || error)))
  })
  page.on('console', (message) => {
    if (message.type() !== 'error' || watch.consoleErrors.length >= MOST_TOLD) return
    const { url } = message.location()
    watch.consoleErrors.push(clean(`${message.text()}${url ? ` (${shortUrl(url)})` : ''}`))
  })
  page.on('response', (response) => {
    if (!isThePage(response.request())) return
    watch.failed = null
    const status = response.status()
    watch.badStatus = status >= 400 ? { status, url: response.url() } : null
  })
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText ?? ''
    // A page that was left before it came is no failure.
    if (isThePage(request) && error !== 'net::ERR_ABORTED') watch.failed = { url: request.url(), error }
  })
  return watch
}
