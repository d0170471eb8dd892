import type { Finding, FindingCode, ReadEntry, ReadIncident } from './reading.ts'
import { sortKey } from './time/resolve-time.ts'

type Noted = Omit<Finding, 'incident'>

/** What is missing from an incident, and where its parts disagree. */
export function judge(incident: ReadIncident): Noted[] {
  const findings: Noted[] = []
  const missing = (code: FindingCode, message: string) => findings.push({ code, message, span: null })
  const { sections, timeline, actions } = incident
  if (!incident.title) missing('no-title', 'No title was found.')
  if (!sections.summary) missing('no-summary', 'No summary was found.')
  if (!sections.rootCause && !sections.contributing) missing('no-root-cause', 'No root cause was found.')
  if (timeline.length === 0) missing('no-timeline', 'No timeline was found.')
  else {
    const has = (...moments: string[]) =>
      timeline.some(({ moment, at }) => at !== null && moment !== null && moments.includes(moment.value))
    if (!has('started')) missing('no-start-time', 'No entry says when it began.')
    if (!has('detected'))
      missing(
        'no-detection-time',
        'No entry says when it was detected: the time to detection is not recorded.',
      )
    if (!has('resolved', 'mitigated')) missing('no-end-time', 'No entry says when it was over.')
  }
  if (actions.length === 0) missing('no-actions', 'No action was found.')
  const ownerless = actions.filter(({ owner }) => owner === null)
  if (ownerless.length > 3 && ownerless.length === actions.length)
    findings.push({
      code: 'actions-without-owner',
      message: `None of the ${actions.length} actions has an owner.`,
      span: actions[0]!.text.span,
    })
  else
    for (const { text } of ownerless.slice(0, 200))
      findings.push({ code: 'action-without-owner', message: 'This action has no owner.', span: text.span })
  findings.push(...contradictions(incident))
  return findings
}

const DURATION =
  /\b(?:lasted|lasting|took|for|within|duration|downtime|total|outage of|after|~|about|around|approximately|of)\W{0,12}(?:(?:a total of|about|around|approximately|roughly|over|nearly|almost|more than|just|only|of|impact|was|is|:|~|\s)\s*)*((?:\d{1,3}(?:\.\d)? ?(?:h(?:ours?|rs?)?|days?|d)\b)?[ ,]*(?:and )?(?:\d{1,4} ?(?:m(?:in(?:ute)?s?)?)\b)?)/gi

/** Minutes of "5 hours and 26 minutes", "1h 50m", "around 6h". */
export function minutesIn(text: string): number | null {
  const days = /(\d{1,3}) ?d(?:ays?)?\b/i.exec(text)
  const hours = /(\d{1,3}(?:\.\d)?) ?h(?:ours?|rs?)?\b/i.exec(text)
  const minutes = /(\d{1,4}) ?m(?:in(?:ute)?s?)?\b/i.exec(text)
  if (!days && !hours && !minutes) return null
  return Number(days?.[1] ?? 0) * 1440 + Number(hours?.[1] ?? 0) * 60 + Number(minutes?.[1] ?? 0)
}

function spoken(minutes: number): string {
  if (minutes >= 2 * 1440) return `${Math.round(minutes / 144) / 10} days`
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : '']
    .filter(Boolean)
    .join(' ')
}

/** A length that the text states and that no two times of the timeline are apart. */
function contradictions({ sections, timeline }: ReadIncident): Noted[] {
  const keys = timeline
    .flatMap((entry) => [entry.at, entry.end])
    .filter((at): at is NonNullable<ReadEntry['at']> => at?.value.includes('T') === true)
    .map(({ value }) => sortKey(value))
    .filter(Number.isFinite)
    .slice(0, 300)
  if (keys.length < 2) return []
  const findings: Noted[] = []
  const longest = (Math.max(...keys) - Math.min(...keys)) / 60_000
  for (const section of [sections.summary, sections.impact]) {
    if (!section) continue
    for (const m of section.value.slice(0, 5_000).matchAll(DURATION)) {
      const said = minutesIn(m[1]!)
      if (said === null || said < 10) continue
      const slack = Math.max(5, said * (/h/i.test(m[1]!) && !/m/i.test(m[1]!) ? 0.1 : 0.04))
      if (keys.some((a) => keys.some((b) => Math.abs((b - a) / 60_000 - said) <= slack))) continue
      const nearest = keys
        .flatMap((a) => keys.map((b) => (b - a) / 60_000))
        .reduce((best, apart) => (Math.abs(apart - said) < Math.abs(best - said) ? apart : best), longest)
      findings.push({
        code: 'contradiction',
        message: `The text says ${m[1]!.trim()}; no two times of the timeline are that far apart: the whole of it is ${spoken(Math.round(longest))}, the nearest pair ${spoken(Math.round(nearest))}.`,
        span: section.span,
      })
    }
  }
  return findings
}
