import { NETWORK_REASONS } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { HANDSHAKE_REASONS } from '../../trust/handshake.ts'
import { CERTIFICATE_REASONS } from '../../trust/judge-certificate.rules.ts'
import { hostOf } from '../fetch-once.ts'
import type { MonitorKind } from '../kind.ts'
import { checkJourney } from './check-journey.ts'
import type { JourneyDetails } from './conclude-journey.rules.ts'
import { JOURNEY_REASONS } from './journey-reasons.ts'
import { shortUrl } from './keep-secret.ts'
import { readJourneyFile } from './read-file.ts'
import { sharedBrowser } from './shared-browser.ts'
import { type JourneySpec, journeySchema } from './spec.ts'

export type { JourneyDetails } from './conclude-journey.rules.ts'
export { type ElementLocator, locatorFields } from './locator.ts'
export { allSteps, type ExpectStep, type JourneySpec, type JourneyStep } from './spec.ts'

/** The way of a user through a site, in a real browser. */
export const journey: MonitorKind<JourneySpec> = {
  kind: 'journey',
  title: 'Browser journey',
  description:
    'Opens a site in Chromium and does what a user does there: opens pages, clicks, fills fields, and looks at what is ' +
    'shown. Each check has a fresh profile. It sees one window of one browser, and nothing that is drawn rather than ' +
    'written.',
  schema: journeySchema,
  reasons: [
    'ok',
    ...NETWORK_REASONS,
    ...HANDSHAKE_REASONS,
    ...CERTIFICATE_REASONS,
    'tls.ca-unreadable',
    ...JOURNEY_REASONS,
  ],
  cost: 'process',
  check: (spec, context) => checkJourney(spec, context),
  stop: (clock) => sharedBrowser.stop(clock),
  target: ({ url }) => shortUrl(url),
  schemes: { journey: (target) => ({ file: target.replace(/^journey:(\/\/(?=\/))?/i, '') }) },
  typedAs: ['journey:FILE.yaml'],
  typed: ({ file, expect, ...flags }) => {
    const settings = readJourneyFile(String(file), process.env)
    return { ...settings, ...flags, expect: { ...(settings.expect as object), ...(expect as object) } }
  },
  longText,
  byAddress: {
    endpoint({ url, connectTo }) {
      const { protocol, port } = new URL(url)
      const host = hostOf(new URL(url))
      return connectTo ?? { host, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
    },
    pointAt: (spec, address) => ({ ...spec, connectTo: address }),
  },
  cannotSee: [
    {
      failureClass: 'browser.other',
      why: 'It sees what Chromium sees: a page that breaks in Safari or Firefox alone is seen by nobody but its users.',
      seenBy: [],
    },
    {
      failureClass: 'page.appearance',
      why: 'It reads what is written: text that is drawn into a picture, a wrong colour or a broken layout is not seen.',
      seenBy: [],
    },
    {
      failureClass: 'page.second-window',
      why: 'It goes on in its first window: what a site opens in others, downloads or prints is not followed.',
      seenBy: [],
    },
    {
      failureClass: 'login.second-factor',
      why: 'It types what is in its settings: a code that changes, or a captcha, ends the journey.',
      seenBy: [],
    },
    {
      failureClass: 'availability.between-checks',
      why: 'A journey is slow and so is rare: an outage between two of them is seen by http, which may look each second.',
      seenBy: ['http'],
    },
  ],
}

const MARKS = { up: '✓', down: '✗', skipped: '·' } as const

/** One line for each step, and what the page complained about. */
function longText({ details }: Observation): string[] {
  if (!details) return []
  const { steps, scriptErrors, consoleErrors } = details as JourneyDetails
  const widest = Math.max(...steps.map(({ name }) => name.length))
  const lines = steps.map(({ name, verdict, tookMs, said }) => {
    const took = tookMs === null ? '' : `${tookMs}ms`
    return `${MARKS[verdict]} ${name.padEnd(widest)} ${took.padStart(7)}  ${said ?? 'not reached'}`
  })
  const more = [
    ...scriptErrors.map((text) => `  script: ${text}`),
    ...consoleErrors.map((text) => `  console: ${text}`),
  ]
  return [...lines, ...more].map((line) => line.replaceAll('|', '/').trimEnd())
}
