import { DETECTED_BY, type DetectedBy } from '../../contract/learning.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { incidentTimes } from '../../incidents/index.ts'
import { type Distribution, distribute, lengthBetween } from './distribution.rules.ts'
import { type RecordFilter, timesOfRecords } from './recurrence.rows.ts'
import { readDueRecords } from './refresh-records.ts'

/** How long things took, each of them a point, and who knew first. */
export interface LearnedTimes {
  records: {
    id: string
    title: string
    happenedAt: number
    incidentId: string | null
    postmortemId: string | null
  }[]
  metrics: (Distribution & { name: 'TTD' | 'TTA' | 'TTM' | 'TTR' })[]
  detection: {
    by: { id: DetectedBy; title: string; count: number; ttd: Distribution }[]
    notRecorded: number
    usersFirst: { known: number; count: number; bore: Distribution; lead: Distribution }
  }
}

/** The times of incidents run here and of post-mortems from elsewhere, by the same formulas as on the incident. */
export async function readTimes(world: World, actor: Actor, filter: RecordFilter): Promise<LearnedTimes> {
  authorize(actor, 'viewer')
  await readDueRecords(world)
  const rows = (await timesOfRecords(world.store.read, filter)).map((row, place) => {
    const { metrics } = incidentTimes({
      impactStartedAt: row.impact_started_at,
      detectedAt: row.detected_at,
      declaredAt: row.happened_at,
      acknowledgedAt: row.acknowledged_at,
      mitigatedAt: row.mitigated_at,
      resolvedAt: row.resolved_at,
      alerts: row.first_alert_at === null ? [] : [{ openedAt: row.first_alert_at }],
    })
    return { row, place, metrics }
  })
  const of = (name: string, among = rows) =>
    among.map(({ metrics, place }) => {
      const { ms, status } = metrics.find((metric) => metric.name === name)!
      return { ms: status === 'invalid' ? ('invalid' as const) : ms, place }
    })
  // Where nothing is recorded at all the formulas are shown nevertheless.
  const formulas = incidentTimes({
    ...{ impactStartedAt: null, detectedAt: null, declaredAt: 0, acknowledgedAt: null },
    ...{ mitigatedAt: null, resolvedAt: null, alerts: [] },
  }).metrics
  const formulaOf = (name: string) => formulas.find((one) => one.name === name)!.formula
  const known = rows.filter(({ row }) => row.detected_by !== null)
  const first = known.filter(({ row }) => usersKnewFirst(row))
  return {
    records: rows.map(({ row }) => ({
      id: row.id,
      title: row.title,
      happenedAt: row.happened_at,
      incidentId: row.incident_id,
      postmortemId: row.postmortem_id,
    })),
    metrics: formulas.map(({ name, formula }) => ({ name, ...distribute(formula, of(name)) })),
    detection: {
      by: DETECTED_BY.map(({ id, title }) => {
        const among = known.filter(({ row }) => row.detected_by === id)
        return { id, title, count: among.length, ttd: distribute(formulaOf('TTD'), of('TTD', among)) }
      }),
      notRecorded: rows.length - known.length,
      usersFirst: {
        known: known.length,
        count: first.length,
        bore: distribute(
          'impact start → first report',
          first.map(({ row, place }) => ({
            ms: lengthBetween(row.impact_started_at, row.reported_at),
            place,
          })),
        ),
        lead: distribute(
          'first report → noticed here (detected; where the report was the detection, the first alert)',
          first.map(({ row, place }) => ({ ms: lengthBetween(row.reported_at, row.noticed_at), place })),
        ),
      },
    },
  }
}

type Noticed = Pick<
  Awaited<ReturnType<typeof timesOfRecords>>[number],
  'detected_by' | 'reported_at' | 'noticed_at'
>

// An alert that opened before the report had seen it, even if nobody read it.
function usersKnewFirst({ detected_by, reported_at, noticed_at }: Noticed): boolean {
  if (reported_at === null) return detected_by === 'customer' && noticed_at === null
  return noticed_at === null ? detected_by === 'customer' : reported_at < noticed_at
}
