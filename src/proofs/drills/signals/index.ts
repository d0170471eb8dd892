import { z } from 'zod'
import { slug } from '../../../contract/route.ts'
import { iso, type Millis } from '../../../kit/clock.ts'
import { DAY, HOUR, MINUTE, parseDuration } from '../../../kit/duration.ts'
import { type Monitor, recordedSignal, type Seen } from '../../../monitors/index.ts'
import type { Conclusion } from '../../drill.ts'
import { expectation } from '../../replay/expectation.ts'
import { judgeReplay, REPLAY_REASONS, type ReplayReason } from '../../replay/judge-replay.rules.ts'
import { monitorsNow, playReplay, replayEvidence } from '../../replay/play-replay.ts'
import { type Signal, type Stretch, WELL } from '../../replay/signal.ts'
import { syntheticSignal, USUAL_TROUBLE } from '../../replay/synthetic-signal.ts'
import { durationBetween, millis } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'

const instant = z.iso.datetime({ offset: true })
const spell = z.strictObject({
  after: durationBetween(0, 31 * DAY).meta({
    title: 'After',
    description: 'From when on, counted from the beginning, such as `10m`.',
  }),
  see: z.enum(['up', 'degraded', 'down', 'unknown']).meta({ title: 'See' }),
  reason: z.string().min(1).max(80).optional().meta({ title: 'Reason' }),
  summary: z.string().min(1).max(300).optional().meta({ title: 'Summary' }),
})
const made = z.union([
  z.array(spell).min(1).max(1_000).meta({
    title: 'List',
    description:
      'What there is to be seen, from when on; well before the first. It is looked at as often as the monitor looks.',
  }),
  z.strictObject({ recorded: z.strictObject({ from: instant, until: instant }) }).meta({
    title: 'Recorded',
    description: 'What was really seen of this monitor, as far as it is still kept.',
  }),
  z
    .strictObject({
      seed: z.string().min(1).max(80),
      outages: z.number().min(0).max(10_000).optional(),
      lasts: durationBetween(MINUTE, 12 * HOUR).optional(),
      blips: z.number().min(0).max(1_000).optional(),
    })
    .meta({
      title: 'Made up',
      description:
        'Outages in thirty days, how long one lasts, and blips in a thousand looks; the same for the same seed.',
    }),
])
const source = made.meta({ title: 'What is seen' })

const schema = z.strictObject({
  signals: z
    .record(slug, source)
    .refine((all) => Object.keys(all).length > 0, 'name a monitor')
    .meta({
      title: 'Signals',
      description: 'By monitor: what there is to be seen.',
      keys: 'Monitor',
    }),
  lasts: durationBetween(MINUTE, 31 * DAY)
    .default('2h')
    .meta({
      title: 'Lasts',
      description: 'How much virtual time is played.',
    }),
  at: instant.optional().meta({
    title: 'At',
    description: 'The virtual instant at which it begins; the present, or that of the record, when left out.',
  }),
  expect: z.array(expectation).min(1).max(100).meta({
    title: 'Expect',
    description: 'What must come of it, and by when after the first trouble.',
  }),
})
type Settings = z.output<typeof schema>
type Source = z.output<typeof source>

/** Plays signals in virtual time against today's configuration, and looks what would come of them. */
export const drillKind: DrillKind<Settings> = {
  kind: 'signals',
  title: 'What would come of these signals?',
  description:
    'Plays recorded, listed or made-up signals of one or more monitors in virtual time against today’s thresholds, ' +
    'routes and rotations: verdicts, alerts, pages, incidents and public updates. A month takes seconds.',
  reasons: REPLAY_REASONS,
  schema,
  async play(context) {
    const { settings } = context
    const monitors = await monitorsNow(context)
    const gone = Object.keys(settings.signals).find((id) => !monitors.has(id))
    if (gone !== undefined)
      return ended('failed', 'monitor-gone', `There is no monitor "${gone}" that is switched on.`)
    const stretch = stretchOf(context)
    const signals: Signal[] = []
    let onset = Number.POSITIVE_INFINITY
    for (const [monitorId, from] of Object.entries(settings.signals)) {
      const made = await signalOf(context, monitors.get(monitorId)!, from, stretch)
      if (made === null)
        return ended('inconclusive', 'no-records', `Nothing is kept of "${monitorId}" for that time.`)
      signals.push(made.signal)
      onset = Math.min(onset, made.onset ?? Number.POSITIVE_INFINITY)
    }
    if (!Number.isFinite(onset))
      return ended('inconclusive', 'no-trouble', 'The signals hold no trouble, so nothing is proved.')
    const outcome = await playReplay(context, signals, monitors, stretch)
    const { expectations, ...verdict } = judgeReplay(outcome.events, onset, settings.expect)
    const { monitor } = context
    return {
      ...verdict,
      evidence: {
        monitor: { id: monitor.id, kind: monitor.kind.kind, target: monitor.kind.target(monitor.spec) },
        onset: iso(onset),
        replay: { ...replayEvidence(outcome, stretch, onset), expectations },
      },
    }
  },
}

function ended(outcome: Conclusion['outcome'], reason: ReplayReason, summary: string): Conclusion {
  return { outcome, reason, summary, evidence: {} }
}

// Healthy looks before the first trouble: a replica starts as a Tocsin that has been watching for a while.
const CALM_LOOKS = 3

function stretchOf({ live, settings, monitor }: PlayContext<Settings>): Stretch {
  const recorded = Object.values(settings.signals).flatMap((one) => ('recorded' in one ? [one.recorded] : []))
  if (recorded.length > 0) {
    const from = Math.min(...recorded.map((one) => Date.parse(one.from)))
    return { from, until: Math.max(...recorded.map((one) => Date.parse(one.until))) }
  }
  const from = settings.at === undefined ? live.clock.now() : Date.parse(settings.at)
  return { from, until: from + CALM_LOOKS * monitor.everyMs + millis(settings.lasts) }
}

interface Made {
  signal: Signal
  /** When trouble can first be seen; null where there is none. */
  onset: Millis | null
}

async function signalOf(
  { live, monitor: { everyMs } }: PlayContext<Settings>,
  { id: monitorId }: Monitor,
  from: Source,
  stretch: Stretch,
): Promise<Made | null> {
  if (Array.isArray(from)) return listed(monitorId, from, stretch.from + CALM_LOOKS * everyMs)
  if ('recorded' in from) {
    const recorded = await recordedSignal(live, monitorId, {
      from: Date.parse(from.recorded.from),
      until: Date.parse(from.recorded.until),
    })
    if (recorded.length === 0) return null
    const onset = recorded.find(({ seen }) => seen.verdict !== 'up')?.at ?? null
    return { signal: { monitorId, recorded }, onset }
  }
  const { seed, outages = USUAL_TROUBLE.outages, blips = USUAL_TROUBLE.blips, lasts } = from
  const lastsMs = lasts === undefined ? USUAL_TROUBLE.lastsMs : parseDuration(lasts)!
  return {
    signal: syntheticSignal(monitorId, seed, stretch, { outages, blips, lastsMs }),
    onset: stretch.from,
  }
}

function listed(monitorId: string, spells: z.output<typeof spell>[], begin: Millis): Made {
  const changes = spells
    .map(({ after, see, reason, summary }) => ({
      at: begin + millis(after),
      seen:
        see === 'up' && reason === undefined && summary === undefined
          ? WELL
          : ({
              verdict: see,
              reason: reason ?? (see === 'up' ? 'ok' : 'drill'),
              summary: summary ?? `${see} (drill)`,
            } satisfies Seen),
    }))
    .sort((a, b) => a.at - b.at)
  let next = 0
  let current: Seen = WELL
  return {
    signal: {
      monitorId,
      look(at) {
        while (next < changes.length && changes[next]!.at <= at) current = changes[next++]!.seen
        return current
      },
    },
    onset: changes.find(({ seen }) => seen.verdict !== 'up')?.at ?? null,
  }
}
