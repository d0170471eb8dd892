import type { z } from 'zod'
import type * as contract from '../../contract/cases.ts'
import { CELL_STATES, type CellState } from '../../contract/cases.ts'
import { iso, isoOrNull, type Millis } from '../../kit/clock.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { listCases } from '../cases/find-case.ts'
import { listDrills } from '../drill.rows.ts'
import { FAILURE_CLASSES, findFailureClass } from '../failure-class.ts'
import { FAULTS } from '../faults/registry.ts'
import { mendsFor } from './mends.rules.ts'
import { listJudgements } from './not-applicable.rows.ts'
import { type SurveyedCell, survey } from './survey.ts'

type MapView = z.infer<(typeof contract.readBlindSpots)['answer']>

/** The map: failure classes by services. */
export async function viewBlindSpots(db: Reader, now: Millis, serviceId?: string): Promise<MapView> {
  const surveyed = await survey(db, now, serviceId)
  const counts = Object.fromEntries(CELL_STATES.map((state) => [state, 0])) as Record<CellState, number>
  for (const { cells } of surveyed) for (const { state } of cells) counts[state]++
  return {
    classes: FAILURE_CLASSES.map((one) => ({ ...one })),
    services: surveyed.map(({ service, cells }) => ({
      id: service.id,
      name: service.name,
      owner: service.owner,
      audience: service.audience,
      cells: cells.map(cellView),
    })),
    counts,
  }
}

const cellView = ({ failureClass, state, reason, provedAt }: SurveyedCell): contract.BlindSpotCell => ({
  failureClass,
  state,
  reason,
  provedAt: isoOrNull(provedAt),
})

/** One cell, and what would mend it; throws `not-found`. */
export async function viewBlindSpot(
  db: Reader,
  now: Millis,
  { service: serviceId, failureClass }: { service: string; failureClass: string },
): Promise<contract.BlindSpotDetail> {
  const about = findFailureClass(failureClass)
  if (!about) throw notFound('failure class', failureClass)
  const [surveyed] = await survey(db, now, serviceId)
  if (!surveyed) throw notFound('service', serviceId)
  const cell = surveyed.cells.find((one) => one.failureClass === failureClass)!
  const own = new Set(surveyed.monitors.map(({ id }) => id))
  const all = await listDrills(db, { limit: 10_000 })
  const drills = all.filter(({ monitorId }) => own.has(monitorId))
  const mends = mendsFor(cell, surveyed, {
    cases: await listCases(db),
    drills: drills.map(({ id, kind, monitorId, settings }) => ({
      ...{ id, kind, monitorId },
      caseId: kind === 'case' ? String(settings.case) : null,
      faults: Array.isArray(settings.faults) ? (settings.faults as string[]) : 'all',
      except: (settings.except as string[] | undefined) ?? [],
    })),
    taken: new Set(all.map(({ id }) => id)),
    remedies: new Map(FAULTS.map(({ name, remedy }) => [name, remedy])),
  })
  const judgements = await listJudgements(db, { serviceId, failureClass })
  return {
    ...cellView(cell),
    service: { id: surveyed.service.id, name: surveyed.service.name },
    about: { ...about },
    exposure: cell.exposure,
    faults: cell.faults
      .filter(({ looks, result }) => looks || result !== 'never')
      .map(({ fault, title, monitorId, result, at }) => ({
        fault,
        title,
        monitorId,
        result,
        at: isoOrNull(at),
      })),
    mends,
    judgements: judgements.map(({ applies, reason, by, at }) => ({ applies, reason, by, at: iso(at) })),
  }
}
