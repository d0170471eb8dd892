import type { DetectedBy } from '../../contract/learning.ts'
import type { Detection, IncidentHead, Severity } from '../../incidents/index.ts'
import type { ReadEntry, ReadIncident } from '../import/reading.ts'
import type { Postmortem } from '../postmortem.ts'
import { deriveDetection, deriveMarks, deriveServices, type Parts, partsOf } from './derive-marks.rules.ts'
import { CLASS_PATTERNS, DETECTION_PATTERNS } from './patterns.rules.ts'
import type { Judgement, LearningRecord, Mark, RecordTimes } from './record.ts'

/** All that is known of what happened. */
export interface Known {
  id: string
  incident: IncidentHead | null
  firstAlertAt: number | null
  postmortem: Pick<Postmortem, 'id' | 'title' | 'body' | 'keywords' | 'createdAt'> | null
  /** Where the post-mortem was imported. */
  reading: ReadIncident | null
  judgement: Judgement
  /** Of the catalogue, for what is only written down. */
  services: readonly { id: string; name: string }[]
}

const BY: Record<Detection, DetectedBy> = { monitor: 'monitoring', person: 'staff', customer: 'customer' }

/** The learning record of what is known; null where neither an incident nor a post-mortem is left. */
export function recordOf(known: Known): { record: LearningRecord; parts: Parts } | null {
  const { incident, postmortem, reading, judgement } = known
  const title = postmortem?.title ?? incident?.title
  if (title === undefined) return null
  const parts = partsOf(title, postmortem?.body ?? '')
  const times = incident ? timesOfIncident(incident, known.firstAlertAt) : timesOfReading(reading)
  if (judgement.reportedAt !== undefined) times.reportedAt = judgement.reportedAt
  const detectedBy = detectionOf(known, parts)
  if (detectedBy?.value === 'customer') {
    if (judgement.reportedAt === undefined) times.reportedAt ??= times.detectedAt
    if (times.noticedAt === times.reportedAt) times.noticedAt = null
  }
  const happenedAt =
    times.impactStartedAt ??
    times.detectedAt ??
    times.declaredAt ??
    firstDay(reading) ??
    postmortem?.createdAt ??
    0
  return {
    record: {
      id: known.id,
      incidentId: incident?.id ?? null,
      postmortemId: postmortem?.id ?? null,
      title,
      happenedAt,
      severity: incident?.severity ?? severityOf(reading),
      detectedBy,
      marks: marksOf(known, parts),
      ...times,
    },
    parts,
  }
}

function timesOfIncident(incident: IncidentHead, firstAlertAt: number | null): RecordTimes {
  const { impactStartedAt, detectedAt, declaredAt, acknowledgedAt, mitigatedAt, resolvedAt } = incident
  return {
    ...{ impactStartedAt, detectedAt, declaredAt, acknowledgedAt, mitigatedAt, resolvedAt, firstAlertAt },
    reportedAt: incident.detection === 'customer' ? detectedAt : null,
    noticedAt: incident.detection === 'customer' ? firstAlertAt : detectedAt,
  }
}

// To the minute; a day alone is no time to count from. Without a zone the differences are right all the same.
function instantOf(entry: ReadEntry): number | null {
  const said = entry.at?.value ?? ''
  if (!/T\d\d:\d\d/.test(said)) return null
  const at = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(said) ? said : `${said}Z`)
  return Number.isNaN(at) || at < 0 ? null : at
}

function timesOfReading(reading: ReadIncident | null): RecordTimes {
  const entries = (reading?.timeline ?? []).flatMap((entry) => {
    const at = instantOf(entry)
    return at === null ? [] : [{ at, moment: entry.moment?.value ?? null, text: entry.text.value }]
  })
  const of = (moment: string) => entries.filter((one) => one.moment === moment)
  const earliest = (some: readonly { at: number }[]) =>
    some.length > 0 ? Math.min(...some.map(({ at }) => at)) : null
  const first = (moment: string) => earliest(of(moment))
  const resolved = of('resolved')
  const byUsers = new RegExp(DETECTION_PATTERNS.customer.source, 'i')
  return {
    impactStartedAt: first('started'),
    reportedAt: earliest(entries.filter(({ text }) => byUsers.test(text))),
    detectedAt: first('detected'),
    noticedAt: earliest(of('detected').filter(({ text }) => !byUsers.test(text))),
    firstAlertAt: null,
    declaredAt: null,
    acknowledgedAt: first('acknowledged'),
    mitigatedAt: first('mitigated'),
    resolvedAt: resolved.length > 0 ? Math.max(...resolved.map(({ at }) => at)) : null,
  }
}

function firstDay(reading: ReadIncident | null): number | null {
  const days = (reading?.timeline ?? [])
    .map(({ at }) => Date.parse(at?.value.slice(0, 10) ?? ''))
    .filter((at) => !Number.isNaN(at) && at >= 0)
  return days.length > 0 ? Math.min(...days) : null
}

function severityOf(reading: ReadIncident | null): Severity | null {
  const level = /\b(?:sev(?:erity)?|p|s|prio(?:rity)?)[\s:#-]*([1-4])\b/i.exec(
    reading?.severity?.value ?? '',
  )?.[1]
  return level ? (`SEV${level}` as Severity) : null
}

function detectionOf({ incident, judgement, reading }: Known, parts: Parts): LearningRecord['detectedBy'] {
  if (judgement.detectedBy !== undefined)
    return judgement.detectedBy && { value: judgement.detectedBy, origin: 'person', because: '' }
  if (incident) return { value: BY[incident.detection], origin: 'incident', because: '' }
  const noticed = reading?.timeline.find(({ moment }) => moment?.value === 'detected')
  const read = deriveDetection(parts, noticed?.text.value)
  return read && { ...read, origin: 'text' }
}

function marksOf({ incident, postmortem, judgement, services }: Known, parts: Parts): Mark[] {
  const read = deriveMarks(parts)
  const said = (kind: Mark['kind'], values: readonly string[]): Mark[] =>
    [...new Set(values)].map((value) => ({ kind, value, origin: 'person', because: '' }))
  const of = (kind: Mark['kind'], values: readonly string[] | undefined) =>
    values === undefined ? read.filter((mark) => mark.kind === kind) : said(kind, values)
  // A keyword that is the id of a class was meant as one.
  const keywords = (postmortem?.keywords ?? []).filter((word) => Object.hasOwn(CLASS_PATTERNS, word))
  const { trigger } = judgement
  return [
    ...of('class', judgement.classes ?? (keywords.length > 0 ? keywords : undefined)),
    ...of('trigger', trigger === undefined ? undefined : trigger === null ? [] : [trigger]),
    ...of('factor', judgement.factors),
    ...(incident
      ? incident.serviceIds.map(
          (value): Mark => ({ kind: 'service', value, origin: 'incident', because: '' }),
        )
      : judgement.services
        ? said('service', judgement.services)
        : deriveServices(parts, services)),
  ]
}
