/** The company of an incident: its service with the monitors that there were, and one person who can be paged. */
import { parseDuration } from '../../src/kit/duration.ts'
import { findMonitor } from '../../src/monitors/index.ts'
import {
  adoptCase,
  fillTemplate,
  type IncidentCase,
  runDrill,
  viewDrill,
  viewRun,
} from '../../src/proofs/index.ts'
import type { Story } from './story.ts'

export const examplesOf = ({ values }: Pick<IncidentCase, 'values'>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, { example }]) => [key, example]))

/** Its configuration; one service, `hit`, and the drill `before` unless it is over. */
export function companyOf(incident: IncidentCase, isOver = false): string {
  const [first] = Object.keys(incident.past!.had)
  const before = isOver ? {} : { before: { kind: 'case', monitor: first, case: incident.id } }
  const had = Object.entries(incident.past!.had).map(([key, { settings }]) => {
    const filled = fillTemplate(settings, examplesOf(incident), incident.values).settings
    return `  ${key}: ${JSON.stringify({ service: 'hit', ...filled })}`
  })
  return `
people: { ana: { name: Ana, email: ana@lab.example } }
teams: { infra: { members: [ana], schedule: week } }
services: { hit: { name: The service, owner: infra } }
oncall: { week: { rotation: weekly, from: "2026-01-05T09:00", timezone: UTC, order: [ana] } }
policies: { usual: { default: true, steps: [{ notify: [{ schedule: week }] }], lastResort: { people: [ana] } } }
monitors:
${had.join('\n')}
drills: ${JSON.stringify(before)}
`
}

/** Plays a drill now, and answers the run as the API shows it. */
export async function playDrill(s: Story, id: string) {
  const { world } = s.tocsin()
  const run = await runDrill(world, s.as('ana'), id)
  await s.settle()
  return viewRun(world.store.read, run.id)
}

/** The drill of the case with the monitors of that day. */
export const playBefore = (s: Story) => playDrill(s, 'before')

/** Takes the case over with the examples of its values, in place of the drill of that day, and plays its own. */
export async function adoptAndPlay(s: Story, incident: IncidentCase) {
  await s.apply(companyOf(incident, true))
  await s.travel('1s')
  const { world } = s.tocsin()
  const input = { caseId: incident.id, serviceIds: ['hit'], values: { hit: examplesOf(incident) } }
  const [plan] = await adoptCase(world, s.as('ana', 'editor'), input)
  await s.settle()
  const drill = await viewDrill(world.store.read, plan!.drill!.id)
  return { plan: plan!, drill, run: await viewRun(world.store.read, drill.lastRunId!) }
}

interface Played {
  fault: string
  monitorId: string
  kind: string
  reason: string
  pages: { person: string; afterMs: number }[]
}

/** What a run showed of each fault, with the times in the worst case. */
export async function timesOf(s: Story, run: { evidence: Record<string, unknown> }) {
  const titles = new Map(
    (run.evidence.faults as { fault: string; title: string }[]).map(({ fault, title }) => [fault, title]),
  )
  const plays = run.evidence.plays as Played[]
  return Promise.all(
    plays.map(async ({ fault, monitorId, kind, reason, pages }) => {
      const monitor = (await findMonitor(s.store.read, monitorId))!
      const { maxRun, startGrace } = monitor.spec as { maxRun?: number; startGrace?: number }
      // What hears turns at once when its time is over; before that the job has its time.
      const hears = kind === 'heartbeat'
      const lag = !hears ? 0 : fault === 'job-hangs' ? (maxRun ?? 0) : (startGrace ?? parseDuration('5m')!)
      const detectedMs = hears ? lag : monitor.every + (monitor.confirm - 1) * monitor.retryEvery
      const pagedMs = lag + pages[0]!.afterMs
      return { fault, title: titles.get(fault)!, monitorId, kind, reason, detectedMs, pagedMs }
    }),
  )
}
