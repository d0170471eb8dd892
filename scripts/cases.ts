/** The page about the seven cases, made of what they say and of what their drills showed. */
import type { IncidentCase } from '../src/proofs/index.ts'
import { after } from './incidents.ts'

export const PAGE = 'docs/cases.md'
export const COMMAND = 'sh bin/run scripts/generate-cases.ts'

/** One fault of a case, as its drill saw it with the monitors of the case. */
export interface PlayedFault {
  fault: string
  title: string
  monitorId: string
  kind: string
  reason: string
  /** From a check that was still well to the verdict, in the worst case; of a job the time that a run may last. */
  detectedMs: number
  /** From the same moment to the page, in virtual time. */
  pagedMs: number
}

/** One case, played with the monitors that there were and with its own. */
export interface PlayedCase {
  incident: IncidentCase
  before: { outcome: string; reason: string }
  after: { outcome: string; reason: string; faults: PlayedFault[] }
}

/** Why no page can be made of this; null when one can. */
export function whyNot(cases: readonly IncidentCase[], played: readonly PlayedCase[]): string | null {
  for (const { id } of cases) {
    const one = played.find(({ incident }) => incident.id === id)
    if (!one) return `${id} was not played`
    if (one.before.outcome !== 'failed')
      return `${id}: before, the drill ${one.before.outcome}: ${one.before.reason}`
    if (one.after.outcome !== 'passed')
      return `${id}: after, the drill ${one.after.outcome}: ${one.after.reason}`
  }
  return null
}

/** The page. */
export function casesPage(cases: readonly IncidentCase[], played: readonly PlayedCase[]): string {
  const problem = whyNot(cases, played)
  if (problem) throw new Error(problem)
  const overview = played.map((one) => {
    const { incident } = one
    const { reached, worst } = timesOf(one)
    const gained = Math.round((reached - worst.pagedMs) / 60_000)
    return `| [${incident.title}](#${anchor(incident.title)}) | ${incident.where} | ${noticed(incident)} | ${minutes(worst.detectedMs)} | ${minutes(worst.pagedMs)} | ${gained} min |`
  })
  return `# The seven cases

Each of the seven incidents by which Tocsin is measured comes with it as a case: what happened, whom it could strike,
which monitors would have seen it, and a drill. "This could happen to us" creates the monitors and the drill for a
service. This page is written by \`${COMMAND}\`, which plays every drill
twice: with the monitors that there were, and with those of the case.

## What happened, and what would happen with Tocsin

Then: from the moment at which it began to hurt until anybody noticed, and until somebody knew who could do something.
With Tocsin: in the worst case, in which the failure begins right after a good check, at the interval and with the
confirmation that the monitors of the case have; from there to the page in the virtual time of the drill. Of several
faults the slowest counts, also where it begins long before it hurts, as the job that hung a week before the certificate
ended; what a job may last is counted from its start. Rules over a window (a forecast, a share, growth) count from the
check at which they speak: how long a leak takes to be one is up to the leak. Minutes gained are those until somebody who
could act knew, less those until the page. The drill shows that a page goes out, not how long a human needs to answer.

| Case | Where | Then noticed after | Seen after | Paged after | Gained |
|---|---|---|---|---|---|
${overview.join('\n')}

${played.map(section).join('\n\n')}

## Write a case of your own

A case is an entry of \`cases\` in the configuration, in the same shape as those that come with Tocsin, which stand in
\`src/proofs/cases\`. Places in braces are asked for when somebody takes the case over. \`tocsin validate\` fills in the
examples and tells what is wrong. A post-mortem becomes one with \`POST /api/v1/postmortems/:id/case\`: without a
definition it answers a draft, and says what it could not find out.

\`\`\`yaml
cases:
  disk-fills:
    title: The disk fills in the night
    what: A disk filled at 02:10, and the database refused to write for three hours.
    lesson: Forecast when a disk is full.
    classes: [resource.leak]
    strikes: [database]
    values:
      prometheus: { title: Prometheus, example: "http://prometheus.example.org:9090" }
      query: { title: Free bytes, example: 'node_filesystem_avail_bytes{mountpoint="/data"}' }
    monitors:
      disk:
        because: It tells a day ahead when the disk is full.
        sees: [metric-limit-soon]
        settings:
          type: metric
          from: prometheus
          url: "{prometheus}"
          query: "{query}"
          forecast: { limit: 1000000000, direction: below, within: 24h }
\`\`\`
`
}

function section(one: PlayedCase): string {
  const { incident, before, after: mended } = one
  const past = incident.past!
  const had = Object.values(past.had).map(({ because, settings }) => `a ${settings.type} monitor: ${because}`)
  const rows = mended.faults.map(
    ({ fault, title, kind, reason, detectedMs, pagedMs }) =>
      `| ${title} (\`${fault}\`) | ${kind} | \`${reason}\` | ${minutes(detectedMs)} | ${minutes(pagedMs)} |`,
  )
  return [
    `### ${incident.title}`,
    `${incident.where}. Failure classes: ${incident.classes.map((id) => `\`${id}\``).join(', ')}.`,
    incident.what,
    `**Then:** ${noticed(incident)}. ${past.how} It was over after ${after((Date.parse(past.mended) - Date.parse(past.began)) / 1_000)}.`,
    `**Before**, with ${had.join('; ')} The drill fails: ${before.reason}`,
    `**After**, with the monitors of the case, it passes: ${mended.reason}`,
    `| Fault | Seen by | Reason | Seen after | Paged after |\n|---|---|---|---|---|\n${rows.join('\n')}`,
    `**Lesson:** ${incident.lesson}`,
  ].join('\n\n')
}

function timesOf({ incident, after: { faults } }: PlayedCase): { reached: number; worst: PlayedFault } {
  const { began, noticed: first, reached = first } = incident.past!
  return {
    reached: Date.parse(reached) - Date.parse(began),
    worst: faults.reduce((worst, one) => (one.pagedMs > worst.pagedMs ? one : worst)),
  }
}

function noticed({ past }: IncidentCase): string {
  const at = (instant: string) => Math.round((Date.parse(instant) - Date.parse(past!.began)) / 60_000)
  const first = `${at(past!.noticed)} min, by ${past!.by}`
  return past!.reached && past!.reached !== past!.noticed
    ? `${first}; ${at(past!.reached)} min until somebody knew who could act`
    : first
}

/** Minutes with one digit, as people compare them. */
function minutes(ms: number): string {
  const value = ms / 60_000
  return `${Number.isInteger(value) ? value : value.toFixed(1)} min`
}

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
