import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { listUnresolved } from '../alerts/index.ts'
import { roleIncludes } from '../engine/authorize.ts'
import { engineFigures } from '../engine/figures.ts'
import { listenerLags } from '../engine/listeners.ts'
import { TocsinError } from '../kit/errors.ts'
import { countVerdicts, scheduleFigures } from '../monitors/index.ts'
import { auditorHealth } from '../oncall/index.ts'
import { authenticate } from './authenticate.ts'
import type { HttpOptions } from './context.ts'
import type { LiveStreams } from './events.routes.ts'
import { type Metric, PROMETHEUS_TYPE, writeMetrics } from './prometheus.ts'

/**
 * `/metrics` for Prometheus. Names of monitors are nobody's business outside, so it takes a viewer's token
 * unless the operator made it public.
 */
export function serveMetrics(app: FastifyInstance, options: HttpOptions, streams: LiveStreams): void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  app.addHook('onClose', async () => void delay.disable())
  app.get('/metrics', async (request, reply) => {
    if (!options.publicMetrics) {
      const identity = await authenticate(options, request)
      if (!identity) throw new TocsinError('not-signed-in', 'Send a token as "Authorization: Bearer …".')
      if (!roleIncludes(identity.actor.role, 'viewer'))
        throw new TocsinError('forbidden', 'This takes the role viewer.')
    }
    const metrics = [
      ...(await storeMetrics(options)),
      ...checkMetrics(options),
      ...processMetrics(options, streams),
      ...lifeMetrics(options),
    ]
    metrics.push(
      gauge(
        'tocsin_event_loop_delay_p99_seconds',
        'How late the event loop runs, 99th percentile since last asked',
        [{ value: delay.percentile(99) / 1e9 }],
      ),
    )
    delay.reset()
    return reply.header('cache-control', 'no-store').type(PROMETHEUS_TYPE).send(writeMetrics(metrics))
  })
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', samples }
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: 'counter', samples: [{ value }] }
}

function checkMetrics({ world }: HttpOptions): Metric[] {
  const figures = scheduleFigures(world)
  if (!figures) return []
  return [
    counter('tocsin_checks_total', 'Checks that this process has finished', figures.checksFinished),
    counter('tocsin_checks_stored_total', 'Checks whose result is in the history', figures.checksStored),
    counter(
      'tocsin_checks_expected_total',
      'Checks that there should have been since the start, by the intervals alone',
      figures.checksExpected,
    ),
    counter('tocsin_checks_late_total', 'Checks that began more than a second late', figures.checksLate),
    counter('tocsin_checks_missed_total', 'Checks left out: the one before still ran', figures.checksMissed),
    gauge('tocsin_checks_running', 'Checks under way', [{ value: figures.running }]),
    gauge('tocsin_checks_waiting', 'Checks that are due and wait for their turn', [
      { value: figures.waiting },
    ]),
    gauge('tocsin_check_lateness_max_seconds', 'The latest beginning of a check', [
      { value: figures.latenessMaxMs / 1_000 },
    ]),
  ]
}

function lifeMetrics({ life, canary }: HttpOptions): Metric[] {
  const board = life?.()
  if (!board) return []
  const bird = canary?.()
  return [
    ...(bird
      ? [
          counter('tocsin_canaries_total', 'Canaries that were let fail', bird.runs),
          counter(
            'tocsin_canaries_missed_total',
            'Canaries that nobody would have been told of',
            bird.missed,
          ),
          gauge(
            'tocsin_canary_noticed_seconds',
            'From the failure to the page of the last canary; absent when it was missed',
            bird.lastTookMs === null ? [] : [{ value: bird.lastTookMs / 1_000 }],
          ),
        ]
      : []),
    counter(
      'tocsin_event_loop_blocked_total',
      'How often the event loop did not move for too long',
      board.get('blockedTimes'),
    ),
    gauge('tocsin_event_loop_blocked_longest_seconds', 'The longest of these times', [
      { value: board.get('blockedLongestMs') / 1_000 },
    ]),
    {
      name: 'tocsin_beats_total',
      help: 'Signs of life sent to watchers, by what became of them',
      type: 'counter',
      samples: [
        { labels: { result: 'taken' }, value: board.get('beatsTaken') },
        { labels: { result: 'refused' }, value: board.get('beatsRefused') },
        { labels: { result: 'lost' }, value: board.get('beatsLost') },
      ],
    },
  ]
}

async function storeMetrics({ world, version }: HttpOptions): Promise<Metric[]> {
  const db = world.store.read
  const now = world.clock.now()
  const figures = await engineFigures(db, now)
  const verdicts = await countVerdicts(db)
  const unresolved = await listUnresolved(db)
  const auditor = await auditorHealth(db, now)
  const lags = await listenerLags(db)
  const alerts = ['open', 'acknowledged'].map((state) => ({
    labels: { state },
    value: unresolved.filter((alert) => alert.state === state).length,
  }))
  return [
    gauge('tocsin_info', 'The version that runs', [{ labels: { version }, value: 1 }]),
    gauge(
      'tocsin_monitors',
      'Monitors by verdict',
      Object.entries(verdicts).map(([verdict, value]) => ({ labels: { verdict }, value })),
    ),
    gauge('tocsin_alerts', 'Alerts that are not resolved, by state', alerts),
    counter('tocsin_facts_total', 'Facts in the log', figures.facts),
    gauge(
      'tocsin_outbox_items',
      'Deliveries by kind and state',
      figures.outbox.map(({ kind, state, count }) => ({ labels: { kind, state }, value: count })),
    ),
    gauge('tocsin_timers', 'Timers that are set', [{ value: figures.timers }]),
    gauge('tocsin_timers_overdue', 'Timers whose time has passed', [{ value: figures.timersOverdue }]),
    gauge('tocsin_timers_late_seconds', 'How late the latest of them is', [
      { value: figures.timersLateMs / 1_000 },
    ]),
    gauge('tocsin_parked_facts', 'Facts that a listener could not digest; somebody must look', [
      { value: figures.parkedFacts },
    ]),
    gauge(
      'tocsin_listener_behind_facts',
      'Facts that a listener has not heard yet',
      lags.map(({ name, behind }) => ({ labels: { listener: name }, value: behind })),
    ),
    gauge(
      'tocsin_auditor_age_seconds',
      'Since the auditor last ran; absent before its first run',
      auditor.lastRunAt === null ? [] : [{ value: (now - auditor.lastRunAt) / 1_000 }],
    ),
    gauge('tocsin_auditor_problems', 'Alerts that waited for nothing when the auditor last ran', [
      { value: auditor.problems },
    ]),
  ]
}

function processMetrics({ world, engineStatus }: HttpOptions, streams: LiveStreams): Metric[] {
  const engine = engineStatus()
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const now = world.clock.now()
  return [
    gauge('tocsin_engine_running', 'Whether the engine runs in this process', [
      { value: engine.running ? 1 : 0 },
    ]),
    gauge(
      'tocsin_loop_age_seconds',
      'Since each loop of the engine last came round',
      Object.entries(engine.lastTurns).map(([loop, at]) => ({ labels: { loop }, value: (now - at) / 1_000 })),
    ),
    gauge('tocsin_live_streams', 'Browsers that watch live', [{ value: streams.count() }]),
    gauge('process_resident_memory_bytes', 'Resident memory', [{ value: rss }]),
    gauge('nodejs_heap_used_bytes', 'Memory in use by JavaScript', [{ value: heapUsed }]),
    counter('process_cpu_seconds_total', 'Processor time used', (user + system) / 1e6),
    gauge('process_start_time_seconds', 'When this process started', [{ value: engine.startedAt / 1_000 }]),
  ]
}
