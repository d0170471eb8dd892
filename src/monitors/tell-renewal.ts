import { formatDuration } from '../kit/duration.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import type { Reader } from '../store/store.ts'
import type { HeartbeatSpec } from './kinds/heartbeat/index.ts'
import type { Monitor, MonitorView } from './monitor.ts'
import { findDefinition, findMonitor, renewersOf } from './monitors.rows.ts'
import type { Observation } from './observation.ts'

/** A monitor whose state belongs to the story of another one. */
export interface RelatedMonitor {
  relation: 'renews' | 'renewed-by'
  monitor: MonitorView
}

/** What a monitor renews, and what renews what it watches. */
export async function relatedMonitors(db: Reader, monitor: Monitor): Promise<RelatedMonitor[]> {
  const related: RelatedMonitor[] = []
  const renewed = renewedBy(monitor)
  const certificate = renewed === null ? null : await findMonitor(db, renewed)
  if (certificate) related.push({ relation: 'renews', monitor: certificate })
  for (const { id } of await renewersOf(db, monitor.id)) {
    const job = await findMonitor(db, id)
    if (job) related.push({ relation: 'renewed-by', monitor: job })
  }
  return related
}

const renewedBy = ({ kind, spec }: Monitor): string | null =>
  kind === 'heartbeat' ? ((spec as HeartbeatSpec).renews ?? null) : null

/** A job in trouble, and beside it until when what it renews will last. */
export async function withWhatItRenews(
  db: Reader,
  monitor: Monitor,
  observation: Observation,
  now: number,
): Promise<Observation> {
  const renewed = renewedBy(monitor)
  if (renewed === null || observation.verdict === 'up') return observation
  const certificate = await findMonitor(db, renewed)
  if (!certificate?.certificate) return observation
  return { ...observation, summary: `${observation.summary}; ${endOf(certificate, now)}` }
}

/** A certificate in trouble, and beside it what became of the job that should have renewed it. */
export async function withWhatRenewsIt(
  db: Reader,
  monitor: Monitor,
  observation: Observation,
): Promise<Observation> {
  if (observation.verdict === 'up' || !observation.reason.startsWith('certificate.')) return observation
  for (const { id } of await renewersOf(db, monitor.id)) {
    const job = await findMonitor(db, id)
    if (!job || job.state.verdict === 'up') continue
    // What the job says of the certificate stands in the sentence before.
    const [words] = newestWords(job).split('; the certificate it renews')
    return { ...observation, summary: `${observation.summary}; its renewal (${job.name}): ${words}` }
  }
  return observation
}

/** What was said last: the summary of the state is as old as its verdict. */
export const newestWords = ({ last, state }: MonitorView): string =>
  last?.reason === state.reason ? last.summary : state.summary

function endOf({ name, certificate }: MonitorView, now: number): string {
  const left = Date.parse(certificate!.notAfter) - now
  return left > 0
    ? `the certificate it renews (${name}) ends in ${formatDuration(left)}`
    : `the certificate it renews (${name}) ended ${formatDuration(-left)} ago`
}

/** Refuses a heartbeat that renews what there is not, or what is no certificate. */
export async function checkRenews(db: Reader, monitor: Monitor, path: string): Promise<void> {
  const renewed = renewedBy(monitor)
  if (renewed === null) return
  const found = renewed === monitor.id ? monitor : await findDefinition(db, renewed)
  if (found && found.kind !== 'heartbeat') return
  const message = found
    ? `"${renewed}" is a heartbeat and has no certificate`
    : notFound('monitor', renewed).message
  throw new TocsinError('invalid-input', `The monitor "${monitor.id}" cannot renew "${renewed}".`, [
    { path, message, remedy: 'Name the monitor of the certificate that the job renews, or leave it out.' },
  ])
}
