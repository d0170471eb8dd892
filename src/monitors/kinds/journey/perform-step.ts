import type { Locator, Page } from 'playwright-core'
import { type Clock, type Millis, sleep } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import { failure, type StepFailure } from '../../net/failure.ts'
import { explainNavigation } from './explain-navigation.rules.ts'
import { inTime, LATE } from './in-time.ts'
import type { JourneyReason } from './journey-reasons.ts'
import { type Clean, shortUrl } from './keep-secret.ts'
import { type ElementLocator, inWords, locate } from './locator.ts'
import { whyNotUrl } from './match-url.rules.ts'
import type { ExpectStep, GotoStep, JourneySpec, JourneyStep } from './spec.ts'
import type { PageWatch } from './watch-page.ts'
import type { WayOut } from './way-out.ts'

/** What the steps of one journey share. */
export interface Travel {
  page: Page
  spec: JourneySpec
  clock: Clock
  clean: Clean
  watch: PageWatch
  wayOut: WayOut
  /** What was typed into fields that hide it. */
  hiddenValues: Set<string>
}

/** What a step did, in words. */
export interface StepDone {
  said: string
}
type StepProblem = StepFailure<string>
type Look = () => Promise<string | null>

/** Between two looks at a page that is not yet as it should be; a step may give up that much early. */
export const LOOK_EVERY = 80
const ANSWER_WITHIN = 1_000
/** What is said of a page whose scripts let nothing else run. */
export const NO_ANSWER = 'the page does not answer: a script of it may be running without an end'
/** And where the time of the step was too short to tell. */
const TOO_SHORT = 'the page could not be looked at in that time'

const wrong = (reason: JourneyReason, said: string): StepProblem => failure(reason, said)

/** Does one step; what went wrong is told in words, and Playwright's own errors are turned into them. */
export async function performStep(
  step: JourneyStep,
  travel: Travel,
  timeout: Millis,
): Promise<StepDone | StepProblem> {
  const { page } = travel
  if (step.goto) return open(step.goto, travel, timeout)
  if (step.expect) return expectAll(step.expect, travel, timeout)
  if (step.waitFor) {
    const { state, ...at } = step.waitFor
    const why = await until(travel, timeout, state === 'visible' ? seen(travel, at) : unseen(travel, at))
    if (why) return afterwards(travel, wrong('journey.step-failed', `${why} ${after(timeout)}`))
    return { said: `${inWords(at)} ${state === 'visible' ? 'is there' : 'is gone'}` }
  }
  if (step.click) {
    const { click } = step
    return act(travel, click, timeout, `clicked ${inWords(click)}`, (found) => found.click({ timeout }))
  }
  if (step.fill) {
    const { value, ...at } = step.fill
    return act(travel, at, timeout, `filled ${inWords(at)}`, async (found) => {
      await found.fill(value, { timeout })
      const type = await found.getAttribute('type', { timeout }).catch(() => null)
      if (type === 'password') travel.hiddenValues.add(value)
    })
  }
  if (step.select) {
    const { option, ...at } = step.select
    return act(travel, at, timeout, `chose ${JSON.stringify(option)} in ${inWords(at)}`, async (found) => {
      await found.selectOption(option, { timeout })
    })
  }
  const { key, at } = step.press!
  if (at)
    return act(travel, at, timeout, `pressed ${key} on ${inWords(at)}`, (f) => f.press(key, { timeout }))
  const pressed = await inTime(
    travel.clock,
    timeout,
    page.keyboard.press(key).then(() => true as const),
  )
  return pressed === true
    ? { said: `pressed ${key}` }
    : afterwards(travel, wrong('journey.step-failed', NO_ANSWER))
}

const after = (timeout: Millis) => `after ${formatDuration(timeout)}`

async function open(
  { url, status, until: event }: GotoStep,
  travel: Travel,
  timeout: Millis,
): Promise<StepDone | StepProblem> {
  const { page, watch, spec } = travel
  const goal = new URL(url, spec.url).href
  const place = shortUrl(goal)
  watch.failed = null
  watch.badStatus = null
  let answered: number | null = null
  try {
    const response = await page.goto(goal, { timeout, waitUntil: event })
    answered = response?.status() ?? null
  } catch (error) {
    const text = messageOf(error)
    const bad = watch.badStatus as PageWatch['badStatus']
    if (bad && !status?.includes(bad.status)) return wrong('journey.http-status', statusWords(bad, status))
    if (/Timeout \d+ms exceeded/.test(text))
      return (
        explained(travel, goal, '') ??
        wrong('journey.navigation-failed', `${place} was not loaded ${after(timeout)}`)
      )
    const failed = watch.failed as PageWatch['failed']
    if (bad && status?.includes(bad.status)) answered = bad.status
    else return explained(travel, failed?.url ?? goal, failed?.error || text)!
  }
  const right = status ? status.includes(answered ?? 0) : (answered ?? 200) < 400
  if (!right) return wrong('journey.http-status', statusWords({ status: answered ?? 0, url: goal }, status))
  return { said: `opened ${place}${answered === null ? '' : ` (${answered})`}` }
}

const statusWords = ({ status, url }: { status: number; url: string }, wanted?: number[]) =>
  `${shortUrl(url)} answered with status ${status}, expected is ${wanted ? wanted.join(' or ') : 'one below 400'}`

/** Why an address was not loaded; null where nothing is known but that it took too long. */
function explained({ wayOut, clean }: Travel, url: string, errorText: string): StepProblem | null {
  const { hostname, port, protocol } = new URL(url)
  const blocked = wayOut.failures.get(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`) ?? null
  if (errorText === '' && !blocked) return null
  const { failed, summary } = explainNavigation(shortUrl(url), errorText, blocked)
  return failure(failed, clean(summary))
}

/** A step that failed because the page before it never came, or came as an error, is told by that. */
function afterwards(travel: Travel, problem: StepProblem): StepProblem {
  const { failed, badStatus } = travel.watch
  if (failed) return explained(travel, failed.url, failed.error || 'ERR_FAILED') ?? problem
  if (badStatus) return wrong('journey.http-status', `${statusWords(badStatus)}; and then ${problem.summary}`)
  return problem
}

async function act(
  travel: Travel,
  at: ElementLocator,
  timeout: Millis,
  said: string,
  work: (found: Locator) => Promise<unknown>,
): Promise<StepDone | StepProblem> {
  const found = locate(travel.page, at)
  try {
    await work(found)
    return { said }
  } catch (error) {
    const why = await whyNotDone(travel, found, at, messageOf(error), timeout)
    return afterwards(travel, wrong('journey.step-failed', travel.clean(why)))
  }
}

async function whyNotDone(
  travel: Travel,
  found: Locator,
  at: ElementLocator,
  text: string,
  timeout: Millis,
): Promise<string> {
  const what = inWords(at)
  const several = /strict mode violation[\s\S]*?resolved to (\d+) elements/.exec(text)
  if (several) return `there are ${several[1]} of ${what}: say which one, with nth or exact`
  const count = await inTime(travel.clock, ANSWER_WITHIN, found.count()).catch(() => 0)
  if (count === LATE) return NO_ANSWER
  if (count === 0) return `there is no ${what} ${after(timeout)}`
  const option = /did not find some options/.test(text)
  if (option) return `${what} has no such option ${after(timeout)}`
  const covered = /(<[a-z][^>]{0,80}>).{0,200}? intercepts pointer events/s.exec(text)
  if (covered) return `${what} is covered by ${covered[1]}`
  if (/not visible/.test(text)) return `${what} is there and not visible ${after(timeout)}`
  if (/not enabled|is disabled/.test(text)) return `${what} is disabled ${after(timeout)}`
  if (/not editable|readonly/.test(text)) return `${what} cannot be edited ${after(timeout)}`
  if (/not stable/.test(text)) return `${what} does not come to rest`
  if (/Timeout \d+ms exceeded/.test(text)) return `${what} could not be used ${after(timeout)}`
  return `${what}: ${text.split('\n')[0]}`
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** What must become true, one after the other within one time. */
async function expectAll(
  wanted: ExpectStep,
  travel: Travel,
  timeout: Millis,
): Promise<StepDone | StepProblem> {
  const { page, clean } = travel
  const looks: Look[] = []
  const said: string[] = []
  const want = (words: string, look: Look) => {
    said.push(words)
    looks.push(look)
  }
  const shown = async () => squeezed(await page.locator('body').innerText({ timeout: ANSWER_WITHIN }))
  for (const text of wanted.text ?? [])
    want(`shows ${JSON.stringify(text)}`, async () =>
      (await shown()).includes(squeezed(text)) ? null : `the page does not show ${JSON.stringify(text)}`,
    )
  for (const text of wanted.notText ?? [])
    want(`does not show ${JSON.stringify(text)}`, async () =>
      (await shown()).includes(squeezed(text)) ? `the page shows ${JSON.stringify(text)}` : null,
    )
  const { url, title, visible, hidden, count } = wanted
  if (url !== undefined) want(`is at ${shortUrl(url)}`, async () => whyNotUrl(url, page.url()))
  if (title !== undefined)
    want(`is titled ${JSON.stringify(title)}`, async () => {
      const now = await page.title()
      if (now.includes(title)) return null
      return `the title is ${JSON.stringify(now.slice(0, 80))}, expected is ${JSON.stringify(title)}`
    })
  if (visible) want(`shows ${inWords(visible)}`, seen(travel, visible))
  if (hidden) want(`does not show ${inWords(hidden)}`, unseen(travel, hidden))
  if (count) {
    const { equals, min, max, ...at } = count
    want(`has the right number of ${inWords(at)}`, async () => {
      const now = await locate(page, at).count()
      const low = equals ?? min ?? 0
      const high = equals ?? max ?? Infinity
      if (now >= low && now <= high) return null
      const bound = equals !== undefined ? `${equals}` : now < low ? `at least ${low}` : `at most ${high}`
      return `there are ${now} of ${inWords(at)}, expected are ${bound}`
    })
  }
  const all: Look = async () => {
    for (const look of looks) {
      const why = await look()
      if (why) return why
    }
    return null
  }
  const why = await until(travel, timeout, all)
  if (why) return afterwards(travel, wrong('journey.expectation-failed', clean(`${why} ${after(timeout)}`)))
  return { said: `the page ${said.join(', ')}` }
}

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim()

const visibleOnes = ({ page }: Travel, at: ElementLocator) => {
  const { nth, ...bare } = at
  return nth === undefined ? locate(page, bare).filter({ visible: true }) : locate(page, at)
}

function seen(travel: Travel, at: ElementLocator): Look {
  return async () => {
    if (
      at.nth === undefined
        ? (await visibleOnes(travel, at).count()) > 0
        : await locate(travel.page, at).isVisible()
    )
      return null
    return `${inWords(at)} is not seen`
  }
}

function unseen(travel: Travel, at: ElementLocator): Look {
  return async () => ((await seen(travel, at)()) === null ? `${inWords(at)} is still seen` : null)
}

/** Looks until it is so, or time is over; answers what is wrong. A page that is being changed is looked at again. */
async function until(travel: Travel, timeout: Millis, look: Look): Promise<string | null> {
  const { clock } = travel
  const end = clock.now() + timeout
  let why: string = timeout < ANSWER_WITHIN ? TOO_SHORT : NO_ANSWER
  for (;;) {
    const left = end - clock.now()
    const found = await inTime(travel.clock, Math.max(left, 1), look().catch(lookAgain))
    if (found === null) return null
    // Whatever it said before, it does not answer now.
    if (found === LATE) return left < ANSWER_WITHIN && why !== NO_ANSWER ? why : NO_ANSWER
    why = found
    if (travel.page.isClosed()) return 'the window was closed'
    if (clock.now() + LOOK_EVERY >= end || travel.watch.crashed || travel.wayOut.overflowed) return why
    await sleep(clock, LOOK_EVERY)
  }
}

const lookAgain = (error: unknown) => {
  const text = messageOf(error)
  if (/Timeout \d+ms exceeded/.test(text)) return NO_ANSWER
  return 'the page is being loaded'
}
