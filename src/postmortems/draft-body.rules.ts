import type { Incident, IncidentTimes, TimelineEntry } from '../incidents/index.ts'
import { formatDuration } from '../kit/duration.ts'
import { plainLine, prompt, SECTIONS, type SectionName } from './sections.rules.ts'

/** What the draft is made of. */
export interface DraftFacts {
  incident: Incident
  times: IncidentTimes
  /** In the order in which things happened. */
  timeline: readonly TimelineEntry[]
  /** Names by service id. */
  services: Readonly<Record<string, string>>
  /** Public updates, the oldest first. */
  updates: readonly { publishedAt: number; status: string; body: string }[]
}

const DETECTED_BY = {
  monitor: 'A monitor noticed it.',
  person: 'A person noticed it, not a monitor.',
  customer: 'A customer reported it, before any monitor noticed.',
} as const

/** `2026-01-31 14:05:09 UTC`. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A first body: every section, with the facts that are known and a prompt where a person has to think. */
export function draftBody(facts: DraftFacts): string {
  return SECTIONS.map((name) => `## ${name}\n\n${WRITE[name](facts).join('\n')}\n`).join('\n')
}

const WRITE: Record<SectionName, (facts: DraftFacts) => string[]> = {
  Summary: () => [prompt('what happened, in two or three sentences for somebody who was not there.')],
  Impact: ({ incident, services, times, updates }) => {
    const names = incident.serviceIds.map((id) => plainLine(services[id] ?? id))
    const lasted = times.metrics.find(({ name }) => name === 'TTR')!
    return [
      `- Severity: ${incident.severity}`,
      `- Services: ${names.length > 0 ? names.join(', ') : 'not recorded'}`,
      `- From ${at(times, 'impact start')} to ${at(times, 'resolved')}: ${lasted.text}`,
      `- Re-opened: ${howOften(incident.reopened)}`,
      `- Public updates: ${updates.length === 0 ? 'none' : `${updates.length}, the first at ${utc(updates[0]!.publishedAt)}`}`,
      '',
      prompt('who felt it, how many, and what they could not do.'),
    ]
  },
  Trigger: () => [prompt('the event that set it off.')],
  'Root cause': () => [prompt('why that event could do harm.')],
  'Contributing factors': () => [prompt('what made it likelier, worse or longer; there is rarely only one.')],
  Detection: ({ incident, times, timeline }) => {
    const pages = timeline.filter(({ kind }) => kind === 'page')
    const first = incident.alerts[0]
    return [
      `- ${DETECTED_BY[incident.detection]}`,
      `- First alert: ${first ? `${plainLine(first.title)}, ${utc(first.openedAt)}` : 'none'}`,
      ...metricLines(times, ['TTD', 'TTA']),
      ...(pages.length === 0
        ? ['- Paged: nobody']
        : ['- Paged:', ...pages.map((page) => `  - ${utc(page.happenedAt)} — ${plainLine(page.text)}`)]),
      '',
      prompt('would we notice it today, and could we have noticed it sooner?'),
    ]
  },
  Resolution: ({ times, incident }) => [
    ...times.times.map(({ name, at }) => `- ${capital(name)}: ${at === null ? 'not recorded' : utc(at)}`),
    ...metricLines(times, ['TTM', 'TTR']),
    ...(incident.roles.length > 0
      ? [
          `- Roles: ${incident.roles.map(({ role, name }) => `${plainLine(role)}: ${plainLine(name)}`).join(', ')}`,
        ]
      : []),
    '',
    prompt('what ended the harm, what removed the cause, and what was tried in between.'),
  ],
  Timeline: ({ timeline }) => [
    'All times are UTC.',
    '',
    ...(timeline.length === 0 ? ['No entry was recorded.'] : timelineLines(timeline)),
  ],
  'What went well': () => [prompt('what helped, so that we keep it.')],
  'What went wrong': () => [prompt('what stood in the way, said of the system and not of people.')],
  'Where we got lucky': () => [prompt('what could have made it worse and, this time, did not.')],
  Actions: () => [
    prompt('what will be done, each with the test that will show it. Actions are kept beside this text.'),
  ],
  Takeaways: () => [prompt('what others should know.')],
}

function at(times: IncidentTimes, name: string): string {
  const time = times.times.find((one) => one.name === name)!.at
  return time === null ? `"${name}" not recorded` : utc(time)
}

function metricLines(times: IncidentTimes, names: string[]): string[] {
  return times.metrics
    .filter(({ name }) => names.includes(name))
    .map(
      ({ formula, text, why, ms }) =>
        `- ${formula}: ${ms === null ? text : formatDuration(ms)}${why ? ` (${why})` : ''}`,
    )
}

function timelineLines(timeline: readonly TimelineEntry[]): string[] {
  const corrected = new Set(timeline.map(({ corrects }) => corrects).filter((id) => id !== null))
  return timeline.map(({ id, happenedAt, text, kind, actorName, corrects }) => {
    const said = plainLine(text)
    const who = kind === 'note' ? ` (${plainLine(actorName)})` : ''
    const note = corrects ? 'Correction: ' : ''
    return `- **${utc(happenedAt)}** — ${note}${corrected.has(id) ? `~~${said}~~` : said}${who}`
  })
}

function howOften(count: number): string {
  return ['never', 'once'][count] ?? `${count} times`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
