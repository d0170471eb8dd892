import { z } from 'zod'
import { iso } from '../../../kit/clock.ts'
import { DAY, SECOND } from '../../../kit/duration.ts'
import type { Observation } from '../../../monitors/index.ts'
import type { Conclusion, Evidence } from '../../drill.ts'
import { openBench } from '../../faults/bench.ts'
import { couldBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'
import { assertApart, feedUntilPaged, mutedBy, storyOf } from '../../feed-replica.ts'
import { judgePaging, PAGING_DRILL_REASONS, type PagingDrillReason } from '../../judge-paging.rules.ts'
import { durationBetween, faultName, millis, sample } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'

const schema = z.strictObject({
  fault: faultName.optional().meta({
    title: 'Fault',
    description: 'The fault to play; without one the monitor simply reports down.',
  }),
  expect: z
    .strictObject({
      paged: z.string().min(1).default('anyone').meta({
        title: 'Paged',
        description: 'The id of the person who must be reached, or `anyone`.',
      }),
      within: durationBetween(SECOND, DAY).meta({
        title: 'Within',
        description: 'How soon after the onset of the fault.',
      }),
    })
    .meta({ title: 'Expect', description: 'Who must be paged, and how soon.' }),
  at: z.iso.datetime({ offset: true }).optional().meta({
    title: 'At',
    description:
      'The virtual instant at which it happens, such as a holiday at 03:00; the present when left out.',
  }),
  sample,
})
type Settings = z.output<typeof schema>
type Ending = { outcome: Conclusion['outcome']; reason: PagingDrillReason; summary: string }

/** Plays one failure from the socket to the page, in virtual time, against today's routes and rotations. */
export const drillKind: DrillKind<Settings> = {
  kind: 'end-to-end',
  title: 'Who would be paged, and when?',
  description:
    'Takes what a copy of the monitor sees of the fault, feeds it to a replica of this Tocsin in memory, lets ' +
    'virtual time pass, and looks who is paged. Nobody is: the replica’s channels only note down.',
  reasons: PAGING_DRILL_REASONS,
  schema,
  async play(context) {
    const { monitor, settings } = context
    const { kind, spec } = monitor
    const person = settings.expect.paged === 'anyone' ? null : settings.expect.paged
    const criterion = { person, withinMs: millis(settings.expect.within) }
    const evidence: Evidence = {
      monitor: { id: monitor.id, kind: kind.kind, target: kind.target(spec) },
      expected: criterion,
    }
    const seen = await observeFault(context, evidence)
    if ('outcome' in seen) return { ...seen, evidence }
    const startAt = settings.at === undefined ? context.live.clock.now() : Date.parse(settings.at)
    const replica = await context.composeReplica(context.live, {
      runId: context.runId,
      monitorId: monitor.id,
      startAt,
    })
    try {
      assertApart(context.live, context.runId, replica)
      const feed = { monitor, hears: !kind.check, ...seen, ...criterion }
      const onset = await feedUntilPaged(replica, feed, startAt)
      const pages = replica.pages().filter((page) => page.monitorId === null || page.monitorId === monitor.id)
      evidence.onset = iso(onset)
      evidence.pages = pages.map((page) => ({
        at: iso(page.at),
        afterMs: page.at - onset,
        person: page.personId,
        channel: page.channel,
      }))
      const story = await storyOf(replica)
      evidence.story = story.map((fact) => ({ at: iso(fact.at), type: fact.type, subject: fact.subject }))
      return { ...judgePaging(pages, onset, criterion, mutedBy(story)), evidence }
    } finally {
      await replica.close()
    }
  },
}

interface Seen {
  healthy: Observation
  broken: Observation
}

/** What the copy of the monitor sees of the control and of the fault; an ending where it sees no fault. */
async function observeFault(context: PlayContext<Settings>, evidence: Evidence): Promise<Seen | Ending> {
  const { monitor, settings, clock } = context
  if (settings.fault === undefined) return { healthy: SIGN_OF_LIFE, broken: REPORTED_DOWN }
  const fault = FAULTS.find((one) => one.name === settings.fault)!
  const bench = await openBench({ kind: monitor.kind, spec: monitor.spec, clock, sample: settings.sample })
  if (!bench || !couldBreak(fault, bench.expects))
    return {
      outcome: 'inconclusive',
      reason: 'nothing-applies',
      summary: `The fault ${fault.name} cannot be played against this monitor.`,
    }
  evidence.changes = bench.changes
  const healthy = await bench.play(CONTROL)
  evidence.control = { verdict: healthy.verdict, reason: healthy.reason, summary: healthy.summary }
  if (healthy.verdict !== 'up')
    return {
      outcome: 'inconclusive',
      reason: 'control-failed',
      summary: `The healthy control was not seen as up (${healthy.reason}), so nothing is proved.`,
    }
  const broken = await bench.play(fault)
  const { verdict, reason, summary, tookMs } = broken
  const result = verdict === 'up' ? 'missed' : verdict === 'unknown' ? 'unclear' : 'caught'
  const { name, title, failureClass } = fault
  const remedy = result === 'caught' ? null : fault.remedy
  evidence.faults = [{ fault: name, title, failureClass, result, verdict, reason, summary, tookMs, remedy }]
  if (result === 'missed')
    return { outcome: 'failed', reason: 'not-noticed', summary: `The monitor does not notice ${name}.` }
  if (result === 'unclear')
    return { outcome: 'inconclusive', reason: 'not-judged', summary: `The monitor could not judge ${name}.` }
  return { healthy, broken }
}

const SIGN_OF_LIFE: Observation = {
  verdict: 'up',
  reason: 'ok',
  summary: 'healthy (drill)',
  tookMs: 0,
  values: {},
}
const REPORTED_DOWN: Observation = {
  verdict: 'down',
  reason: 'drill',
  summary: 'the monitor reports down (drill)',
  tookMs: 0,
  values: {},
}
