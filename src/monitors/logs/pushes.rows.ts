import { parseJson } from '../../kit/json.ts'
import type { Db, Reader } from '../../store/store.ts'
import type { Counts } from '../kinds/log/count-lines.rules.ts'

/** What was counted of one push, or of several that arrived together. */
export interface Pushed {
  monitorId: string
  /** The beginning of the slice. */
  at: number
  lines: number
  matched: number
  wanted: number
  lastLineAt: number
  lastWantedAt: number | null
  /** The newest matching lines. */
  samples: string[]
}

const SAMPLES = 5

/** Adds what was counted, and lets slices go that no window can reach. */
export async function addPushed(db: Db, pushed: Pushed, forgetBefore: number): Promise<void> {
  const { monitorId, at, lines, matched, wanted, lastLineAt, lastWantedAt, samples } = pushed
  await db
    .insertInto('log_pushes')
    .values({ monitor_id: monitorId, at, lines, matched, wanted })
    .onConflict((c) =>
      c.columns(['monitor_id', 'at']).doUpdateSet((eb) => ({
        lines: eb('log_pushes.lines', '+', lines),
        matched: eb('log_pushes.matched', '+', matched),
        wanted: eb('log_pushes.wanted', '+', wanted),
      })),
    )
    .execute()
  const known = await db
    .selectFrom('log_push_states')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .executeTakeFirst()
  const state = {
    last_line_at: lastLineAt,
    last_wanted_at: lastWantedAt ?? known?.last_wanted_at ?? null,
    samples: JSON.stringify(
      [...(known ? parseJson<string[]>(known.samples) : []), ...samples].slice(-SAMPLES),
    ),
  }
  await db
    .insertInto('log_push_states')
    .values({ monitor_id: monitorId, ...state })
    .onConflict((c) => c.column('monitor_id').doUpdateSet(state))
    .execute()
  await db
    .deleteFrom('log_pushes')
    .where('monitor_id', '=', monitorId)
    .where('at', '<', forgetBefore)
    .execute()
}

/** What was pushed for a monitor since an instant; null where nothing ever was. */
export async function readPushed(db: Reader, monitorId: string, since: number): Promise<Counts | null> {
  const state = await db
    .selectFrom('log_push_states')
    .selectAll()
    .where('monitor_id', '=', monitorId)
    .executeTakeFirst()
  if (!state) return null
  const rows = await db
    .selectFrom('log_pushes')
    .select(['at', 'lines', 'matched'])
    .where('monitor_id', '=', monitorId)
    .where('at', '>=', since)
    .orderBy('at')
    .execute()
  return {
    slices: rows.map(({ at, lines, matched }) => [at, lines, matched]),
    lastLineAt: state.last_line_at,
    lastWantedAt: state.last_wanted_at,
    samples: parseJson<string[]>(state.samples),
  }
}
