import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { SECOND } from '../kit/duration.ts'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import type { CheckContext } from './kinds/kind.ts'
import type { MetricSpec } from './kinds/metric/spec.ts'
import { allMemories } from './memories.rows.ts'
import type { Monitor } from './monitor.ts'
import { allMonitors } from './monitors.rows.ts'
import { hasFailed } from './net/failure.ts'
import { findMoved, type Moved } from './series/co-movement.rules.ts'
import { type KeptSeries, unpackSeries } from './series/keep-series.ts'
import { rateOf } from './series/rate.rules.ts'
import { pushedSeries } from './series/samples.rows.ts'
import { type Series, seriesText } from './series/series.ts'

export interface CoMovementInput {
  from: number
  to: number
  baselineMs?: number
  /** PromQL that each Prometheus is asked beside the monitors' own. */
  query?: string
}

/** A series, and the monitor by which it was read. */
export interface OwnedSeries extends Series {
  monitorId: string
}

export interface CoMoved {
  baselineFrom: number
  looked: number
  moved: Moved<OwnedSeries>[]
  problems: { monitorId: string; message: string }[]
}

const MOST_SERIES = 5_000
const MOST_ASKED = 50
const PATIENCE = 20 * SECOND

/** Which of all the series that can be read moved in this stretch, against the time before it. */
export async function findCoMovement(world: World, actor: Actor, input: CoMovementInput): Promise<CoMoved> {
  authorize(actor, 'responder')
  const { from, to } = input
  if (to - from < 10 * SECOND)
    throw new TocsinError('invalid-input', '"to" must be at least ten seconds after "from".', [
      { path: 'query.to', message: 'is not ten seconds after "from"' },
    ])
  const baselineFrom = from - (input.baselineMs ?? 6 * (to - from))
  const db = world.store.read
  const monitors = (await allMonitors(db)).filter(({ kind }) => kind === 'metric')
  const memories = await allMemories(db)
  const series: OwnedSeries[] = []
  const problems: CoMoved['problems'] = []
  const taken = new Set<string>()
  const take = ({ id, spec }: Monitor, found: readonly Series[]) => {
    const { counter, from: source, url } = spec as MetricSpec
    for (const { labels, points } of found) {
      if (series.length >= MOST_SERIES) continue
      // Of the same series in two answers of one Prometheus the first counts.
      const text = `${url} ${counter} ${seriesText(labels)}`
      if (source === 'prometheus' && labels.__name__ !== undefined) {
        if (taken.has(text)) continue
        taken.add(text)
      }
      series.push({ monitorId: id, labels, points: counter ? rateOf(points) : points })
    }
  }
  for (const monitor of monitors) {
    const spec = monitor.spec as MetricSpec
    if (spec.from === 'push') take(monitor, await pushedSeries(db, monitor.id, baselineFrom))
    else if (spec.from !== 'prometheus') {
      const kept = (memories.get(monitor.id) as { series?: KeptSeries[] } | undefined)?.series
      if (kept) take(monitor, unpackSeries(kept))
    }
  }
  for (const { monitor, query } of queriesOf(monitors, input.query)) {
    const answer = await askOver(world, monitor, query, baselineFrom, to)
    if (hasFailed(answer)) problems.push({ monitorId: monitor.id, message: answer.summary })
    else
      take(
        query === input.query
          ? { ...monitor, spec: { ...(monitor.spec as object), counter: false } }
          : monitor,
        answer.series,
      )
  }
  return {
    baselineFrom,
    looked: series.length,
    moved: findMoved(series, { baselineFrom, from, to }),
    problems,
  }
}

/** Each monitor's own query, and the one asked for once of each Prometheus. */
function queriesOf(monitors: readonly Monitor[], extra: string | undefined) {
  const asking = monitors.filter(({ spec }) => (spec as MetricSpec).from === 'prometheus')
  const own = asking.map((monitor) => ({ monitor, query: (monitor.spec as MetricSpec).query! }))
  const servers = new Map(asking.map((monitor) => [(monitor.spec as MetricSpec).url!, monitor]))
  const extras =
    extra === undefined ? [] : [...servers.values()].map((monitor) => ({ monitor, query: extra }))
  const key = ({ monitor, query }: (typeof own)[number]) => `${(monitor.spec as MetricSpec).url} ${query}`
  return [...new Map([...extras, ...own].map((one) => [key(one), one])).values()].slice(0, MOST_ASKED)
}

async function askOver(world: World, monitor: Monitor, query: string, from: number, to: number) {
  const { ask } = await import('./kinds/metric/read-prometheus.ts')
  const controller = new AbortController()
  const cancel = world.clock.after(PATIENCE, () => controller.abort())
  const context: CheckContext = {
    clock: world.clock,
    signal: controller.signal,
    memory: null,
    monitorId: monitor.id,
    read: world.store.read,
  }
  try {
    const stepMs = Math.max(SECOND, Math.ceil((to - from) / 240))
    return await ask(monitor.spec as MetricSpec, query, { from, to, stepMs }, context)
  } catch (error) {
    return { failed: 'metric.unreadable', summary: reasonOf(error) }
  } finally {
    cancel()
    controller.abort()
  }
}
