import { TRAITS } from '../../catalog/index.ts'
import type * as contract from '../../contract/cases.ts'
import type { Millis } from '../../kit/clock.ts'
import { notFound } from '../../kit/errors.ts'
import type { Reader } from '../../store/store.ts'
import { type SurveyedService, survey } from '../blindspots/survey.ts'
import { type Drill, listDrills } from '../drill.rows.ts'
import { findFailureClass } from '../failure-class.ts'
import { faultNamed } from '../sees-faults.ts'
import type { ServicePlan } from './adopt-case.ts'
import type { CaseConfig, IncidentCase } from './case.ts'
import { findCase, listCases } from './find-case.ts'

/** Cases with the services that they could strike: those that people wrote, then those that come with Tocsin. */
export async function viewCases(
  db: Reader,
  now: Millis,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ items: contract.IncidentCase[]; next: string | null }> {
  const cases = await listCases(db)
  const from = cursor === undefined ? 0 : cases.findIndex(({ id }) => id === cursor) + 1
  const shown = cases.slice(from, from + limit)
  const surveyed = await survey(db, now)
  const drills = await listDrills(db, { kind: 'case', limit: 10_000 })
  const next = from + limit < cases.length ? shown.at(-1)!.id : null
  return { items: shown.map((one) => caseView(one, surveyed, drills)), next }
}

/** One case; throws `not-found`. */
export async function viewCase(db: Reader, now: Millis, id: string): Promise<contract.IncidentCase> {
  const incident = await findCase(db, id)
  if (!incident) throw notFound('case', id)
  return caseView(incident, await survey(db, now), await listDrills(db, { kind: 'case', limit: 10_000 }))
}

function caseView(
  incident: IncidentCase,
  surveyed: readonly SurveyedService[],
  drills: readonly Drill[],
): contract.IncidentCase {
  const { id, title, where, what, lesson, origin, postmortemId, classes, strikes, values, monitors, drill } =
    incident
  return {
    ...{ id, title, what, lesson, origin, postmortemId, drill, services: incident.services },
    where: where ?? null,
    classes: classes.map((one) => ({ id: one, title: findFailureClass(one)!.title })),
    strikes: strikes.map((trait) => ({ trait, title: TRAITS[trait] })),
    exposed: exposedTo(incident, surveyed, drills),
    values: Object.entries(values).map(([key, value]) => ({
      ...{ key, title: value.title, example: value.example, kind: value.kind, optional: value.optional },
    })),
    monitors: Object.entries(monitors).map(([key, { because, sees, needs, settings }]) => ({
      ...{ key, because, needs, settings, kind: String(settings.type) },
      sees: sees.map((fault) => ({ fault, title: faultNamed(fault)?.title ?? fault })),
    })),
    past: pastOf(incident),
  }
}

function pastOf({ past }: CaseConfig): contract.IncidentCase['past'] {
  if (!past) return null
  const { began, noticed, reached = noticed, mended, by, how, had } = past
  return {
    ...{ began, noticed, reached, mended, by, how },
    had: Object.entries(had).map(([key, { because, settings }]) => ({ key, because, settings })),
  }
}

/** The services that have what the case strikes; those that it has struck first. */
function exposedTo(
  { id, strikes, services }: IncidentCase,
  surveyed: readonly SurveyedService[],
  drills: readonly Drill[],
): contract.IncidentCase['exposed'] {
  return surveyed.flatMap(({ service, exposed, monitors }) => {
    const own = new Set(monitors.map((monitor) => monitor.id))
    const drill = drills.find((one) => one.settings.case === id && own.has(one.monitorId))
    const trait = strikes.find((one) => exposed.traits.has(one))
    const struck = services.includes(service.id)
    if (!trait && !struck) return []
    const because = struck ? 'it has struck here' : `it has ${TRAITS[trait!]}`
    return [{ serviceId: service.id, because, drillId: drill?.id ?? null }]
  })
}

/** A plan as others may see it: without what was given in confidence. */
export function planView(plan: ServicePlan, values: CaseConfig['values']): contract.CasePlan {
  const secrets = Object.entries(plan.values).filter(
    ([key, text]) => values[key]?.kind === 'secret' && text !== '',
  )
  const hide = (part: unknown): unknown => {
    if (typeof part === 'string')
      return secrets.reduce((text, [, secret]) => text.replaceAll(secret, '••••'), part)
    if (Array.isArray(part)) return part.map(hide)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, hide(inner)]))
  }
  const hidden = (settings: Record<string, unknown>) => hide(settings) as Record<string, unknown>
  return {
    ...{ serviceId: plan.serviceId, serviceName: plan.serviceName, ready: plan.ready },
    values: hidden(plan.values) as Record<string, string>,
    monitors: plan.monitors.map((one) => ({ ...one, sees: [...one.sees], settings: hidden(one.settings) })),
    drill: plan.drill && { ...plan.drill, settings: hidden(plan.drill.settings) },
  }
}
