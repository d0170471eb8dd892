import type { Section } from './outline.rules.ts'
import { cut, type Placed, spanOf, trim } from './placed-text.ts'
import type { Finding, ReadEntry } from './reading.ts'
import type { TimeText } from './time/read-time.ts'
import { resolveTime, sortKey, type TimeSetting } from './time/resolve-time.ts'
import { leadingTime } from './timeline.rules.ts'

const MOMENT =
  /^\W*((?:first |incident |impact |issue |outage |service |time |was )*(?:start(?:ed)?|began|begin|detect(?:ed|ion)|noticed|identified|declared|acknowledged|mitigated|repaired|resolved|recovered|restored|fixed|closed|end(?:ed)?)(?: at| time| on)?)\s*[:|–-]*\s*/i
const MINUTE = 60_000

/** "Resolved: 14:05" anywhere outside of the timeline, when the timeline has no entry at that time. */
export function contradictedMoments(
  sections: readonly Section[],
  entries: readonly ReadEntry[],
  setting: TimeSetting,
): Omit<Finding, 'incident'>[] {
  const keys = entries
    .flatMap(({ at, end }) => [at, end])
    .flatMap((at) => (at?.value.includes('T') ? [sortKey(at.value)] : []))
  if (keys.length === 0) return []
  const days = entries.flatMap(({ at }) => (at ? [at.value.slice(0, 10)] : []))
  const first = /^(\d{4})-(\d\d)-(\d\d)$/.exec(days[0] ?? '')
  const anchor = first
    ? { year: Number(first[1]), month: Number(first[2]), day: Number(first[3]) }
    : setting.anchor
  const zone = setting.zone ?? (entries[0]?.at?.value.endsWith('Z') ? 'UTC' : null)
  return stated(sections).flatMap(({ name, time, text }) => {
    const { iso } = resolveTime(time.start, { day: null, minutes: null, zone }, { ...setting, anchor, zone })
    if (iso === null || keys.some((key) => Math.abs(key - sortKey(iso)) <= MINUTE)) return []
    return [
      {
        code: 'contradiction' as const,
        message: `It is said to be "${name.toLowerCase()}" at ${iso}; no entry of the timeline is at that time.`,
        span: spanOf(text, time.startFrom, time.startTo),
      },
    ]
  })
}

/** The moments that the document gives by their names, each with its time. */
function stated(sections: readonly Section[]): { name: string; time: TimeText; text: Placed }[] {
  const moments: { name: string; time: TimeText; text: Placed }[] = []
  const take = (name: string, text: Placed) => {
    const time = leadingTime(text.text)
    if (time && time.time.start.hour !== null && text.text.slice(time.rest).trim().length < 3)
      moments.push({ name, time: time.time, text })
  }
  for (const { heading, blocks } of sections) {
    const label = heading ? MOMENT.exec(heading.text.text) : null
    if (label && heading && label[0].length >= heading.text.text.length && blocks[0])
      take(label[1]!, blocks[0].text)
    for (const { text, kind } of blocks.slice(0, 2_000)) {
      const m = kind === 'code' ? null : MOMENT.exec(text.text.slice(0, 60))
      if (m) take(m[1]!, trim(cut(text, m[0].length)))
    }
  }
  return moments
}
