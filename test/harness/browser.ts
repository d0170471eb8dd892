/** A real Chromium, started once for a test file, and what tests ask of a page. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { programOf } from './needs.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const AXE = join(ROOT, 'node_modules/axe-core/axe.min.js')

// Nothing of the browser's own may call anybody.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}
export const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

export interface RunningBrowser {
  /** A fresh profile; everything that pages of it complain about is kept in `complaints`. */
  open(options: BrowserContextOptions): Promise<BrowserContext>
  /** Errors of scripts, refusals of the content security policy and requests to elsewhere. */
  complaints: string[]
  stop(): Promise<void>
}

/** Makes the browser application from its present sources, unless that has been done, and starts Chromium. */
export async function startBrowser(origin: () => string): Promise<RunningBrowser> {
  execFileSync(join(ROOT, 'bin/run'), ['--build', '-'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const executablePath = programOf('chromium')
  if (!executablePath) throw new Error('chromium is not installed; see docs/developing.md')
  const browser: Browser = await chromium.launch({ executablePath, args: QUIET })
  const complaints: string[] = []
  return {
    complaints,
    async open(options) {
      const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'Europe/Paris',
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(20_000)
      context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`))
      context.on('console', (message) => {
        if (/Content Security Policy|script-src/.test(message.text()))
          complaints.push(`policy: ${message.text()}`)
      })
      context.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(origin()) && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`)
      })
      return context
    },
    stop: () => browser.close(),
  }
}

/** Fails where axe finds something serious or critical on the page as it stands. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(`${readFileSync(AXE, 'utf8')};undefined`)
  const found = (await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'target-size': { enabled: true } },
  }).then(({ violations, passes }) => ({
    passes: passes.length,
    violations: violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' ' + (node.any[0]?.message ?? '')),
    })),
  }))`)) as { passes: number; violations: { id: string; impact: string; where: string[] }[] }
  assert.ok(found.passes > 5, `${where}: axe looked at nothing`)
  const bad = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  assert.deepEqual(bad, [], where)
}
