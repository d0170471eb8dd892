import type { Millis } from '../../../kit/clock.ts'
import { formatDuration } from '../../../kit/duration.ts'
import type { Observation, Verdict } from '../../observation.ts'
import type { Inspection } from '../../trust/inspect-certificate.ts'
import { shortUrl } from './keep-secret.ts'
import type { ElementLocator } from './locator.ts'
import { inWords } from './locator.ts'
import { actionOf, type JourneySpec, type JourneyStep } from './spec.ts'

/** What became of one step. */
export interface StepReport {
  name: string
  verdict: 'up' | 'down' | 'skipped'
  tookMs: Millis | null
  said: string | null
}

/** What is known of a journey, at its end or when its time is over. */
export interface JourneyLog {
  steps: StepReport[]
  problem: { step: number | null; failed: string; summary: string } | null
  /** Every step was gone. */
  ended: boolean
  /** How long the browser was waited for. */
  waitedMs: Millis
  scriptErrors?: string[]
  scriptErrorCount?: number
  consoleErrors?: string[]
  inspection?: Inspection | null
  browser?: string
}

/** What a page shows of a journey beyond one line. */
export interface JourneyDetails {
  steps: StepReport[]
  /** The place of the step that failed, from 0; null where none did. */
  failedAt: number | null
  scriptErrors: string[]
  consoleErrors: string[]
  /** Whether a picture of the failure was taken. */
  screenshot: boolean
  browser: string | null
}

// Nothing was learned of the site.
const OWN = new Set(['journey.no-browser', 'journey.crowded', 'journey.browser-crashed', 'tls.ca-unreadable'])
// A journey that waited longer for its browser than this share had no fair chance.
const FAIR_WAIT = 0.25

/** The words for each step: its name, or what it does. */
export function stepNames(steps: readonly JourneyStep[]): string[] {
  return steps.map((step) => step.name ?? whatItDoes(step))
}

function whatItDoes(step: JourneyStep): string {
  const { goto, click, fill, press, select, waitFor, expect } = step
  if (goto) return `Go to ${shortUrl(goto.url)}`
  if (click) return `Click ${inWords(click)}`
  if (fill) return `Fill ${inWords(fill as ElementLocator)}`
  if (press) return `Press ${press.key}`
  if (select) return `Choose in ${inWords(select as ElementLocator)}`
  if (waitFor) return `Wait for ${inWords(waitFor as ElementLocator)}`
  const what = Object.keys(expect ?? {}).find((key) => expect?.[key as keyof typeof expect] !== undefined)
  return what ? `Expect ${what === 'notText' ? 'no text' : what}` : actionOf(step)
}

/** The observation that a journey amounts to. */
export function concludeJourney(
  spec: Pick<JourneySpec, 'expect' | 'timeout'>,
  log: JourneyLog,
  tookMs: Millis,
  more: Partial<Pick<Observation, 'picture'>>,
): Observation {
  const { verdict, reason, summary } = judge(spec, log, tookMs)
  const done = log.steps.filter((step) => step.verdict === 'up').length
  const details: JourneyDetails = {
    steps: log.steps,
    failedAt: log.problem?.step ?? null,
    scriptErrors: log.scriptErrors ?? [],
    consoleErrors: log.consoleErrors ?? [],
    screenshot: more.picture !== undefined,
    browser: log.browser ?? null,
  }
  const { inspection } = log
  return {
    verdict,
    reason,
    summary,
    tookMs,
    values: {
      steps: log.steps.length,
      stepsDone: done,
      ...(log.scriptErrorCount ? { scriptErrors: log.scriptErrorCount } : {}),
      ...Object.fromEntries(
        log.steps.flatMap(({ tookMs: took }, i) => (took === null ? [] : [[`step${i + 1}Ms`, took]])),
      ),
      ...inspection?.values,
    },
    details,
    ...(inspection && { certificate: inspection.certificate }),
    ...(inspection?.memory && { memory: inspection.memory }),
    ...more,
  }
}

interface Judgement {
  verdict: Verdict
  reason: string
  summary: string
}

function judge(
  { expect, timeout }: Pick<JourneySpec, 'expect' | 'timeout'>,
  log: JourneyLog,
  tookMs: Millis,
): Judgement {
  const { problem, steps, inspection } = log
  const count = `${steps.length} step${steps.length === 1 ? '' : 's'}`
  if (problem) {
    const { step, failed, summary } = problem
    if (failed === 'journey.timed-out' && log.waitedMs > FAIR_WAIT * timeout) {
      const waited = formatDuration(log.waitedMs)
      const words = `this machine took ${waited} to find a browser for the journey, which then had no time left`
      return { verdict: 'unknown', reason: 'journey.crowded', summary: words }
    }
    const where =
      step === null ? '' : `step ${step + 1} of ${steps.length}, ${JSON.stringify(steps[step]!.name)}: `
    const late = failed === 'journey.timed-out' ? ` (the journey has ${formatDuration(timeout)})` : ''
    return {
      verdict: OWN.has(failed) ? 'unknown' : 'down',
      reason: failed,
      summary: `${where}${summary}${late}`,
    }
  }
  const took = formatDuration(tookMs)
  if (expect.noScriptErrors && log.scriptErrorCount) {
    const others = log.scriptErrorCount > 1 ? ` (and ${log.scriptErrorCount - 1} more)` : ''
    const words = `all of ${count} went well, and a script broke: ${log.scriptErrors?.[0] ?? 'an error'}${others}`
    return { verdict: 'degraded', reason: 'journey.script-error', summary: words }
  }
  if (expect.maxLatency !== undefined && tookMs > expect.maxLatency) {
    const slowest = [...steps].sort((a, b) => (b.tookMs ?? 0) - (a.tookMs ?? 0))[0]!
    const words = `took ${took}, allowed is ${formatDuration(expect.maxLatency)}; the slowest step was ${JSON.stringify(slowest.name)} with ${formatDuration(slowest.tookMs ?? 0)}`
    return { verdict: 'degraded', reason: 'journey.slow', summary: words }
  }
  if (inspection?.verdict === 'degraded')
    return { verdict: 'degraded', reason: inspection.reason, summary: inspection.summary }
  return { verdict: 'up', reason: 'ok', summary: `${count} in ${took}` }
}
