import { createServer } from 'node:http'
import { travelClock } from '../../../kit/clock.ts'
import { MINUTE } from '../../../kit/duration.ts'
import { checkOnce, kindNamed, type MetricSpec, type Observation } from '../../../monitors/index.ts'
import type { RunningFault } from '../../faults/fault.ts'
import { listen } from '../../faults/listen.ts'
import { shorten } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { courseOf, type MetricDemands, metricDemands } from './course.ts'

/** Plays a source of metrics: values over hours or days, looked at by the copy in a moment. */
export const lab: LabProtocol<MetricSpec> = {
  kind: 'metric',
  aim: aimMetric,
  inTheOpen: true,
  serve({ expects, twist }) {
    const course = courseOf(expects.healthy as MetricDemands, twist ?? null)
    return listen(
      createServer((request, response) => {
        // Time passes quickly here: each question says at which instant it is asked.
        const asked = new URL(request.url!, 'http://lab').searchParams
        const [at, now] = ['at', 'now'].map((name) => Number(asked.get(name) ?? 0)) as [number, number]
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(course(at, now))
      }),
    )
  },
}

function aimMetric(spec: MetricSpec): Aim | null {
  const demands = metricDemands(spec)
  if (!demands) return null
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  return {
    expects: {
      speaks: 'metric',
      secure: false,
      name: 'metric',
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: demands,
      latencyMs: null,
      timeoutMs,
    },
    changes: [
      ...changes.filter((change) => !change.startsWith('It connects')),
      `Its values are scraped from this drill in place of ${spec.from === 'push' ? 'being pushed' : `its ${spec.from} source`}.`,
      'Time passes quickly: its whole window is played through in a moment.',
    ],
    at: ({ host, port }): MetricSpec => ({
      ...spec,
      from: 'scrape',
      url: `http://${host}:${port}/metrics`,
      metric: 'tocsin_lab_metric',
      headers: {},
      connectTo: undefined,
      timeout: timeoutMs,
      family: 'any',
    }),
    observe: (copy, fault, clock) =>
      observe(copy as MetricSpec, demands, fault, clock.now(), timeoutMs, clock),
  }
}

async function observe(
  spec: MetricSpec,
  demands: MetricDemands,
  fault: RunningFault,
  now: number,
  deadlineMs: number,
  real: Parameters<NonNullable<Aim['observe']>>[2],
): Promise<Observation> {
  const kind = kindNamed('metric')
  const at = (instant: number): MetricSpec => ({
    ...spec,
    url: `http://${fault.host}:${fault.port}/metrics?at=${instant - begin}&now=${instant}`,
  })
  const begin = now - demands.spanMs
  const clock = travelClock(begin)
  // What does not answer at all is waited for in real time, once.
  const first = await checkOnce(kind, at(begin), { clock: real, deadlineMs })
  if (!first.reason.startsWith('metric.') && first.reason !== 'ok') return first
  let memory: unknown = null
  let seen = first
  for (let passed = 0; passed <= demands.spanMs; passed += demands.stepMs) {
    clock.moveTo(begin + passed)
    seen = await checkOnce(kind, at(clock.now()), { clock, deadlineMs: 60 * MINUTE, memory })
    if (seen.memory !== undefined) memory = seen.memory
    // What is healthy must be so all the time, and a fault is seen when it is seen.
    if (seen.verdict !== 'up' && passed > demands.settlesMs) break
  }
  return seen
}
