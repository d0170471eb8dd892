import { z } from 'zod'
import { slug } from '../../../contract/route.ts'
import { DAY, SECOND } from '../../../kit/duration.ts'
import { allMonitors, findMonitor, kindNamed, type Monitor } from '../../../monitors/index.ts'
import { caseReplay } from '../../cases/case-replay.rules.ts'
import { findCase } from '../../cases/find-case.ts'
import {
  type CasePlay,
  type CaseSight,
  JUDGED_CASE_REASONS,
  judgeCase,
} from '../../cases/judge-case.rules.ts'
import { playPage } from '../../cases/play-page.ts'
import type { Conclusion, Evidence, FaultResult } from '../../drill.ts'
import { openBench } from '../../faults/bench.ts'
import { couldBreak, type Fault } from '../../faults/fault.ts'
import { CONTROL } from '../../faults/registry.ts'
import { judgeVerdict } from '../../judge-faults.rules.ts'
import { hashOf } from '../../replay/replay-signals.ts'
import { faultNamed } from '../../sees-faults.ts'
import { durationBetween, faultName, millis } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'

const schema = z.strictObject({
  case: slug.meta({ title: 'Case', description: 'The id of the case that is played.' }),
  faults: z.array(faultName).min(1).max(50).optional().meta({
    title: 'Faults',
    description: 'Those of the case that could strike the service; all of them, when left out.',
  }),
  expect: z
    .strictObject({
      paged: z.string().min(1).default('anyone').meta({
        title: 'Paged',
        description: 'The id of the person who must be reached, or `anyone`.',
      }),
      within: durationBetween(SECOND, DAY).default('15m').meta({
        title: 'Within',
        description: 'How soon after the onset of each fault.',
      }),
    })
    .prefault({})
    .meta({ title: 'Expect', description: 'Who must be paged, and how soon.' }),
})
type Settings = z.output<typeof schema>

/** Plays an incident against everything that watches a service: would it be noticed today, and who would know? */
export const drillKind: DrillKind<Settings> = {
  kind: 'case',
  title: 'Could this happen to us?',
  description:
    'Plays each fault of a case against all monitors of the service that its monitor belongs to, over real sockets on ' +
    'loopback, and then from the first monitor that notices to the page, in a replica in memory. It passes when every ' +
    'fault is noticed and somebody is paged in time for each.',
  reasons: JUDGED_CASE_REASONS,
  schema,
  async play(context) {
    const { settings, monitor, live } = context
    const incident = await findCase(live.store.read, settings.case)
    const faults =
      settings.faults ?? (incident ? Object.values(incident.monitors).flatMap(({ sees }) => sees) : [])
    const evidence: Evidence = {
      monitor: { id: monitor.id, kind: monitor.kind.kind, target: monitor.kind.target(monitor.spec) },
      expected: {
        person: settings.expect.paged === 'anyone' ? null : settings.expect.paged,
        withinMs: millis(settings.expect.within),
      },
    }
    if (faults.length === 0) return { ...judgeCase([], new Map(), 'case-unknown'), evidence }
    const watching = await watchersOf(context)
    const sights = await lookAt(context, watching, [...new Set(faults)])
    evidence.faults = sights.flatMap(({ results }) => results)
    evidence.changes = [`Played against ${watching.map(({ id }) => id).join(', ')}.`]
    const plays = new Map<string, CasePlay>()
    for (const sight of sights) {
      const play = await pageFor(context, sight, watching)
      if (play) plays.set(sight.fault, play)
    }
    evidence.plays = [...plays.values()].map(({ fault, monitorId, kind, verdict, reason, pages, onset }) => ({
      ...{ fault, monitorId, kind, verdict, reason },
      pages: pages.map((page) => ({
        person: page.personId,
        channel: page.channel,
        afterMs: page.at - onset,
      })),
    }))
    if (incident?.past && plays.size > 0) {
      const titles = new Map(sights.map(({ fault, title }) => [fault, title]))
      const replay = caseReplay(incident.past, [...plays.values()], titles)
      evidence.replay = { ...replay, hash: hashOf(replay.wouldBe) }
    }
    const conclusion: Omit<Conclusion, 'evidence'> = judgeCase(sights, plays, null, {
      ...evidence.expected!,
      watching: watching.map(({ id, kind }) => `${id} (${kind})`),
    })
    return { ...conclusion, evidence }
  },
}

/** The monitors of the service, the one under drill first; those that are switched off notice nothing. */
async function watchersOf({ live, monitor }: PlayContext<Settings>): Promise<Monitor[]> {
  const own = await findMonitor(live.store.read, monitor.id)
  const all = await allMonitors(live.store.read)
  const ofService = all.filter((one) => one.enabled && one.serviceId === own?.serviceId)
  return ofService.toSorted((a, b) => Number(b.id === monitor.id) - Number(a.id === monitor.id))
}

/** What each monitor of the service sees of each fault; one that could not be played says nothing. */
async function lookAt(
  { clock }: PlayContext<Settings>,
  watching: readonly Monitor[],
  names: readonly string[],
): Promise<CaseSight[]> {
  const faults = names.map((name) => faultNamed(name)).filter((fault): fault is Fault => fault !== null)
  const sights = new Map<string, CaseSight>(
    faults.map(({ name, title, failureClass, remedy }) => [
      name,
      { fault: name, title, failureClass, remedy, results: [], seen: [] },
    ]),
  )
  for (const monitor of watching) {
    const bench = await openBench({ kind: kindNamed(monitor.kind), spec: monitor.spec, clock })
    if (!bench) continue
    const playable = faults.filter((fault) => couldBreak(fault, bench.expects))
    if (playable.length === 0) continue
    const healthy = await bench.play(CONTROL)
    for (const fault of playable) {
      const sight = sights.get(fault.name)!
      if (healthy.verdict !== 'up') {
        const why = `its healthy control was ${healthy.verdict}: ${healthy.summary}`
        sight.results.push(resultOf(fault, monitor.id, 'unclear', { ...healthy, summary: why }))
        continue
      }
      const broken = await bench.play(fault)
      const result = judgeVerdict(broken.verdict)
      sight.results.push(resultOf(fault, monitor.id, result, broken))
      if (result === 'caught') sight.seen.push({ monitorId: monitor.id, healthy, broken })
    }
  }
  return [...sights.values()]
}

function resultOf(
  { name, title, failureClass, remedy }: Fault,
  monitorId: string,
  result: FaultResult['result'],
  { verdict, reason, summary, tookMs }: CaseSight['seen'][number]['broken'],
): FaultResult {
  const advice = result === 'caught' ? null : remedy
  return {
    fault: name,
    title,
    failureClass,
    result,
    verdict,
    reason,
    summary,
    tookMs,
    remedy: advice,
    monitorId,
  }
}

/** The page for a fault, by the quickest of the monitors that notice it. */
async function pageFor(
  context: PlayContext<Settings>,
  { fault, seen }: CaseSight,
  watching: readonly Monitor[],
): Promise<CasePlay | null> {
  const pace = ({ every, confirm, retryEvery }: Monitor) => every + (confirm - 1) * retryEvery
  const quickest = seen
    .map((one) => ({ ...one, monitor: watching.find(({ id }) => id === one.monitorId)! }))
    .toSorted((a, b) => pace(a.monitor) - pace(b.monitor))[0]
  if (!quickest) return null
  const { monitor, healthy, broken } = quickest
  const { paged, within } = context.settings.expect
  const { live, runId, composeReplica } = context
  const expected = { person: paged === 'anyone' ? null : paged, withinMs: millis(within) }
  const played = await playPage({ live, runId, composeReplica, monitor, healthy, broken, expected })
  return {
    fault,
    monitorId: monitor.id,
    kind: monitor.kind,
    verdict: broken.verdict,
    reason: broken.reason,
    ...played,
  }
}
