import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { Clock } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import { type BrowserCommand, findBrowser, waysToStart } from './find-browser.ts'
import { inTime } from './in-time.ts'

/** A Chromium that runs, and all its processes with it. */
export interface StartedBrowser {
  browser: Browser
  /** Of the process that leads its group. */
  pid: number
  /** Ends it, by force where it does not end by itself, and takes its files away. */
  stop(clock: Clock): Promise<void>
}

const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  // Nothing of the browser's own may call anybody, and nothing may go around the proxy.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-component-extensions-with-background-pages',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-field-trial-config',
  '--metrics-recording-only',
  '--no-service-autorun',
  '--disable-search-engine-choice-screen',
  '--disable-quic',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--proxy-server=socks5://127.0.0.1:1',
  '--proxy-bypass-list=<-loopback>',
  '--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,PaintHolding,OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,AimEnabled',
  '--enable-features=CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies',
  // A page that is not looked at must not be slowed down.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-back-forward-cache',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--disable-prompt-on-repost',
  '--allow-pre-commit-input',
  // /dev/shm is small in containers; memory and disk are bounded.
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--js-flags=--max-old-space-size=512',
  '--disk-cache-size=16777216',
  '--mute-audio',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--password-store=basic',
  '--use-mock-keychain',
]

const START_WITHIN = 20 * SECOND
const END_WITHIN = 4 * SECOND
const running = new Map<number, string>()
let listensForExit = false

/** The way that worked last, which is tried first the next time. */
let knownWay = 0

/** Starts a Chromium in the safest way that this machine allows. */
export async function startBrowser(
  env: Record<string, string | undefined>,
): Promise<StartedBrowser | StepFailure<'journey.no-browser'>> {
  const program = findBrowser(env)
  if (typeof program !== 'string') return program
  const ways = waysToStart(program, process.getuid?.() ?? null, env)
  if (hasFailed(ways)) return ways
  let why = ''
  for (const index of [...ways.keys()].slice(Math.min(knownWay, ways.length - 1))) {
    try {
      const started = await startAs(ways[index]!)
      knownWay = index
      return started
    } catch (error) {
      why = whyNotStarted(error)
    }
  }
  return failure('journey.no-browser', `the browser ${program} did not start: ${why}`)
}

async function startAs({ program, through, owner, sandbox }: BrowserCommand): Promise<StartedBrowser> {
  const { chromium } = await import('playwright-core')
  const home = mkdtempSync(join(tmpdir(), 'tocsin-browser-'))
  const pidFile = join(home, 'pid')
  const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  try {
    const profile = mkdtempSync(join(home, 'profile-'))
    if (owner) for (const path of [home, profile]) chownSync(path, owner.uid, owner.gid)
    const own = [program, ...FLAGS, `--user-data-dir=${profile}`, ...(sandbox ? [] : ['--no-sandbox'])]
    const browser = await chromium.launch({
      // A shell that tells its number and becomes what leads the group of the browser's processes.
      executablePath: '/bin/sh',
      args: ['-c', 'echo $$ > "$0"; exec "$@"', pidFile, ...through, ...own],
      ignoreDefaultArgs: true,
      // Of our own environment it gets nothing: there are secrets in it.
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        HOME: home,
        TMPDIR: home,
        LANG: 'C.UTF-8',
      },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: START_WITHIN,
    })
    const pid = Number(readFileSync(pidFile, 'utf8'))
    running.set(pid, home)
    killAllAtExit()
    return {
      browser,
      pid,
      async stop(clock) {
        await inTime(
          clock,
          END_WITHIN,
          browser.close().catch(() => {}),
        )
        killGroup(pid)
        running.delete(pid)
        removeHome()
      },
    }
  } catch (error) {
    removeHome()
    throw error
  }
}

/** Ends a browser and everything that it started, at once. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function killAllAtExit(): void {
  if (listensForExit) return
  listensForExit = true
  process.on('exit', () => {
    for (const [pid, home] of running) {
      killGroup(pid)
      rmSync(home, { recursive: true, force: true })
    }
  })
}

// Playwright tells a page of what it tried; what the browser itself said is the reason.
function whyNotStarted(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error).replace(/\x1b\[\d+m/g, '')
  if (/No usable sandbox|sandbox_host|setuid_sandbox|namespace_sandbox/i.test(text))
    return 'its sandbox needs user namespaces, which this machine does not allow; allow them, or set TOCSIN_BROWSER_SANDBOX=off'
  const said = /\[err\] (.{1,200})/.exec(text)?.[1] ?? text.split('\n')[0]!
  return said.slice(0, 200)
}
