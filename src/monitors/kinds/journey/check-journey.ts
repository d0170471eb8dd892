import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Millis, sleep } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import { reasonOf } from '../../../kit/errors.ts'
import { hasFailed, orAborted } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { hostOf } from '../fetch-once.ts'
import type { CheckContext } from '../kind.ts'
import { concludeJourney, type JourneyLog, type StepReport, stepNames } from './conclude-journey.rules.ts'
import { inTime, LATE } from './in-time.ts'
import { judgeOrigins, type OriginJudge } from './judge-origin.ts'
import { secretKeeper } from './keep-secret.ts'
import { LOOK_EVERY, NO_ANSWER, performStep, type Travel } from './perform-step.ts'
import type { SocksGoal } from './read-socks.ts'
import { type Borrowed, type SharedBrowser, sharedBrowser } from './shared-browser.ts'
import { allSteps, type JourneySpec } from './spec.ts'
import { takePicture } from './take-picture.ts'
import { watchPage } from './watch-page.ts'
import { MOST_BYTES, openWayOut, type WayOut } from './way-out.ts'

const CLOSE_WITHIN = 4 * SECOND
// What is left of the time for the picture and the way back.
const RESERVE_SHARE = 0.15
const MOST_RESERVE = 2 * SECOND
const PICTURE_WITHIN = 1_500
const DEATH_NOTICE = 150
const SHOWN = new Set([
  'journey.step-failed',
  'journey.expectation-failed',
  'journey.http-status',
  'journey.timed-out',
])

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
}

/** Goes the way of a user through a site, in a profile that has never been used. */
export async function checkJourney(
  spec: JourneySpec,
  context: CheckContext,
  shelf: SharedBrowser = sharedBrowser,
): Promise<Observation> {
  const { clock, signal, monitorId } = context
  const asked = clock.now()
  const borrowed = await shelf.borrow(clock, signal, monitorId !== null)
  const started = clock.now()
  const steps = stepNames(allSteps(spec)).map(
    (name): StepReport => ({ name, verdict: 'skipped', tookMs: null, said: null }),
  )
  const log: JourneyLog = { steps, problem: null, ended: false, waitedMs: started - asked }
  const tell = (more: Partial<Pick<Observation, 'picture'>> = {}) =>
    concludeJourney(spec, log, clock.now() - started, more)
  if (hasFailed(borrowed)) {
    log.problem = { step: null, ...borrowed }
    return tell()
  }
  const journey = new Journey(spec, context, borrowed, log)
  try {
    const travelled = journey.travel(asked + spec.timeout - reserveOf(spec.timeout))
    if ((await orAborted(signal, 'late', Promise.race([travelled, journey.broken]))) === 'late') {
      journey.breakOff({ failed: 'journey.timed-out', summary: 'time was over' })
      return tell()
    }
    const picture = log.problem ? await orAborted(signal, null, journey.picture()) : null
    return tell(picture ? { picture } : {})
  } finally {
    // Nobody waits for the end: a page that hangs must not cost the next check anything.
    void journey.end()
  }
}

const reserveOf = (timeout: Millis) => Math.min(MOST_RESERVE, Math.round(timeout * RESERVE_SHARE))

class Journey {
  /** Which step is under way. */
  at = 0
  readonly #spec: JourneySpec
  readonly #context: CheckContext
  readonly #borrowed: Borrowed
  readonly #log: JourneyLog
  readonly #judge: OriginJudge
  readonly #divert: (goal: SocksGoal) => { host: string; port: number }
  #browserContext: BrowserContext | null = null
  #wayOut: WayOut | null = null
  #travel: Travel | null = null
  #ended = false
  readonly #broke = Promise.withResolvers<void>()

  constructor(spec: JourneySpec, context: CheckContext, borrowed: Borrowed, log: JourneyLog) {
    this.#spec = spec
    this.#context = context
    this.#borrowed = borrowed
    this.#log = log
    const host = hostOf(new URL(spec.url))
    this.#divert = (goal) => (goal.host === host && spec.connectTo ? spec.connectTo : goal)
    this.#judge = judgeOrigins(spec, host, this.#divert, context)
    borrowed.browser.once('disconnected', this.#onDeath)
  }

  /** The browser or its tab has died; whoever waits for an answer of it may wait for ever. */
  get broken(): Promise<void> {
    return this.#broke.promise
  }

  /** What went wrong beside the steps, told of the one that is under way. */
  breakOff(problem: { failed: string; summary: string }): void {
    if (this.#log.problem || this.#log.ended) return
    this.#log.problem = { step: this.at, ...problem }
    const report = this.#log.steps[this.at]!
    if (report.verdict === 'skipped') Object.assign(report, { verdict: 'down', said: problem.summary })
    this.#note()
  }

  readonly #onDeath = () => {
    // What is under way may know more, and has a moment to say so.
    this.#context.clock.after(DEATH_NOTICE, () => {
      this.breakOff(this.#whyFailed({}, false))
      this.#broke.resolve()
    })
  }

  /** Goes step by step until one fails; never throws. */
  async travel(end: Millis): Promise<void> {
    const { clock } = this.#context
    const log = this.#log
    try {
      const travel = await this.#begin()
      for (const [index, step] of allSteps(this.#spec).entries()) {
        this.at = index
        const report = log.steps[index]!
        const began = clock.now()
        const left = end - began
        const wanted = step.timeout ?? this.#spec.stepTimeout
        const outcome =
          left > 0
            ? await performStep(step, travel, Math.min(wanted, left))
            : { failed: 'journey.timed-out', summary: 'time was over before it began' }
        if (log.problem) return
        report.tookMs = clock.now() - began
        this.#note()
        if (!hasFailed(outcome) && !this.#isBroken() && !travel.wayOut.overflowed) {
          report.verdict = 'up'
          report.said = travel.clean(outcome.said)
          continue
        }
        report.verdict = 'down'
        // A tab that dies breaks off its page before it is said to be dead.
        if (hasFailed(outcome) && outcome.failed === 'journey.navigation-failed')
          await Promise.race([sleep(clock, DEATH_NOTICE), this.broken])
        if (log.problem) return
        const problem = this.#whyFailed(outcome, left < wanted && clock.now() >= end - LOOK_EVERY - 50)
        report.said = problem.summary
        log.problem = { step: index, ...problem }
        return
      }
      log.ended = true
    } catch (error) {
      if (this.#ended || log.problem) return
      log.problem = {
        step: this.at,
        ...this.#whyFailed({ failed: 'journey.browser-crashed', summary: reasonOf(error) }, false),
      }
    } finally {
      this.#note()
    }
  }

  async #begin(): Promise<Travel> {
    const { spec, clock } = { spec: this.#spec, clock: this.#context.clock }
    const wayOut = await openWayOut({
      family: spec.family,
      signal: this.#context.signal,
      divert: this.#divert,
      judge: this.#judge.judge,
    })
    this.#wayOut = wayOut
    const browser: Browser = this.#borrowed.browser
    const { user: username, password } = spec.auth ?? {}
    this.#browserContext = await browser.newContext({
      ...DEVICES[spec.device],
      locale: spec.locale,
      acceptDownloads: false,
      reducedMotion: 'reduce',
      ignoreHTTPSErrors: this.#judge.lenient,
      proxy: { server: `socks5://127.0.0.1:${wayOut.port}` },
      ...(username !== undefined && {
        httpCredentials: { username, password: password ?? '', origin: new URL(spec.url).origin },
      }),
    })
    if (this.#ended) throw new Error('the journey has ended')
    const page: Page = await this.#browserContext.newPage()
    // The journey goes on in its first window; others would only take memory.
    this.#browserContext.on('page', (other) => void other.close().catch(() => {}))
    const clean = secretKeeper(spec)
    const watch = watchPage(page, clean)
    page.once('crash', this.#onDeath)
    this.#travel = { page, spec, clock, clean, watch, wayOut, hiddenValues: new Set() }
    return this.#travel
  }

  #isBroken(): boolean {
    return this.#travel?.watch.crashed === true || !this.#borrowed.browser.isConnected()
  }

  #whyFailed(outcome: object, timedOut: boolean): { failed: string; summary: string } {
    if (!this.#borrowed.browser.isConnected())
      return { failed: 'journey.browser-crashed', summary: 'the browser ended in the middle of the journey' }
    if (this.#travel?.watch.crashed)
      return { failed: 'journey.browser-crashed', summary: 'the page brought its tab of the browser down' }
    if (this.#wayOut?.overflowed)
      return {
        failed: 'journey.too-much-loaded',
        summary: `the pages loaded more than ${Math.round(MOST_BYTES / 1_048_576)} MB, and were cut off`,
      }
    const problem = outcome as { failed: string; summary: string }
    const ownTime = ['journey.step-failed', 'journey.expectation-failed', 'journey.navigation-failed']
    return timedOut && ownTime.includes(problem.failed)
      ? { failed: 'journey.timed-out', summary: problem.summary }
      : problem
  }

  /** Copies what the page said to where it is kept, also where time ends in the middle of a step. */
  #note(): void {
    const { watch } = this.#travel ?? {}
    if (watch) {
      const { scriptErrors, scriptErrorCount, consoleErrors } = watch
      Object.assign(this.#log, { scriptErrors, scriptErrorCount, consoleErrors })
    }
    this.#log.inspection = this.#judge.inspection
    this.#log.browser = this.#borrowed.browser.version()
  }

  /** How the page looks now; null where it cannot be shown. */
  async picture(): Promise<Observation['picture'] | null> {
    const { problem } = this.#log
    if (!this.#travel || this.#isBroken() || !problem || problem.step === null) return null
    // There is a page to be shown, and it lets itself be shown.
    if (!SHOWN.has(problem.failed) || problem.summary.includes(NO_ANSWER)) return null
    const { page, hiddenValues, clock } = this.#travel
    const jpeg = await inTime(clock, PICTURE_WITHIN, takePicture(page, hiddenValues))
    return jpeg && jpeg !== LATE ? { jpeg, step: this.#log.steps[problem.step]!.name } : null
  }

  /** Closes the profile and gives the browser back; one that does not let go is ended. */
  async end(): Promise<void> {
    this.#ended = true
    this.#borrowed.browser.off('disconnected', this.#onDeath)
    this.#wayOut?.stop()
    const { clock } = this.#context
    const closing = this.#browserContext?.close().catch(() => {}) ?? Promise.resolve()
    const closed = await inTime(clock, CLOSE_WITHIN, closing)
    await this.#borrowed.giveBack(closed === LATE ? 'hung' : 'well')
  }
}
