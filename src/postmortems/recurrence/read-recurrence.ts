import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import type { Reader } from '../../store/store.ts'
import type { MarkKind } from './record.ts'
import { readRecords, servicesOf } from './records.rows.ts'
import {
  type ClosedAction,
  closedActions,
  markedRecords,
  marksByMonth,
  type RecordFilter,
  recordsByMonth,
  recordsMarked,
} from './recurrence.rows.ts'
import {
  cameBackAfter,
  countInto,
  type Marked,
  type Period,
  periodsOf,
  type Span,
} from './recurrence.rules.ts'
import { readDueRecords } from './refresh-records.ts'

/** One thing that recurs, with how often in each period. */
export interface RecurringMark {
  value: string
  count: number
  counts: number[]
}

/** A cause that came back after an action against it was closed. */
export interface ComeBack {
  kind: 'class' | 'trigger' | 'factor'
  value: string
  action: ClosedAction
  first: Marked
  again: Marked[]
}

export interface Recurrence {
  records: number
  periods: (Period & { records: number })[]
  marks: Record<MarkKind, RecurringMark[]>
  unmarked: Record<MarkKind, number>
  cameBack: ComeBack[]
}

/** What recurs over time, and what came back. */
export async function readRecurrence(
  world: World,
  actor: Actor,
  { per, ...filter }: RecordFilter & { per: Span },
): Promise<Recurrence> {
  authorize(actor, 'viewer')
  await readDueRecords(world)
  const db = world.store.read
  const byMonth = await recordsByMonth(db, filter)
  const periods = periodsOf([...byMonth.keys()], per)
  const inPeriods = countInto(periods, byMonth)
  const records = inPeriods.reduce((sum, count) => sum + count, 0)
  const counted = Map.groupBy(await marksByMonth(db, filter), ({ kind }) => kind)
  const marked = await markedRecords(db, filter)
  const recurring = (kind: MarkKind): RecurringMark[] =>
    [...Map.groupBy(counted.get(kind) ?? [], ({ value }) => value)]
      .map(([value, rows]) => {
        const counts = countInto(periods, new Map(rows.map(({ month, count }) => [month, count])))
        return { value, counts, count: counts.reduce((sum, count) => sum + count, 0) }
      })
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  const each = <T>(of: (kind: MarkKind) => T): Record<MarkKind, T> => ({
    class: of('class'),
    trigger: of('trigger'),
    factor: of('factor'),
    service: of('service'),
  })
  return {
    records,
    periods: periods.map((period, i) => ({ ...period, records: inPeriods[i]! })),
    marks: each(recurring),
    unmarked: each((kind) => records - (marked.get(kind) ?? 0)),
    cameBack: await readComeBacks(db, filter),
  }
}

const ACTIONS = 300
const MOST = 50
const CAUSES = ['class', 'trigger', 'factor'] as const

async function readComeBacks(db: Reader, filter: RecordFilter): Promise<ComeBack[]> {
  const actions = await closedActions(db, filter, ACTIONS)
  const ids = [...new Set(actions.map(({ recordId }) => recordId))]
  const firsts = new Map((await readRecords(db, ids)).map((record) => [record.id, record]))
  const found: ComeBack[] = []
  const told = new Set<string>()
  // The failure class says it best: what it tells is not told again by the trigger or a factor.
  for (const kind of CAUSES) {
    const values = new Set(
      [...firsts.values()].flatMap(({ marks }) =>
        marks.filter((mark) => mark.kind === kind).map(({ value }) => value),
      ),
    )
    const marked = await recordsMarked(db, kind, [...values])
    const services = await servicesOf(
      db,
      marked.map(({ id }) => id),
    )
    const all = marked.map((one) => ({ ...one, services: services.get(one.id) ?? [] }))
    const byValue = Map.groupBy(all, ({ value }) => value)
    for (const action of actions) {
      const record = firsts.get(action.recordId)
      for (const { value } of record?.marks.filter((mark) => mark.kind === kind) ?? []) {
        const first = {
          ...record!,
          services: services.get(record!.id) ?? [],
        }
        const again = cameBackAfter(first, action.at, byValue.get(value) ?? [], kind).filter(
          ({ id }) => !told.has(`${action.id} ${id}`),
        )
        if (again.length === 0) continue
        for (const { id } of again) told.add(`${action.id} ${id}`)
        found.push({ kind, value, action, first, again })
      }
    }
  }
  const newest = ({ again }: ComeBack) => again.at(-1)!.happenedAt
  return found
    .toSorted((a, b) => newest(b) - newest(a) || (a.action.id < b.action.id ? 1 : -1))
    .slice(0, MOST)
}
