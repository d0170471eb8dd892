import { z } from 'zod'
import { id } from '../../../contract/route.ts'
import { iso, type Millis } from '../../../kit/clock.ts'
import { DAY, formatDuration, HOUR, SECOND } from '../../../kit/duration.ts'
import { type Monitor, recordedSignal, type Seen } from '../../../monitors/index.ts'
import type { Conclusion, ReplayEvidence } from '../../drill.ts'
import { type Expectation, expectation } from '../../replay/expectation.ts'
import { judgeReplay, REPLAY_REASONS } from '../../replay/judge-replay.rules.ts'
import { monitorsNow, playReplay, replayEvidence } from '../../replay/play-replay.ts'
import type { ReplayEvent } from '../../replay/replay-signals.ts'
import { type Signal, type Stretch, WELL } from '../../replay/signal.ts'
import { durationBetween, millis } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'
import { type AsItWas, documentAsItWas, incidentAsItWas } from './as-it-was.ts'

const instant = z.iso.datetime({ offset: true })
const told = z.strictObject({
  title: z.string().min(1).max(200),
  began: instant,
  noticed: instant.optional(),
  reached: instant.optional(),
  over: instant,
  timeline: z
    .array(z.strictObject({ at: instant, text: z.string().min(1).max(1_000) }))
    .max(300)
    .default([]),
})

const schema = z.strictObject({
  of: z
    .union([
      z
        .strictObject({ incident: id })
        .meta({ title: 'An incident', description: 'One that was handled here.' }),
      z
        .strictObject({ postmortem: id })
        .meta({ title: 'A post-mortem', description: 'One that was imported.' }),
      z.strictObject({ told }).meta({ title: 'As told', description: 'Its times, written here.' }),
    ])
    .meta({ title: 'Of', description: 'What happened.' }),
  expect: z
    .array(expectation)
    .min(1)
    .default([{ page: 'anyone', within: '15m' }])
    .meta({ title: 'Expect', description: 'What must come of it today, and by when.' }),
  sooner: durationBetween(SECOND, 31 * DAY)
    .optional()
    .meta({
      title: 'Sooner',
      description: 'How much sooner than in life it must be noticed.',
    }),
})
type Settings = z.output<typeof schema>

const REASONS = [...REPLAY_REASONS, 'not-sooner'] as const

/** Plays a past incident against today's configuration: how it went beside how it would go. */
export const drillKind: DrillKind<Settings> = {
  kind: 'incident-replay',
  title: 'How would this incident go today?',
  description:
    'Plays what monitors saw during a past incident, or, where they saw nothing, what the monitor under drill would ' +
    'see, against today’s configuration in virtual time. The evidence puts the timeline as it was beside the timeline ' +
    'as it would be, with the minutes gained.',
  reasons: REASONS,
  schema,
  async play(context) {
    const was = await asItWas(context)
    if (!was)
      return {
        outcome: 'inconclusive',
        reason: 'no-incident',
        summary: 'There is no such incident, or nobody knows when it began.',
        evidence: {},
      }
    const monitors = await monitorsNow(context)
    const stretch = stretchOf(was, context.monitor.everyMs)
    const { signals, onset, changes } = await signalsOf(context, was, monitors, stretch)
    const outcome = await playReplay(context, signals, monitors, stretch)
    const { expectations, ...judged } = judgeReplay(
      outcome.events,
      onset,
      context.settings.expect as Expectation[],
    )
    const replay: ReplayEvidence = {
      ...replayEvidence(outcome, stretch, onset),
      asItWas: was.lines.filter(whileItLasted).map(({ at, what, text }) => ({
        at: iso(at),
        afterMs: at - was.began,
        what,
        text: text.slice(0, 500),
      })),
      gained: gain(was, outcome.events, onset),
      expectations,
    }
    const { monitor } = context
    return {
      ...withSooner(judged, replay.gained!, context.settings.sooner),
      evidence: {
        monitor: { id: monitor.id, kind: monitor.kind.kind, target: monitor.kind.target(monitor.spec) },
        onset: iso(onset),
        changes,
        replay,
      },
    }
  },
}

function asItWas({ live, settings: { of } }: PlayContext<Settings>): Promise<AsItWas | null> | AsItWas {
  if ('incident' in of) return incidentAsItWas(live, of.incident)
  if ('postmortem' in of) return documentAsItWas(live, of.postmortem)
  const { title, began, noticed, reached, over, timeline } = of.told
  return {
    title,
    began: Date.parse(began),
    noticed: noticed === undefined ? null : Date.parse(noticed),
    reached: reached === undefined ? null : Date.parse(reached),
    over: Date.parse(over),
    lines: timeline
      .map(({ at, text }) => ({ at: Date.parse(at), what: 'note', text, knownAt: Date.parse(at) }))
      .sort((a, b) => a.at - b.at),
    serviceIds: [],
  }
}

const BEFORE = HOUR
const LONGEST = 31 * DAY
const UNKNOWN_END = 4 * HOUR

function stretchOf({ began, over }: AsItWas, everyMs: Millis): Stretch {
  const until = Math.max(over ?? began + UNKNOWN_END, began + everyMs)
  return {
    from: began - Math.max(BEFORE, 4 * everyMs),
    until: Math.min(until, began + LONGEST) + 2 * everyMs,
  }
}

const REPORTED: Seen = { verdict: 'down', reason: 'drill', summary: 'as in the incident (drill)' }

/** What was recorded of the monitors of its services; the one under drill sees it in any case. */
async function signalsOf(
  { live, monitor }: PlayContext<Settings>,
  was: AsItWas,
  monitors: ReadonlyMap<string, Monitor>,
  stretch: Stretch,
): Promise<{ signals: Signal[]; onset: Millis; changes: string[] }> {
  const signals: Signal[] = []
  const changes: string[] = []
  let onset = was.began
  for (const { id: monitorId, serviceId } of monitors.values()) {
    if (monitorId !== monitor.id && !was.serviceIds.includes(serviceId)) continue
    const recorded = await recordedSignal(live, monitorId, stretch)
    const saw = recorded.find(({ seen }) => seen.verdict !== 'up')
    if (saw) {
      signals.push({ monitorId, recorded })
      // People often write down that it began when they heard of it.
      onset = Math.min(onset, saw.at)
    }
    if (saw || monitorId !== monitor.id) continue
    changes.push(
      recorded.length === 0
        ? 'Nothing is kept of this monitor for that time: it sees the incident from its beginning to its end.'
        : 'At the time this monitor did not see it: it sees the incident from its beginning to its end, as it should today.',
    )
    const over = was.over ?? stretch.until
    signals.push({ monitorId, look: (at) => (at >= was.began && at < over ? REPORTED : WELL) })
  }
  return { signals, onset, changes }
}

/** From its beginning until it was known, and until a person was reached: then, and today. */
function gain(
  was: AsItWas,
  events: readonly ReplayEvent[],
  onset: Millis,
): NonNullable<ReplayEvidence['gained']> {
  const first = (what: ReplayEvent['what']) =>
    events.find((event) => event.what === what && event.at >= onset && event.state !== 'up')?.at ?? null
  const line = (what: 'noticed' | 'reached', then: Millis | null, today: Millis | null) => {
    const wasMs = then === null ? null : then - was.began
    const wouldMs = today === null ? null : today - onset
    return { what, wasMs, wouldMs, gainedMs: wasMs === null || wouldMs === null ? null : wasMs - wouldMs }
  }
  return [line('noticed', was.noticed, first('alert')), line('reached', was.reached, first('page'))]
}

// What was made of it afterwards is no part of how it went.
const whileItLasted = ({ what }: { what: string }) => what !== 'postmortem' && what !== 'action'

type Judged = Omit<Conclusion, 'evidence'>

function withSooner(
  judged: Judged,
  gained: NonNullable<ReplayEvidence['gained']>,
  sooner: string | undefined,
): Judged {
  const { gainedMs } = gained[0]!
  if (gainedMs === null) return judged
  const by = formatDuration(Math.abs(gainedMs))
  const said =
    gainedMs > 0 ? `noticed ${by} sooner` : gainedMs < 0 ? `noticed ${by} later` : 'noticed as late'
  const summary = `${judged.summary} It would be ${said} than in life.`
  if (judged.outcome !== 'passed' || sooner === undefined || gainedMs >= millis(sooner))
    return { ...judged, summary }
  return {
    outcome: 'failed',
    reason: 'not-sooner',
    summary: `It would be ${said}; ${sooner} sooner is asked for.`,
  }
}
