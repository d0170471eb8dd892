import { findService, listServices } from '../catalog/index.ts'
import * as contract from '../contract/learning.ts'
import { incidentTimes } from '../incidents/index.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import {
  findSimilar,
  type Hit,
  judgeRecord,
  type LearningRecord,
  type Mark,
  readRecord,
  readRecurrence,
  readTimes,
  searchEverything,
} from '../postmortems/index.ts'
import { FAILURE_CLASSES, findFailureClass } from '../proofs/index.ts'
import type { Reader } from '../store/store.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, millisOr, staleCursor } from './presenting.ts'

const classTitle = (id: string): string => findFailureClass(id)?.title ?? id

const titlesOf = (list: readonly { id: string; title: string }[]) => {
  const titles = new Map(list.map(({ id, title }) => [id, title]))
  return (id: string) => titles.get(id) ?? id
}
const TITLES = {
  class: classTitle,
  trigger: titlesOf(contract.TRIGGERS),
  factor: titlesOf(contract.FACTORS),
  detection: titlesOf(contract.DETECTED_BY),
}

/** Search over everything written, and what is learned from it. */
export const learningRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.readVocabulary, async () => ({
    classes: FAILURE_CLASSES.map(({ id, title }) => ({ id, title })),
    triggers: [...contract.TRIGGERS],
    factors: [...contract.FACTORS],
    detectedBy: [...contract.DETECTED_BY],
  }))
  bind(contract.search, async ({ actor, query: { q, cursor, limit, ...rest } }) => {
    const offset = cursor === undefined ? 0 : readOffset(cursor)
    const { from, to, ...filter } = rest
    const found = await searchEverything(world, actor, {
      ...{ text: q, limit, offset },
      ...filter,
      ...timesOf({ from, to }),
    })
    const seen = offset + found.hits.length
    return {
      items: found.hits.map(hitView),
      next: found.hits.length > 0 && seen < found.total ? String(seen) : null,
      total: found.total,
      understood: found.understood,
    }
  })
  bind(contract.readRecord, async ({ actor, params }) =>
    recordView(db, await readRecord(world, actor, params.id)),
  )
  bind(contract.judgeRecord, async ({ actor, params, body }) => {
    const { reportedAt, ...judgement } = body
    const record = await judgeRecord(world, actor, {
      ...judgement,
      id: params.id,
      ...(reportedAt === undefined ? {} : { reportedAt: millisOr(reportedAt) }),
    })
    return recordView(db, record)
  })
  bind(contract.readSimilar, async ({ actor, params, query }) => {
    const alike = await findSimilar(world, actor, { id: params.id, limit: query.limit, classTitle })
    return {
      items: alike.map(({ record, likeness, why }) => ({
        ...headOf(record),
        severity: record.severity,
        likeness,
        why,
      })),
    }
  })
  bind(contract.readRecurrence, async ({ actor, query: { per, from, to, ...filter } }) => {
    const { records, periods, marks, unmarked, cameBack } = await readRecurrence(world, actor, {
      ...{ per, ...filter },
      ...timesOf({ from, to }),
    })
    const services = new Map((await listServices(db, { removed: true })).map(({ id, name }) => [id, name]))
    const titled = (list: (typeof marks)['class'], title: (id: string) => string) =>
      list.map(({ value, count, counts }) => ({ id: value, title: title(value), count, counts }))
    return {
      records,
      periods: periods.map(({ name, from, records }) => ({ name, from: iso(from), records })),
      classes: titled(marks.class, TITLES.class),
      triggers: titled(marks.trigger, TITLES.trigger),
      factors: titled(marks.factor, TITLES.factor),
      services: titled(marks.service, (id) => services.get(id) ?? id),
      unknown: { classes: unmarked.class, triggers: unmarked.trigger, factors: unmarked.factor },
      cameBack: cameBack.map(({ kind, value, action, first, again }) => ({
        ...{ kind, id: value, title: TITLES[kind](value) },
        action: { id: action.id, title: action.title, closed: action.closed, at: iso(action.at) },
        first: headOf(first),
        again: again.map((one) => ({ ...headOf(one), services: [...one.services] })),
      })),
    }
  })
  bind(contract.readTimes, async ({ actor, query: { from, to, ...filter } }) => {
    const { records, metrics, detection } = await readTimes(world, actor, {
      ...filter,
      ...timesOf({ from, to }),
    })
    return {
      records: records.map(({ happenedAt, ...one }) => ({ ...one, at: iso(happenedAt) })),
      metrics,
      detection,
    }
  })
}

// The place of a page: how many came before it.
function readOffset(cursor: string): number {
  if (!/^\d{1,7}$/.test(cursor)) throw staleCursor()
  return Number(cursor)
}

function timesOf({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  return {
    ...(from === undefined ? {} : { from: millis(from) }),
    ...(to === undefined ? {} : { to: millis(to) }),
  }
}

function hitView(hit: Hit): contract.SearchHit {
  return {
    kind: hit.kind,
    id: hit.ref,
    title: hit.title,
    snippet: hit.snippet,
    at: iso(hit.at),
    incidentId: hit.incidentId,
    postmortemId: hit.postmortemId,
    of: hit.recordTitle,
    severity: hit.severity,
    serviceIds: hit.serviceIds,
  }
}

type Headed = Pick<LearningRecord, 'id' | 'title' | 'incidentId' | 'postmortemId' | 'happenedAt'>

function headOf({ id, title, incidentId, postmortemId, happenedAt }: Headed) {
  return { id, title, incidentId, postmortemId, at: iso(happenedAt) }
}

async function recordView(db: Reader, record: LearningRecord): Promise<contract.LearningRecord> {
  const marks = (kind: Mark['kind'], title: (id: string) => string) =>
    record.marks
      .filter((mark) => mark.kind === kind)
      .map(({ value, origin, because }) => ({ id: value, title: title(value), origin, because }))
  const services = marks('service', (id) => id)
  for (const service of services) service.title = (await findService(db, service.id))?.name ?? service.id
  const { metrics } = incidentTimes({
    ...record,
    declaredAt: record.declaredAt ?? record.happenedAt,
    alerts: record.firstAlertAt === null ? [] : [{ openedAt: record.firstAlertAt }],
  })
  const by = record.detectedBy
  return {
    ...headOf(record),
    severity: record.severity,
    classes: marks('class', TITLES.class),
    triggers: marks('trigger', TITLES.trigger),
    factors: marks('factor', TITLES.factor),
    services,
    detectedBy: by && {
      id: by.value,
      title: TITLES.detection(by.value),
      origin: by.origin,
      because: by.because,
    },
    reportedAt: isoOrNull(record.reportedAt),
    metrics: metrics.map(({ name, ms, formula, status }) => ({ name, ms, formula, status })),
  }
}
