import { sql } from 'kysely'
import type { Db, Reader } from '../../store/store.ts'
import { type Labels, type Series, seriesText } from './series.ts'

/** A value that a monitor wants, in its slot. */
export interface PushedSample {
  monitorId: string
  labels: Labels
  slot: number
  at: number
  value: number
}

// Below SQLite's limit of bound parameters.
const ROWS = 500

/** Stores values; of several in one slot the latest stays. */
export async function writeSamples(db: Db, samples: readonly PushedSample[]): Promise<void> {
  // Two of one slot must not be in one statement: PostgreSQL refuses to touch a row twice.
  const latest = new Map<string, PushedSample & { series: string }>()
  for (const sample of samples) {
    const series = JSON.stringify(Object.entries(sample.labels).sort(([a], [b]) => (a < b ? -1 : 1)))
    const key = `${sample.monitorId} ${sample.slot} ${series}`
    if ((latest.get(key)?.at ?? Number.NEGATIVE_INFINITY) < sample.at) latest.set(key, { ...sample, series })
  }
  const rows = [...latest.values()].map(({ monitorId, series, slot, at, value }) => ({
    monitor_id: monitorId,
    series,
    slot,
    at,
    value,
  }))
  for (let from = 0; from < rows.length; from += ROWS)
    await db
      .insertInto('metric_samples')
      .values(rows.slice(from, from + ROWS))
      .onConflict((c) =>
        c
          .columns(['monitor_id', 'series', 'slot'])
          .doUpdateSet({ at: sql`excluded.at`, value: sql`excluded.value` })
          .whereRef('metric_samples.at', '<', sql.ref('excluded.at')),
      )
      .execute()
}

/** What was pushed for a monitor since an instant, oldest first. */
export async function pushedSeries(db: Reader, monitorId: string, since: number): Promise<Series[]> {
  const rows = await db
    .selectFrom('metric_samples')
    .select(['series', 'at', 'value'])
    .where('monitor_id', '=', monitorId)
    .where('at', '>', since)
    .orderBy('series')
    .orderBy('slot')
    .execute()
  const byText = new Map<string, Series>()
  for (const { series, at, value } of rows) {
    let one = byText.get(series)
    if (!one) {
      one = { labels: Object.fromEntries(JSON.parse(series) as [string, string][]), points: [] }
      byText.set(series, one)
    }
    one.points.push({ at: Number(at), value: Number(value) })
  }
  return [...byText.values()].sort((a, b) => (seriesText(a.labels) < seriesText(b.labels) ? -1 : 1))
}

/** The series that are kept for a monitor, as their keys. */
export async function pushedKeys(db: Reader, monitorId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('metric_samples')
    .select('series')
    .distinct()
    .where('monitor_id', '=', monitorId)
    .execute()
  return new Set(rows.map(({ series }) => series))
}

/** Lets old values of a monitor go. */
export async function pruneSamples(db: Db, monitorId: string, before: number): Promise<void> {
  await db.deleteFrom('metric_samples').where('monitor_id', '=', monitorId).where('at', '<', before).execute()
}

/** Lets go of values whose monitor is none of these any more. */
export async function pruneStrangers(db: Db, monitorIds: readonly string[]): Promise<void> {
  const query = db.deleteFrom('metric_samples')
  await (monitorIds.length === 0 ? query : query.where('monitor_id', 'not in', monitorIds)).execute()
}
