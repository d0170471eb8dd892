import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Millis } from '../../../kit/clock.ts'
import { formatDuration, SECOND } from '../../../kit/duration.ts'
import { allSteps, type ElementLocator, type JourneySpec, type JourneyStep } from '../../../monitors/index.ts'
import type { LabServerOptions } from '../../faults/lab-server.ts'
import { certificateExpectation, renewalExpectation, trustChanges, trusting } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { pageFor } from './page.ts'
import { type Play, writePlay } from './play.ts'

/** A site that satisfies the steps of a journey, made from these steps. */
export const lab: LabProtocol<JourneySpec> = {
  kind: 'journey',
  answersRequests: true,
  aim: aimJourney,
  speaksTls: true,
  server(options, identity) {
    const answer = siteOf(options)
    return identity ? createHttpsServer(identity, answer) : createHttpServer(answer)
  },
}

// A browser needs its time, on any machine; a drill waits out what never comes.
const ENOUGH = 6 * SECOND
const ENOUGH_PER_STEP = 250
const LONGEST_STEP = 2 * SECOND
const SHORTEST_LATENCY = 1_500

function aimJourney(spec: JourneySpec): Aim {
  const url = new URL(spec.url)
  const secure = url.protocol === 'https:'
  const { steps, changes } = copySteps(spec, url)
  const { expect } = spec
  const timeoutMs = Math.min(spec.timeout, ENOUGH + steps.length * ENOUGH_PER_STEP)
  const latencyMs = shorterLatency(expect.maxLatency ?? null, timeoutMs / spec.timeout)
  // A step may be late enough for the limit to be what sees it.
  const stepTimeout = Math.min(spec.stepTimeout, Math.max(LONGEST_STEP, (latencyMs ?? 0) + SHORTEST_LATENCY))
  return {
    expects: {
      speaks: 'journey',
      secure,
      name: expect.name ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
      ...certificateExpectation(expect),
      ...(secure && renewalExpectation(expect)),
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: writePlay(steps) satisfies Play,
      latencyMs,
      timeoutMs,
    },
    changes: [
      'It connects to a server on this machine, whose pages are made from its own steps.',
      ...changes,
      ...(timeoutMs < spec.timeout
        ? [`Its timeout of ${formatDuration(spec.timeout)} is shortened to ${formatDuration(timeoutMs)}.`]
        : []),
      ...(latencyMs !== null && latencyMs < expect.maxLatency!
        ? [`Its latency limit is shortened to ${formatDuration(latencyMs)} with it.`]
        : []),
      ...(secure ? trustChanges(expect) : []),
    ],
    at: (fault, lab): JourneySpec => ({
      ...spec,
      steps,
      auth: undefined,
      connectTo: { host: fault.host, port: fault.port },
      expect: {
        ...expect,
        ...(secure && trusting(expect, lab, fault)),
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      stepTimeout,
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

function shorterLatency(latency: Millis | null, factor: number): Millis | null {
  if (latency === null) return null
  return Math.min(latency, Math.max(SHORTEST_LATENCY, Math.ceil(latency * factor)))
}

/** The steps as the copy does them: on one site, with elements found by texts that are compared whole. */
function copySteps(spec: JourneySpec, url: URL): { steps: JourneyStep[]; changes: string[] } {
  const changes = new Set<string>()
  let ids = 0
  const idOf = new Map<string, string>()
  const element = <At extends ElementLocator>(at: At): At => {
    if (at.css === undefined) return at.testId === undefined ? { ...at, exact: true } : at
    changes.add('What it finds by CSS it finds by an id of the drill instead.')
    if (!idOf.has(at.css)) idOf.set(at.css, `drill-${ids++}`)
    return { ...at, css: undefined, testId: idOf.get(at.css) }
  }
  const address = (text: string): string => {
    const goal = new URL(text, url)
    if (goal.origin === url.origin) return text
    changes.add('What it opens at other sites it opens at this one instead.')
    return url.origin + goal.pathname + goal.search
  }
  const wantedUrl = (text: string | undefined): string | undefined => {
    if (text === undefined || !/^[a-z]+:/i.test(text) || text.startsWith(`${url.origin}/`)) return text
    changes.add('It does not ask whether it came to another site.')
    return undefined
  }
  const steps = allSteps(spec).map((step): JourneyStep => {
    const { goto, click, fill, press, select, waitFor, expect } = step
    const timeout = step.timeout === undefined ? {} : { timeout: Math.min(step.timeout, LONGEST_STEP) }
    return {
      ...step,
      ...timeout,
      ...(goto && { goto: { ...goto, url: address(goto.url) } }),
      ...(click && { click: element(click) }),
      ...(fill && { fill: { ...element(fill), value: 'drill' } }),
      ...(press && { press: { ...press, at: press.at && element(press.at) } }),
      ...(select && { select: element(select) }),
      ...(waitFor && { waitFor: element(waitFor) }),
      ...(expect && {
        expect: {
          ...expect,
          url: wantedUrl(expect.url),
          visible: expect.visible && element(expect.visible),
          hidden: expect.hidden && element(expect.hidden),
          count: expect.count && element(expect.count),
        },
      }),
    }
  })
  return { steps, changes: [...changes] }
}

const WRONG_PAGE = '<!doctype html><title>Welcome</title><p>This server has not been configured yet.</p>\n'

/** Serves the scenes in their order; which one comes next is told by a cookie, since each journey is a fresh one. */
function siteOf({ clock, expects, twist, answer, delayMs = 0 }: LabServerOptions): RequestListener {
  const { scenes, vital } = expects.healthy as Play
  const fault = {
    without: twist === 'button-gone' ? vital : null,
    throws: twist === 'script-error',
    hangs: twist === 'page-hangs',
  }
  return (request, response) => {
    request.resume()
    if (request.url === '/favicon.ico') return void response.writeHead(404).end()
    const number = Number(/(?:^|;\s*)scene=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? 0)
    const scene = scenes[number % Math.max(scenes.length, 1)]
    const next = `scene=${number + 1}; Path=/`
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': next,
      'cache-control': 'no-store',
    }
    const reply = () => {
      response.writeHead(answer?.status ?? scene?.status ?? 200, headers)
      response.end(!scene || twist === 'wrong-page' ? WRONG_PAGE : pageFor(scene, fault))
    }
    // The first page is the late one: each that follows would add to it.
    if (delayMs === 0 || number > 0) return reply()
    response.once('close', clock.after(delayMs, reply))
  }
}
